import t from 'tap';
import { BACKUP_OPTIONS } from './backup-options.ts';
import { OPTIONS, loadConfig } from './config.ts';
import { LOG_OPTIONS, LOG_RETENTION } from './log-options.ts';
import { readOauthConfig } from './oauth-config.ts';
import { OAUTH_OPTIONS } from './oauth-options.ts';
import { TLS_OPTIONS } from './tls-config.ts';
import { failure, STRONG } from './test/config-failure.ts';

t.test('nothing set: defaults for a first minute on one machine', (t) => {
  t.strictSame(loadConfig({}), {
    environment: 'development',
    host: '127.0.0.1',
    port: 8080,
    databasePath: './data/scimlane.db',
    sharedSecret: undefined,
    publicUrl: undefined,
    trustProxy: false,
    logLevel: 'info',
    synchronous: 'FULL',
    filterWorkers: 1,
    filterMemory: 160 * 1024 * 1024,
    revision: undefined,
    tls: undefined,
    logRetention: LOG_RETENTION,
    oauth: readOauthConfig({}, false),
    backup: undefined,
  });
  t.end();
});

t.test('every option is read', (t) => {
  const config = loadConfig({
    NODE_ENV: 'production',
    HOST: '::1',
    PORT: '0',
    DATABASE_URL: 'file:///var/lib/scimlane/data.db',
    SCIM_SHARED_SECRET: STRONG,
    PUBLIC_URL: 'https://scim.example.com/base/',
    TRUST_PROXY: 'true',
    LOG_LEVEL: 'warn',
    SCIMLANE_SYNCHRONOUS: 'normal',
    SCIMLANE_FILTER_WORKERS: '4',
    SCIMLANE_FILTER_MEMORY: '1GB',
    LOG_MAX_AGE: '7d',
    LOG_MAX_SIZE: '2GB',
    SCIMLANE_REVISION: '1a2b3c',
    TLS_CERT_FILE: '/etc/tls/tls.crt',
    TLS_KEY_FILE: '/etc/tls/tls.key',
    PATH: '/usr/bin',
  });
  t.strictSame(config, {
    environment: 'production',
    host: '::1',
    port: 0,
    databasePath: '/var/lib/scimlane/data.db',
    sharedSecret: STRONG,
    publicUrl: 'https://scim.example.com/base',
    trustProxy: true,
    logLevel: 'warn',
    synchronous: 'NORMAL',
    filterWorkers: 4,
    filterMemory: 1024 * 1024 * 1024,
    revision: '1a2b3c',
    tls: { certFile: '/etc/tls/tls.crt', keyFile: '/etc/tls/tls.key' },
    logRetention: { ageMaxMs: 7 * 86_400_000, bytesMax: 2 ** 31 },
    oauth: readOauthConfig({}, true),
    backup: undefined,
  });
  const parts = ['tls', 'logRetention', 'backup', 'oauth'];
  const read = Object.keys({
    ...config,
    ...BACKUP_OPTIONS,
    ...LOG_OPTIONS,
    ...OAUTH_OPTIONS,
    ...TLS_OPTIONS,
  });
  t.same(read.filter((key) => !parts.includes(key)).sort(), Object.keys(OPTIONS).sort());
  t.end();
});

t.test('production listens on all addresses unless told otherwise', (t) => {
  const production = { NODE_ENV: 'production', SCIM_SHARED_SECRET: STRONG };
  t.equal(loadConfig(production).host, '0.0.0.0');
  t.equal(loadConfig({ ...production, HOST: '10.0.0.7' }).host, '10.0.0.7');
  t.equal(loadConfig({ NODE_ENV: 'test' }).host, '127.0.0.1');
  t.end();
});

t.test('an empty variable counts as not set', (t) => {
  const empty = Object.fromEntries(Object.values(OPTIONS).map(({ name }) => [name, '']));
  t.strictSame(loadConfig(empty), loadConfig({}));
  t.end();
});

