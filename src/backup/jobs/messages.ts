/**
 * What crosses between the backup and the thread of a job: the job once, then where it is pinned,
 * then its result or why there is none. Plain data only.
 */
import { assert } from '../../platform/assert.ts';
import type { SnapshotEntry } from '../manifest.ts';
import type { JobErrorCode } from './job-error.ts';

/** Copies a database at one commit into a compressed file in `folder`; also the request log. */
export interface SnapshotJob {
  readonly databasePath: string;
  /** Of `LiveFile`; undefined: SQLite copies, which takes longer. */
  readonly handle?: number | undefined;
  readonly folder: string;
}

/** Builds the database `into`, which must not exist, from a snapshot and the segments behind it. */
export interface BuildJob {
  readonly snapshotPath: string;
  /** In order. */
  readonly segmentPaths: readonly string[];
  readonly into: string;
  /** Commit it must end at; undefined: any. */
  readonly expectSequence: number | undefined;
}

/** Looks into a database, also one that a server works on. */
export interface InspectJob {
  readonly path: string;
  /** Whether to hash all content: about a second per 200 MB, with the commit pinned. */
  readonly hash: boolean;
}

export type Job =
  | ({ readonly kind: 'snapshot' } & SnapshotJob)
  | ({ readonly kind: 'build' } & BuildJob)
  | ({ readonly kind: 'inspect' } & InspectJob);

/**
 * A checked copy of a database, compressed, and what a manifest says of it; the file is the caller's
 * to remove. The request log's has `sequence` 0.
 */
export interface SnapshotFile extends Omit<SnapshotEntry, 'name'> {
  readonly path: string;
}

export interface DatabaseFacts {
  /** `state.database_id`; undefined where there is none. */
  readonly database: string | undefined;
  /** Commit sequence; 0 for the request log. */
  readonly sequence: number;
  /** Migrations applied. */
  readonly schemaVersion: number;
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>;
  /** Over all content, hex: equal when the databases are, whatever their pages look like. */
  readonly contentSha256: string | undefined;
}

export type JobResult =
  | { readonly kind: 'snapshot'; readonly file: SnapshotFile }
  | { readonly kind: 'facts'; readonly facts: DatabaseFacts };

export type JobReport =
  | { readonly kind: 'pinned'; readonly sequence: number }
  | { readonly kind: 'done'; readonly result: JobResult }
  | { readonly kind: 'failed'; readonly code: JobErrorCode; readonly message: string };

/** What a thread was given to do. */
export function parseJob(data: unknown): Job {
  assert(
    typeof data === 'object' && data !== null && 'kind' in data,
    'a job thread is given a job',
  );
  switch (data.kind) {
    case 'snapshot':
      return {
        kind: 'snapshot',
        databasePath: textOf(data, 'databasePath'),
        handle: numberOf(data, 'handle'),
        folder: textOf(data, 'folder'),
      };
    case 'build':
      return {
        kind: 'build',
        snapshotPath: textOf(data, 'snapshotPath'),
        segmentPaths: textsOf(data, 'segmentPaths'),
        into: textOf(data, 'into'),
        expectSequence: numberOf(data, 'expectSequence'),
      };
    case 'inspect':
      return {
        kind: 'inspect',
        path: textOf(data, 'path'),
        hash: Reflect.get(data, 'hash') === true,
      };
    default:
      throw new TypeError(`there is no job ${String(data.kind)}`);
  }
}

function textOf(data: object, key: string): string {
  const value: unknown = Reflect.get(data, key);
  assert(typeof value === 'string', `job: ${key}`);
  return value;
}

function textsOf(data: object, key: string): string[] {
  const value: unknown = Reflect.get(data, key);
  assert(Array.isArray(value), `job: ${key}`);
  return value.map((item: unknown) => {
    assert(typeof item === 'string', `job: ${key}`);
    return item;
  });
}

function numberOf(data: object, key: string): number | undefined {
  const value: unknown = Reflect.get(data, key);
  assert(value === undefined || typeof value === 'number', `job: ${key}`);
  return value;
}
