/**
 * The options of the backup: part of the one table in config.ts. What they mean together is decided
 * in backup-config.ts.
 */
import {
  azureContainer,
  azureShare,
  byteSize,
  connectionString,
  duration,
  folderPath,
  oneOf,
  orOff,
  storageAccount,
  trueOrFalse,
  wholeNumber,
} from './option-kinds.ts';
import type { Option } from './option.ts';

export const BACKUP_OPTIONS = {
  backupFolder: {
    name: 'BACKUP_FOLDER',
    kind: folderPath(),
    default: undefined,
    consequence:
      'Backups are kept in this folder, also a mounted share. It is created when missing; it should not be on the disk of the data. Of several storages a restore asks the folder first, then Azure Files, then Azure Blob.',
  },
  filesAccount: {
    name: 'FILES_BACKUP_ACCOUNT',
    kind: storageAccount(),
    default: undefined,
    consequence:
      'Backups are kept on an Azure Files share of this storage account, by managed identity. Needs `FILES_BACKUP_SHARE`.',
  },
  filesShare: {
    name: 'FILES_BACKUP_SHARE',
    kind: azureShare(),
    default: undefined,
    consequence: 'The share on Azure Files. It must be there.',
  },
  filesConnectionString: {
    name: 'FILES_BACKUP_CONNECTION_STRING',
    kind: connectionString(),
    default: undefined,
    secret: true,
    consequence:
      'In place of `FILES_BACKUP_ACCOUNT`: names the account with its key, where there is no managed identity.',
  },
  blobAccount: {
    name: 'BLOB_BACKUP_ACCOUNT',
    kind: storageAccount(),
    default: undefined,
    consequence:
      'Backups are kept in Azure Blob storage of this account, by managed identity. Needs `BLOB_BACKUP_CONTAINER`.',
  },
  blobContainer: {
    name: 'BLOB_BACKUP_CONTAINER',
    kind: azureContainer(),
    default: undefined,
    consequence: 'The container on Azure Blob.',
  },
  blobConnectionString: {
    name: 'BLOB_BACKUP_CONNECTION_STRING',
    kind: connectionString(),
    default: undefined,
    secret: true,
    consequence:
      'In place of `BLOB_BACKUP_ACCOUNT`: names the account with its key, where there is no managed identity.',
  },
  backupRequired: {
    name: 'BACKUP_REQUIRED',
    kind: trueOrFalse(),
    default: 'false',
    productionDefault: 'true',
    consequence:
      'With `true` the server does not start while a storage cannot be reached: the local disk may hold less than the storage. With `false` it starts, and its log and status say so. Counts when a storage is configured.',
  },
  remoteAhead: {
    name: 'BACKUP_REMOTE_AHEAD',
    kind: oneOf('refuse', 'restore'),
    default: 'refuse',
    consequence:
      'What to do when a storage holds newer data than a local database that is not empty. With `restore` the local file is set aside and the storage wins; with `refuse` somebody decides.',
  },
  acknowledge: {
    name: 'ACK',
    kind: oneOf('local', 'remote'),
    default: 'local',
    consequence:
      'When a write is answered: with `local` once it is on the local disk (a lost machine takes the last `BACKUP_SHIP_INTERVAL`), with `remote` once a storage has it too (nothing is lost, each write waits for the storage).',
  },
  shipInterval: {
    name: 'BACKUP_SHIP_INTERVAL',
    kind: duration('50ms', '1m'),
    default: '1s',
    consequence:
      'How often new commits are sent to the storages, while there are any. What a lost machine takes with it.',
  },
  snapshotInterval: {
    name: 'BACKUP_INTERVAL',
    kind: duration('10s', '1d'),
    default: '5m',
    consequence:
      'How often a whole snapshot is taken when something changed. Shorter makes a restore faster, not more complete.',
  },
  snapshotIntervalMinutes: {
    name: 'BLOB_BACKUP_INTERVAL_MIN',
    kind: wholeNumber(1, 1440),
    default: undefined,
    consequence:
      'The same in minutes, as the earlier SCIMServer had it. Counts when `BACKUP_INTERVAL` is not given.',
  },
  keepDays: {
    name: 'BACKUP_KEEP_DAYS',
    kind: wholeNumber(1, 365),
    default: '7',
    consequence:
      'How many days back a restore reaches, to the second. Of days before the last one snapshot each is kept.',
  },
  keepLast: {
    name: 'BACKUP_KEEP_LAST',
    kind: wholeNumber(1, 10_000),
    default: '20',
    consequence: 'At least so many snapshots are kept, however old.',
  },
  spoolMax: {
    name: 'BACKUP_SPOOL_MAX',
    kind: byteSize('16MB', '1TB'),
    default: '1GB',
    consequence:
      'Disk beside the data that may hold what the storages do not have yet, when they cannot be reached. When it is full the server goes on and begins anew with a snapshot once they can.',
  },
  lease: {
    name: 'BACKUP_LEASE',
    kind: duration('1s', '10m'),
    default: '15s',
    consequence:
      'How long a storage must stand still before a second process believes that the first one is gone. Longer delays the start after a crash on another machine.',
  },
  stopBudget: {
    name: 'BACKUP_STOP_BUDGET',
    kind: duration('1s', '10m'),
    default: '15s',
    consequence:
      'How long a stop may take to send the last commits. After it the exit code says that they were not sent.',
  },
  drillInterval: {
    name: 'BACKUP_DRILL_INTERVAL',
    kind: orOff(duration('1m', '30d')),
    default: '1d',
    consequence:
      'How often the newest backup is restored to a scratch folder and compared with the data.',
  },
  logsInterval: {
    name: 'BACKUP_LOGS_INTERVAL',
    kind: orOff(duration('1m', '30d')),
    default: 'off',
    consequence: 'How often the request log is backed up. It has no part in a restore of the data.',
  },
} as const satisfies Record<string, Option<unknown>>;
