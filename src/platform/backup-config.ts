/**
 * What the options of the backup mean together: which storages there are, and that none is half
 * configured. Pure; no storage is asked. An account is named once, or it would be in doubt which
 * one holds the backups.
 */
import { BACKUP_OPTIONS as O } from './backup-options.ts';
import { ConfigError } from './errors.ts';
import { type Environment, type Option, givenValueOf, valueOf } from './option.ts';

/** Of `account` (by managed identity) and `connectionString` exactly one is given. */
export type StorageConfig =
  | { readonly kind: 'folder'; readonly folder: string }
  | {
      readonly kind: 'files';
      readonly account?: string;
      readonly connectionString?: string;
      readonly share: string;
    }
  | {
      readonly kind: 'blob';
      readonly account?: string;
      readonly connectionString?: string;
      readonly container: string;
    };

export interface BackupConfig {
  /** At least one, in the order in which they are trusted: folder, files, blob. */
  readonly storages: readonly StorageConfig[];
  /** Whether the start stops while a storage cannot be reached. */
  readonly required: boolean;
  readonly remoteAhead: 'refuse' | 'restore';
  /** When a write is answered. */
  readonly acknowledge: 'local' | 'remote';
  readonly shipIntervalMs: number;
  readonly snapshotIntervalMs: number;
  readonly keepDays: number;
  readonly keepLast: number;
  readonly spoolBytesMax: number;
  readonly leaseMs: number;
  readonly stopBudgetMs: number;
  /** Undefined: no drills by schedule. */
  readonly drillIntervalMs: number | undefined;
  /** Undefined: the request log is not backed up. */
  readonly logsIntervalMs: number | undefined;
}

/** What to set when there is no storage: for messages. */
export const STORAGE_VARIABLES = `${O.backupFolder.name}, ${O.filesAccount.name} or ${O.blobAccount.name}`;

const MINUTE_MS = 60_000;

/**
 * Undefined: no storage is configured.
 * @throws ConfigError
 */
export function readBackupConfig(env: Environment, production: boolean): BackupConfig | undefined {
  const storages = [...folderOf(env), ...filesOf(env), ...blobOf(env)];
  const acknowledge = valueOf(O.acknowledge, env, production);
  if (storages.length === 0) {
    if (acknowledge === 'remote') throw withoutStorage(O.acknowledge, 'remote');
    if (givenValueOf(O.backupRequired, env) === true)
      throw withoutStorage(O.backupRequired, 'true');
    return undefined;
  }
  return {
    storages,
    required: valueOf(O.backupRequired, env, production),
    remoteAhead: valueOf(O.remoteAhead, env, production),
    acknowledge,
    shipIntervalMs: valueOf(O.shipInterval, env, production),
    snapshotIntervalMs: snapshotIntervalMs(env, production),
    keepDays: valueOf(O.keepDays, env, production),
    keepLast: valueOf(O.keepLast, env, production),
    spoolBytesMax: valueOf(O.spoolMax, env, production),
    leaseMs: valueOf(O.lease, env, production),
    stopBudgetMs: valueOf(O.stopBudget, env, production),
    drillIntervalMs: unlessOff(valueOf(O.drillInterval, env, production)),
    logsIntervalMs: unlessOff(valueOf(O.logsInterval, env, production)),
  };
}

function folderOf(env: Environment): StorageConfig[] {
  const folder = givenValueOf(O.backupFolder, env);
  return folder === undefined ? [] : [{ kind: 'folder', folder }];
}

function filesOf(env: Environment): StorageConfig[] {
  const place = azurePlace(env, O.filesAccount, O.filesConnectionString, O.filesShare);
  if (place === undefined) return [];
  const { credentials, name } = place;
  return [{ kind: 'files', ...credentials, share: name }];
}

function blobOf(env: Environment): StorageConfig[] {
  const place = azurePlace(env, O.blobAccount, O.blobConnectionString, O.blobContainer);
  if (place === undefined) return [];
  const { credentials, name } = place;
  return [{ kind: 'blob', ...credentials, container: name }];
}

interface AzurePlace {
  readonly credentials: { readonly account: string } | { readonly connectionString: string };
  /** Of the share or container. */
  readonly name: string;
}

/** @throws ConfigError that names the missing half, or the one too many */
function azurePlace(
  env: Environment,
  accountOption: Option<string>,
  connectionOption: Option<string>,
  nameOption: Option<string>,
): AzurePlace | undefined {
  const account = givenValueOf(accountOption, env);
  const connectionString = givenValueOf(connectionOption, env);
  const name = givenValueOf(nameOption, env);
  if (account !== undefined && connectionString !== undefined) {
    throw new ConfigError(
      connectionOption.name,
      `names the account, and so does ${accountOption.name}; give one of them`,
    );
  }
  const credentials = account === undefined ? connection(connectionString) : { account };
  if (credentials === undefined) {
    if (name === undefined) return undefined;
    throw missing(accountOption, nameOption);
  }
  if (name === undefined) {
    throw missing(nameOption, account === undefined ? connectionOption : accountOption);
  }
  return { credentials, name };
}

function connection(connectionString: string | undefined): AzurePlace['credentials'] | undefined {
  return connectionString === undefined ? undefined : { connectionString };
}

function missing(absent: Option<string>, present: Option<string>): ConfigError {
  return new ConfigError(
    absent.name,
    `takes ${absent.kind.takes}, but is not set although ${present.name} is`,
  );
}

function withoutStorage({ name }: Option<unknown>, value: string): ConfigError {
  return new ConfigError(name, `is ${value}, but there is no storage: set ${STORAGE_VARIABLES}`);
}

function snapshotIntervalMs(env: Environment, production: boolean): number {
  const given = givenValueOf(O.snapshotInterval, env);
  const minutes = givenValueOf(O.snapshotIntervalMinutes, env);
  if (given !== undefined) return given;
  return minutes === undefined ? valueOf(O.snapshotInterval, env, production) : minutes * MINUTE_MS;
}

function unlessOff(interval: number | 'off'): number | undefined {
  return interval === 'off' ? undefined : interval;
}
