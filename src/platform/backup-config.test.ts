import t from 'tap';
import type { BackupConfig } from './backup-config.ts';
import { type Environment, loadConfig } from './config.ts';
import { failure, STRONG } from './test/config-failure.ts';

const CONNECTION = 'AccountName=abc;AccountKey=c2VjcmV0LWtleQ==';

function backup(env: Environment): BackupConfig {
  const { backup } = loadConfig(env);
  if (backup === undefined) throw new Error('no storage is configured');
  return backup;
}

t.test('a folder is enough, the rest has defaults', (t) => {
  t.strictSame(backup({ BACKUP_FOLDER: './backup' }), {
    storages: [{ kind: 'folder', folder: './backup' }],
    required: false,
    remoteAhead: 'refuse',
    acknowledge: 'local',
    shipIntervalMs: 1000,
    snapshotIntervalMs: 300_000,
    keepDays: 7,
    keepLast: 20,
    spoolBytesMax: 1_073_741_824,
    leaseMs: 15_000,
    stopBudgetMs: 15_000,
    drillIntervalMs: 86_400_000,
    logsIntervalMs: undefined,
  });
  t.end();
});

t.test('every option is read', (t) => {
  const config = backup({
    BACKUP_FOLDER: '/mnt/backup',
    BACKUP_REQUIRED: 'true',
    BACKUP_REMOTE_AHEAD: 'restore',
    ACK: 'remote',
    BACKUP_SHIP_INTERVAL: '250ms',
    BACKUP_INTERVAL: '1h',
    BLOB_BACKUP_INTERVAL_MIN: '7',
    BACKUP_KEEP_DAYS: '30',
    BACKUP_KEEP_LAST: '3',
    BACKUP_SPOOL_MAX: '64MB',
    BACKUP_LEASE: '1m',
    BACKUP_STOP_BUDGET: '5s',
    BACKUP_DRILL_INTERVAL: 'off',
    BACKUP_LOGS_INTERVAL: '6h',
  });
  t.strictSame(config, {
    storages: [{ kind: 'folder', folder: '/mnt/backup' }],
    required: true,
    remoteAhead: 'restore',
    acknowledge: 'remote',
    shipIntervalMs: 250,
    snapshotIntervalMs: 3_600_000,
    keepDays: 30,
    keepLast: 3,
    spoolBytesMax: 67_108_864,
    leaseMs: 60_000,
    stopBudgetMs: 5000,
    drillIntervalMs: undefined,
    logsIntervalMs: 21_600_000,
  });
  t.end();
});

t.test('several storages are trusted in one order, however they are given', (t) => {
  const config = backup({
    BLOB_BACKUP_CONTAINER: 'scim-backups',
    BLOB_BACKUP_ACCOUNT: 'contoso1',
    FILES_BACKUP_CONNECTION_STRING: CONNECTION,
    FILES_BACKUP_SHARE: 'scim',
    BACKUP_FOLDER: 'b',
  });
  t.strictSame(config.storages, [
    { kind: 'folder', folder: 'b' },
    { kind: 'files', connectionString: CONNECTION, share: 'scim' },
    { kind: 'blob', account: 'contoso1', container: 'scim-backups' },
  ]);
  t.end();
});

t.test('the interval of the earlier SCIMServer counts, in minutes', (t) => {
  const blob = { BLOB_BACKUP_ACCOUNT: 'contoso1', BLOB_BACKUP_CONTAINER: 'scim' };
  t.equal(backup({ ...blob, BLOB_BACKUP_INTERVAL_MIN: '7' }).snapshotIntervalMs, 420_000);
  t.equal(backup(blob).snapshotIntervalMs, 300_000);
  t.end();
});

t.test('production asks for its storage, unless told otherwise', (t) => {
  const production = { NODE_ENV: 'production', SCIM_SHARED_SECRET: STRONG, BACKUP_FOLDER: 'b' };
  t.equal(backup(production).required, true);
  t.equal(backup({ ...production, BACKUP_REQUIRED: 'false' }).required, false);
  t.equal(loadConfig({ ...production, BACKUP_FOLDER: '' }).backup, undefined);
  t.end();
});

t.test('half a storage stops the start and names the missing half', (t) => {
  const halves: readonly [env: Environment, missing: string, present: string][] = [
    [{ BLOB_BACKUP_ACCOUNT: 'abc' }, 'BLOB_BACKUP_CONTAINER', 'BLOB_BACKUP_ACCOUNT'],
    [
      { BLOB_BACKUP_CONNECTION_STRING: CONNECTION },
      'BLOB_BACKUP_CONTAINER',
      'BLOB_BACKUP_CONNECTION_STRING',
    ],
    [{ BLOB_BACKUP_CONTAINER: 'abc' }, 'BLOB_BACKUP_ACCOUNT', 'BLOB_BACKUP_CONTAINER'],
    [{ FILES_BACKUP_ACCOUNT: 'abc' }, 'FILES_BACKUP_SHARE', 'FILES_BACKUP_ACCOUNT'],
    [{ FILES_BACKUP_SHARE: 'abc' }, 'FILES_BACKUP_ACCOUNT', 'FILES_BACKUP_SHARE'],
  ];
  for (const [env, missing, present] of halves) {
    const message = failure({ BACKUP_FOLDER: 'b', ...env });
    t.match(
      message,
      new RegExp(`^${missing}: takes the name of .* is not set although ${present} is$`),
    );
  }
  t.end();
});

t.test('an account that is named twice is in doubt', (t) => {
  const message = failure({
    BLOB_BACKUP_ACCOUNT: 'other',
    BLOB_BACKUP_CONNECTION_STRING: CONNECTION,
    BLOB_BACKUP_CONTAINER: 'scim',
  });
  t.equal(
    message,
    'BLOB_BACKUP_CONNECTION_STRING: names the account, and so does BLOB_BACKUP_ACCOUNT; give one of them',
  );
  t.end();
});

t.test('what needs a storage is refused without one', (t) => {
  t.match(
    failure({ ACK: 'remote' }),
    /^ACK: is remote, but there is no storage: set BACKUP_FOLDER/,
  );
  t.match(failure({ BACKUP_REQUIRED: 'true' }), /^BACKUP_REQUIRED: is true, but there is no/);
  t.equal(failure({ ACK: 'local', BACKUP_REQUIRED: 'false', BACKUP_KEEP_DAYS: '3' }), 'no error');
  t.end();
});

t.test('a connection string is never repeated in a message', (t) => {
  const broken = 'AccountName=abc AccountKey=c2VjcmV0LWtleQ==';
  const message = failure({ BLOB_BACKUP_CONNECTION_STRING: broken, BLOB_BACKUP_CONTAINER: 'scim' });
  t.match(message, /^BLOB_BACKUP_CONNECTION_STRING: takes an Azure Storage connection string/);
  t.notMatch(message, /c2Vj/);
  t.end();
});

t.test('a name that Azure does not take stops the start', (t) => {
  const blob = { BLOB_BACKUP_CONTAINER: 'scim' };
  t.match(
    failure({ ...blob, BLOB_BACKUP_ACCOUNT: 'My-Account' }),
    /^BLOB_BACKUP_ACCOUNT: takes .*3 to 24/,
  );
  t.match(failure({ ...blob, BLOB_BACKUP_CONTAINER: 'No' }), /^BLOB_BACKUP_CONTAINER: takes/);
  t.end();
});
