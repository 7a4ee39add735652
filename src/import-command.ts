/**
 * Composition of an import: the foreign file, and a store opened as a server opens it, with its lock,
 * its lease and its backups, so that what was imported is shipped before the command ends, or is told not to be. A dry run
 * is the same on a scratch copy of the database, which is gone afterwards.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  realpathSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ImportRequest } from './cli/import-arguments.ts';
import type { ImportResult } from './cli/import-report.ts';
import { logPathOf } from './db-worker/log-path.ts';
import { importDatabase, type ImportOutcome } from './import/import-database.ts';
import type { OnProgress } from './import/options.ts';
import { launchBackup } from './launched-backup.ts';
import { launchWriter } from './launched-writer.ts';
import { type OpenedStore, openStore } from './open-store.ts';
import { systemClock } from './platform/clock.ts';
import type { Config } from './platform/config.ts';
import { checkDataFolder } from './platform/data-folder.ts';
import { LIMITS } from './platform/limits.ts';
import { hashSecret } from './platform/secret-hash.ts';
import { copyPages } from './sqlite/copy.ts';
import { isBusy } from './sqlite/error-code.ts';
import { lockDataFile } from './sqlite/lock.ts';
import { hasLogRows } from './sqlite/log-reader.ts';
import { openReader } from './sqlite/open.ts';
import { ScimServerFile } from './sqlite/scimserver/file.ts';

const PATCH_LIMITS = {
  maxLength: LIMITS.filterLength,
  maxDepth: LIMITS.filterDepth,
  maxNodes: LIMITS.filterNodes,
  maxOperations: LIMITS.patchOperations,
};

/** @throws Error in one line, when nothing could be begun or the store cannot go on */
export async function importInto(
  config: Config,
  request: ImportRequest,
  onProgress: OnProgress,
  warn: (message: string) => void,
): Promise<ImportResult> {
  const startMs = systemClock.now();
  refuseSameFile(request.file, config.databasePath);
  if (!request.dryRun) prepareFolder(config, warn);
  const beside = dirname(config.databasePath);
  const scratch = mkdtempSync(join(existsSync(beside) ? beside : tmpdir(), 'scimlane-import-'));
  try {
    const source = await ScimServerFile.open(request.file, scratch);
    try {
      const logsLeft = request.logs ? whyLogsAreLeft(logPathOf(config.databasePath)) : undefined;
      const target = request.dryRun ? await scratchConfig(config, scratch) : config;
      const takesLogs = request.logs && logsLeft === undefined;
      const outcome = await importFrom(
        source,
        target,
        { ...request, logs: takesLogs },
        onProgress,
        warn,
      );
      const durationMs = Math.round(systemClock.now() - startMs);
      return { ...outcome, copied: source.copied, logsLeft, durationMs };
    } finally {
      source.close();
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function importFrom(
  source: ScimServerFile,
  config: Config,
  request: ImportRequest,
  onProgress: OnProgress,
  warn: (message: string) => void,
): Promise<ImportOutcome & Pick<ImportResult, 'shipped'>> {
  const report = request.report === undefined ? undefined : openReport(request.report);
  const now = Math.floor(systemClock.now());
  const opened = await open(config, warn).catch((error: unknown) => {
    // Nothing was begun: the next try may have the name.
    if (report !== undefined) discard(report);
    throw error;
  });
  let outcome: ImportOutcome;
  try {
    outcome = await importDatabase(
      {
        source,
        store: opened.store,
        hashSecret: request.dryRun ? await hashOnce() : hashSecret,
        patchLimits: PATCH_LIMITS,
        tell: (finding) => {
          if (report !== undefined) writeSync(report.file, `${JSON.stringify(finding)}\n`);
        },
        onProgress,
      },
      {
        overwrite: request.overwrite,
        keepUnknown: request.keepUnknown,
        logsSince: request.logs ? now - config.logRetention.ageMaxMs : undefined,
        now,
      },
    );
  } finally {
    await opened.store.close();
    if (report !== undefined) closeSync(report.file);
    if (!opened.shipped()) {
      warn('not everything was shipped to the backups: the disk must be kept for the next start');
    }
  }
  return { ...outcome, shipped: config.backup && opened.shipped() };
}

function open(config: Config, warn: (message: string) => void): Promise<OpenedStore> {
  const backup = config.backup && launchBackup(config.backup, config.databasePath, warn);
  const events = {
    warning: warn,
    damaged: warn,
    died: (error: Error) => warn(`the writer died: ${error.message}`),
  };
  const writer = launchWriter(config, backup?.gate, events);
  return openStore(config, backup, writer, (error) => warn(error.message));
}

/** The server would find its tables beside those of SCIMServer, and there were no way back. */
function refuseSameFile(file: string, databasePath: string): void {
  if (!existsSync(file) || !existsSync(databasePath)) return;
  if (realpathSync(file) !== realpathSync(databasePath)) return;
  throw new Error(
    `${file} is also the database to import into: set DATABASE_URL to another file (DATABASE_URL=file:./data/scimlane.db)`,
  );
}

/** @throws ConfigError; Error when a server runs on the database */
function prepareFolder({ databasePath, environment }: Config, warn: (message: string) => void) {
  const doubt = checkDataFolder(databasePath, { production: environment === 'production' });
  if (doubt !== undefined) warn(doubt);
  try {
    lockDataFile(databasePath).close();
  } catch (error) {
    const { cause } = error instanceof Error ? error : {};
    if (!isBusy(cause)) throw error;
    throw new Error(
      `a server runs on ${databasePath}: stop it, import, and start it again (--dry-run may run beside it)`,
      { cause: error },
    );
  }
}

/** The same configuration on a copy of the database, without backups. */
async function scratchConfig(config: Config, scratch: string): Promise<Config> {
  const databasePath = join(scratch, 'dry-run.db');
  if (existsSync(config.databasePath)) {
    const reader = openReader(config.databasePath);
    try {
      reader.exec('BEGIN');
      reader.prepare('SELECT count(*) FROM sqlite_schema').get();
      await copyPages(reader, databasePath);
    } finally {
      reader.close();
    }
  }
  return { ...config, databasePath, synchronous: 'NORMAL', backup: undefined };
}

/** A dry run keeps nothing, and to hash each password would take its time for it. */
async function hashOnce(): Promise<() => Promise<string>> {
  const hash = await hashSecret(randomBytes(16).toString('hex'));
  return () => Promise.resolve(hash);
}

/** Rows are kept in the order of their times: older ones have no place behind those that are here. */
function whyLogsAreLeft(logPath: string): string | undefined {
  if (!existsSync(logPath)) return undefined;
  const reader = openReader(logPath);
  try {
    return hasLogRows(reader)
      ? 'the request log here has rows already: POST /scim/admin/logs/clear empties it'
      : undefined;
  } finally {
    reader.close();
  }
}

interface ReportFile {
  readonly path: string;
  readonly file: number;
}

function openReport(path: string): ReportFile {
  try {
    return { path, file: openSync(path, 'wx') };
  } catch (error) {
    throw new Error(`${path} cannot be made (it must not be there yet): ${String(error)}`, {
      cause: error,
    });
  }
}

function discard({ path, file }: ReportFile): void {
  closeSync(file);
  rmSync(path, { force: true });
}
