/**
 * What the main thread and the backup worker say to each other: a method, and its argument and
 * result as JSON text. Both sides are this process and this build.
 */
import type { BackupConfig } from '../platform/backup-config.ts';
import type { SnapshotEntry } from './manifest.ts';
import type { StorageListing } from './operations.ts';
import type { RestoreTarget } from './restore-plan.ts';
import type { BackupStatus, DrillResult } from './status.ts';
import type { Verification } from './verify.ts';

/** What the worker is started with. Its hello is the `StartOutcome`. */
export interface BackupSetup {
  readonly config: BackupConfig;
  readonly databasePath: string;
  readonly logPath: string;
  /** Of the WalGate. */
  readonly gate: SharedArrayBuffer;
  readonly host: string;
  /** Whether the writer of this process has the database open: then it is kept as it is. */
  readonly open: boolean;
}

/** Argument and result of each method. */
export interface BackupMethods {
  /** After the writer has opened the database. */
  readonly begin: { argument: null; result: null };
  readonly snapshot: { argument: null; result: SnapshotEntry };
  readonly status: { argument: null; result: BackupStatus };
  readonly list: { argument: null; result: StorageListing[] };
  readonly verify: { argument: null; result: Verification };
  readonly drill: { argument: null; result: DrillResult };
  /** Builds the database of a position beside the live one. */
  readonly fetch: { argument: RestoreTarget; result: FetchedDraft };
  /** Spools and ships what is left, and spools nothing until `begin`: the writer closes. */
  readonly suspend: { argument: null; result: null };
  /** Puts the fetched database in place of the live one, which is closed. */
  readonly install: { argument: FetchedDraft; result: { setAside: string } };
  readonly finish: { argument: { budgetMs: number }; result: { shipped: boolean } };
}

/** A restored database that is not installed yet. */
export interface FetchedDraft {
  readonly path: string;
  readonly storage: string;
  readonly sequence: number;
  readonly at: number;
  readonly snapshot: string;
  readonly segments: number;
}

export type BackupMethod = keyof BackupMethods;

/** What the worker tells unasked. */
export const NOTICE = { shipped: 'shipped', warning: 'warning', fenced: 'fenced' } as const;

export function encode(value: unknown): readonly [string] {
  return [JSON.stringify(value)];
}
