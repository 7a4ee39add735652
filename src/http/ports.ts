/**
 * What http asks of anyone but the store. `system.ts` hands in who answers; tests hand in stand-ins.
 */
import { ScimError } from '../scim/errors.ts';
import type { JsonObject } from '../scim/json.ts';
import type {
  LogFilter,
  LoggedContent,
  LoggedRequest,
  LogPage,
  LogQuery,
  LogStretch,
  LogTallies,
  OpenRun,
  Run,
  RunChange,
} from '../store/request-logs.ts';
import type { NamedResource, ResourceKey } from '../store/resource-names.ts';

/** Whether requests may be served; behind `/health/ready`. */
export interface Readiness {
  /** Undefined when ready, else one line that says why not. */
  notReadyBecause(): Promise<string | undefined>;
}

/** A clock that a test can set. Milliseconds since 1970, with a fraction. */
export interface Clock {
  now(): number;
}

/** Fresh resource and request ids (UUIDv7). */
export interface IdSource {
  next(): string;
}

/** Where a fault of ours is told, and what an operator should look at; pino has this shape. */
export interface Log {
  error(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/**
 * Backups as an administrator sees them. The objects are the bodies of the answers: http adds
 * nothing. Without any storage `stats` says so, the lists are empty and the rest is refused.
 */
export interface BackupPort {
  /** Mode, position, storages, last errors. */
  stats(): Promise<JsonObject>;

  /** Resolves with the snapshot when it is stored and verified. @throws BackupRefused */
  trigger(): Promise<JsonObject>;

  /** What can be restored from, oldest first. @throws BackupRefused */
  snapshots(): Promise<JsonObject[]>;

  /** The stretches of time to any moment of which one can go back. @throws BackupRefused */
  restorePoints(): Promise<JsonObject[]>;

  /** Reads everything that is stored: `ok`, `problems`, `checkedObjects`. @throws BackupRefused */
  verify(): Promise<JsonObject>;

  /** Replaces the data while the server runs; resolves when it serves again. @throws BackupRefused */
  restore(target: RestoreTarget): Promise<JsonObject>;
}

/** Exactly one of them is given. */
export interface RestoreTarget {
  /** Commit sequence. */
  readonly sequence?: number;
  /** Milliseconds since 1970: the newest commit up to then. */
  readonly time?: number;
}

/**
 * 503: it cannot be done now, or failed. 409: it cannot be done to what was asked for. Nothing was
 * changed unless the message says so.
 */
export class BackupRefused extends ScimError {
  /** @param reason one line that says what to do */
  constructor(reason: string, status: 503 | 409 = 503) {
    super(status, reason);
    this.name = 'BackupRefused';
  }
}

/** How much there is: resources, memberships, bytes. Bounded work per call, none of it on this thread. */
export interface DatabaseStatistics {
  read(): Promise<JsonObject>;
}

/** The request log, read in bounded stretches on this thread. All reject with StoreError `unavailable`. */
export interface RequestLogs {
  /** Those that match, newest first. */
  page(query: LogQuery): Promise<LogPage>;

  request(row: number): Promise<LoggedRequest | undefined>;

  /** Of these rows those that are there, in any order. */
  requestsAt(rows: readonly number[]): Promise<readonly LoggedRequest[]>;

  /** Of each request, what was said in full; undefined where that was not kept. */
  contents(requests: readonly LoggedRequest[]): Promise<(LoggedContent | undefined)[]>;

  /** Removes what was logged up to now: of one endpoint, or with undefined of all. */
  clear(endpointId: string | undefined): Promise<void>;

  /** What was written behind a row, in that order. */
  behind(row: number, limit: number): Promise<LogStretch>;

  /** How many there are of each kind. @param recentSince milliseconds since 1970 */
  tallies(filter: LogFilter, recentSince: number): Promise<LogTallies>;

  /** Of an endpoint, newest first. */
  runs(endpointId: string, limit: number): Promise<readonly Run[]>;

  run(endpointId: string, id: string): Promise<Run | undefined>;

  /** Of all endpoints, those that nobody has ended. */
  openRuns(): Promise<readonly OpenRun[]>;

  /** The next requests of a run, in the order of writing. @param after row of the last that is known */
  ofRun(run: Run, after: number, limit: number): Promise<readonly LoggedRequest[]>;

  /** As the store has it. */
  changeRun(change: RunChange): Promise<Run | undefined>;
}

/** What resources are called now; those that are not there are left out. Rejects with StoreError. */
export interface ResourceNames {
  /** One question, however many there are. */
  of(keys: readonly ResourceKey[]): Promise<readonly NamedResource[]>;
}

/** What a scraper of metrics is shown. */
export interface Metrics {
  /** Of the text, with its version and charset. */
  readonly contentType: string;
  text(): Promise<string>;
}

/** What this process is. The objects are the bodies of the answers; no secret is part of them. */
export interface ProcessFacts {
  /** Versions, since when it runs and where, what is configured. */
  version(): JsonObject;
  /** Every option: its value, or "set", and where that comes from. */
  runtimeConfig(): JsonObject;
}
