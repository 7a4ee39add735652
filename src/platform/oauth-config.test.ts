import t from 'tap';
import { loadConfig } from './config.ts';
import { failure, STRONG } from './test/config-failure.ts';

const PRODUCTION = { NODE_ENV: 'production', SCIM_SHARED_SECRET: STRONG };

t.test('without options there is no client, no secret, no issuer', (t) => {
  t.strictSame(loadConfig({}).oauth, {
    serverClient: undefined,
    tokenLifetimeMs: 3_600_000,
    jwtSecret: undefined,
    issuerHosts: [],
    loopbackIssuers: true,
  });
  t.equal(loadConfig(PRODUCTION).oauth.loopbackIssuers, false);
  t.end();
});

t.test('all of them', (t) => {
  const env = {
    ...PRODUCTION,
    OAUTH_CLIENT_ID: 'client',
    OAUTH_CLIENT_SECRET: STRONG,
    OAUTH_TOKEN_LIFETIME: '6h',
    JWT_SECRET: STRONG,
    OAUTH_ISSUER_HOSTS: 'login.microsoftonline.com, IDP.example:8443,[::1]:99',
  };
  t.strictSame(loadConfig(env).oauth, {
    serverClient: { id: 'client', secret: STRONG },
    tokenLifetimeMs: 21_600_000,
    jwtSecret: STRONG,
    issuerHosts: ['login.microsoftonline.com', 'idp.example:8443', '[::1]:99'],
    loopbackIssuers: false,
  });
  t.end();
});

t.test('half a client stops the start', (t) => {
  const missing = 'is needed beside';
  t.match(failure({ OAUTH_CLIENT_ID: 'x' }), `OAUTH_CLIENT_SECRET: ${missing} OAUTH_CLIENT_ID`);
  t.match(failure({ OAUTH_CLIENT_SECRET: 'x' }), `OAUTH_CLIENT_ID: ${missing} OAUTH_CLIENT_SECRET`);
  t.end();
});

t.test('production refuses weak secrets and never repeats them', (t) => {
  const weak = 'changeme-changeme-changeme-12345678';
  const client = { OAUTH_CLIENT_ID: 'x', OAUTH_CLIENT_SECRET: STRONG };
  for (const name of ['JWT_SECRET', 'OAUTH_CLIENT_SECRET']) {
    const line = failure({ ...PRODUCTION, ...client, [name]: weak });
    t.match(line, `${name}: takes at least 32 characters that nobody can guess`);
    t.notMatch(line, weak);
    t.equal(failure({ ...client, [name]: weak }), 'no error');
  }
  t.match(failure({ JWT_SECRET: 'short' }), 'at least 32 visible ASCII characters');
  t.end();
});

t.test('values of another form are refused', (t) => {
  const wrong = {
    OAUTH_CLIENT_ID: ['a b', 'a:b', 'é', 'x'.repeat(256)],
    OAUTH_CLIENT_SECRET: ['two words', 'é'],
    OAUTH_TOKEN_LIFETIME: ['30m', '7h', '3600'],
    OAUTH_ISSUER_HOSTS: ['https://login.example', 'a,,b', 'a/b', '*.example', 'user@host'],
  };
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) t.match(failure({ [name]: value }), `${name}: takes`, value);
  }
  t.end();
});