t.test('an error names the variable, what it takes and what it is, in one line', (t) => {
  t.equal(failure({ PORT: 'abc' }), 'PORT: takes a whole number from 0 to 65535, but is "abc"');
  t.equal(
    failure({ NODE_ENV: 'staging' }),
    'NODE_ENV: takes development, production or test, but is "staging"',
  );
  t.equal(failure({ TRUST_PROXY: 'yes' }), 'TRUST_PROXY: takes true or false, but is "yes"');
  t.equal(
    failure({ HOST: 'a\nb' }),
    'HOST: takes an IP address or a host name to listen on, but is "a\\nb"',
  );
  t.end();
});

t.test('the default of every option is of its own kind', (t) => {
  for (const option of Object.values(OPTIONS)) {
    if (option.default === undefined) continue;
    t.not(option.kind.read(option.default), undefined, option.name);
  }
  t.end();
});

t.test('an unknown variable with our prefix is an error with the nearest known name', (t) => {
  const expected: readonly [given: string, meant: string][] = [
    ['SCIM_SHARED_SECRE', 'SCIM_SHARED_SECRET'],
    ['SCIMLANE_SHARED_SECRET', 'SCIM_SHARED_SECRET'],
    ['SCIMLANE_SYNCRONOUS', 'SCIMLANE_SYNCHRONOUS'],
    ['SCIMLANE_PORT', 'PORT'],
    ['SCIM_PUBLIC_URL', 'PUBLIC_URL'],
    ['SCIMLANE_FILTER_WORKER', 'SCIMLANE_FILTER_WORKERS'],
    ['BACKUP_FOLDR', 'BACKUP_FOLDER'],
    ['BACKUP_ACK', 'ACK'],
    ['BACKUP_SHARE', 'FILES_BACKUP_SHARE'],
    ['BACKUP_CONTAINER', 'BLOB_BACKUP_CONTAINER'],
    ['BLOB_BACKUP_ACCOUNTS', 'BLOB_BACKUP_ACCOUNT'],
    ['FILES_BACKUP_ACCOUNTS', 'FILES_BACKUP_ACCOUNT'],
    ['BLOB_BACKUP_INTERVAL', 'BACKUP_INTERVAL'],
    ['SCIMLANE_BACKUP_FOLDER', 'BACKUP_FOLDER'],
  ];
  for (const [given, meant] of expected) {
    t.equal(failure({ [given]: '1' }), `${given}: unknown; did you mean ${meant}?`);
  }
  t.equal(failure({ SCIMLANE_PORT: '' }), 'SCIMLANE_PORT: unknown; did you mean PORT?');
  t.equal(failure({ SCIMLANE_PORT: undefined, SCIMMER: '1', PORTS: '2' }), 'no error');
  t.end();
});

t.test('variables that Kubernetes adds for a service of our name are no mistakes', (t) => {
  const links = {
    SCIMLANE_SERVICE_HOST: '10.96.0.12',
    SCIMLANE_SERVICE_PORT: '8080',
    SCIMLANE_SERVICE_PORT_HTTP: '8080',
    SCIMLANE_PORT: 'tcp://10.96.0.12:8080',
    SCIMLANE_PORT_8080_TCP: 'tcp://10.96.0.12:8080',
    SCIMLANE_PORT_8080_TCP_PROTO: 'tcp',
    SCIMLANE_PORT_8080_TCP_PORT: '8080',
    SCIMLANE_PORT_8080_TCP_ADDR: '10.96.0.12',
    SCIM_API_SERVICE_HOST: '10.96.0.13',
    BACKUP_SERVICE_HOST: '10.96.0.14',
    BACKUP_PORT: 'tcp://10.96.0.14:80',
  };
  t.strictSame(loadConfig(links), loadConfig({}));
  t.end();
});

t.test('a command is not stopped by the secret, which protects a server', (t) => {
  const weak = { NODE_ENV: 'production', SCIM_SHARED_SECRET: 'weak' };
  t.equal(loadConfig(weak, 'command').sharedSecret, 'weak');
  t.equal(loadConfig({ NODE_ENV: 'production' }, 'command').sharedSecret, undefined);
  t.throws(() => loadConfig(weak, 'server'), { message: /^SCIM_SHARED_SECRET: takes/ });
  t.throws(() => loadConfig({ ...weak, PORT: 'x' }, 'command'), { message: /^PORT: takes/ });
  t.end();
});
