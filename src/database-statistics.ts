/**
 * How much there is: resources and memberships by the store, bytes by the files. Counts come from
 * where they are kept, memberships from the filter workers, one endpoint after the other: however
 * many there are, no more than one job waits in the pool. No live file is opened but by SQLite.
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { logPathOf } from './db-worker/log-path.ts';
import type { DatabaseStatistics } from './http/ports.ts';
import type { Clock } from './platform/clock.ts';
import { ScimError } from './scim/errors.ts';
import type { JsonObject } from './scim/json.ts';
import { openReader } from './sqlite/open.ts';
import type { EndpointStats } from './store/results.ts';
import type { Store } from './store/store.ts';

export interface SqliteStatisticsParts {
  readonly store: Pick<Store, 'endpoints' | 'endpointStats'>;
  /** The data file; it exists. */
  readonly databasePath: string;
  /** Undefined: there is none. */
  readonly spoolFolder: string | undefined;
  readonly clock: Clock;
}

export interface DatabaseSizes {
  readonly bytes: number;
  readonly walBytes: number;
  /** Of the request log, its WAL included. */
  readonly logBytes: number;
}

interface Pages {
  readonly bytes: number;
  readonly count: number;
  readonly free: number;
}

interface Sample {
  readonly time: number;
  readonly usedBytes: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export class SqliteStatistics implements DatabaseStatistics {
  readonly #parts: SqliteStatisticsParts;
  readonly #first: Sample;

  /** Looks at the file at once: growth is told from here on. */
  constructor(parts: SqliteStatisticsParts) {
    this.#parts = parts;
    this.#first = this.#sample(readPages(parts.databasePath));
  }

  async read(): Promise<JsonObject> {
    const { databasePath, spoolFolder } = this.#parts;
    const totals = await this.#totals();
    const [sizes, spool] = await Promise.all([
      databaseSizes(databasePath),
      spoolFolder === undefined ? 0 : folderBytes(spoolFolder),
    ]);
    const pages = readPages(databasePath);
    return {
      endpoints: totals.endpoints,
      users: { total: totals.resources['User'] ?? 0 },
      groups: { total: totals.resources['Group'] ?? 0 },
      memberships: totals.memberships,
      resources: totals.resources,
      database: {
        type: 'SQLite',
        path: databasePath,
        bytes: sizes.bytes,
        walBytes: sizes.walBytes,
        logBytes: sizes.logBytes,
        spoolBytes: spool,
        pageSize: pages.bytes,
        pageCount: pages.count,
        freelistCount: pages.free,
        usedBytes: usedBytes(pages),
      },
      growth: growth(this.#first, this.#sample(pages)),
    };
  }

  async #totals(): Promise<{
    endpoints: number;
    resources: Record<string, number>;
    memberships: number;
  }> {
    const { store } = this.#parts;
    const resources: Record<string, number> = {};
    let endpoints = 0;
    let memberships = 0;
    for (const { id } of store.endpoints()) {
      const stats = await statsUnlessGone(store, id);
      if (stats === undefined) continue;
      endpoints += 1;
      memberships += stats.memberships;
      for (const [type, count] of Object.entries(stats.resources)) {
        resources[type] = (resources[type] ?? 0) + count;
      }
    }
    return { endpoints, resources, memberships };
  }

  #sample(pages: Pages): Sample {
    return { time: this.#parts.clock.now(), usedBytes: usedBytes(pages) };
  }
}

/** By the file system alone: cheap enough for every scrape. */
export async function databaseSizes(databasePath: string): Promise<DatabaseSizes> {
  const logPath = logPathOf(databasePath);
  const [bytes, walBytes, log, logWal] = await Promise.all([
    fileBytes(databasePath),
    fileBytes(`${databasePath}-wal`),
    fileBytes(logPath),
    fileBytes(`${logPath}-wal`),
  ]);
  return { bytes, walBytes, logBytes: log + logWal };
}

/** An endpoint may be deleted between the list and its turn. */
async function statsUnlessGone(
  store: Pick<Store, 'endpointStats'>,
  id: string,
): Promise<EndpointStats | undefined> {
  try {
    return await store.endpointStats(id);
  } catch (error) {
    if (error instanceof ScimError && error.status === 404) return undefined;
    throw error;
  }
}

/** Of the newest commit, WAL included. Three numbers of the file's first page: no scan. */
function readPages(path: string): Pages {
  const db = openReader(path);
  try {
    const number = (name: string): number => Number(db.pragma(name, { simple: true }));
    return {
      bytes: number('page_size'),
      count: number('page_count'),
      free: number('freelist_count'),
    };
  } finally {
    db.close();
  }
}

function usedBytes({ bytes, count, free }: Pages): number {
  return (count - free) * bytes;
}

/** Null within the first hour: a burst of minutes says nothing about a day. */
function growth(first: Sample, now: Sample): JsonObject {
  const elapsedMs = now.time - first.time;
  const perDay = ((now.usedBytes - first.usedBytes) / elapsedMs) * DAY_MS;
  return {
    bytesPerDay: elapsedMs < HOUR_MS ? null : Math.round(perDay),
    since: new Date(first.time).toISOString(),
  };
}

/** 0 when it is not there. */
async function fileBytes(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}

async function folderBytes(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(names.map((name) => fileBytes(join(folder, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}
