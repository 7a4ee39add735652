/** Where a result was measured: without this a figure means nothing. */
import { execFileSync } from 'node:child_process';
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, release } from 'node:os';
import { join } from 'node:path';
import { openWriter } from '../src/sqlite/open.ts';
import { pinnedNow, type Pinning } from './pinning.ts';

export interface Environment {
  /** ISO time. */
  readonly startedAt: string;
  readonly revision: string;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  /** Where client and servers are kept apart; null: nothing is pinned. */
  readonly pinned: Pinning | null;
  readonly kernel: string;
  /** Median time of one write with fsync, as SQLite calls it here: what FULL durability pays per commit. */
  readonly diskSyncMs: number;
  /** Of the product's writing connection. */
  readonly pragmas: Readonly<Record<string, string | number>>;
}

export function environment(folder: string): Environment {
  const pinned = pinnedNow();
  return {
    startedAt: new Date().toISOString(),
    revision: revision(),
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    // Of the machine: this process no longer has all of them.
    cores: pinned?.cores ?? availableParallelism(),
    pinned: pinned ?? null,
    kernel: release(),
    diskSyncMs: diskSyncMs(folder),
    pragmas: pragmas(folder),
  };
}

function revision(): string {
  try {
    const head = git('rev-parse', '--short', 'HEAD').trim();
    return git('status', '--porcelain') === '' ? head : `${head}+changes`;
  } catch {
    return 'unknown';
  }
}

function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

const PRAGMAS = [
  'journal_mode',
  'synchronous',
  'page_size',
  'cache_size',
  'mmap_size',
  'wal_autocheckpoint',
  'journal_size_limit',
] as const;

/** As a new data file gets them, opened as the product opens its own. */
function pragmas(folder: string): Record<string, string | number> {
  const path = join(folder, 'pragma-probe.db');
  const db = openWriter(path, { synchronous: 'FULL' });
  try {
    return Object.fromEntries(
      PRAGMAS.map((name) => {
        const value: unknown = db.pragma(name, { simple: true });
        return [name, typeof value === 'number' ? value : String(value)];
      }),
    );
  } finally {
    db.close();
    for (const ending of ['', '-wal', '-shm']) rmSync(path + ending, { force: true });
  }
}

const SYNCS = 100;

function diskSyncMs(folder: string): number {
  const path = join(folder, 'sync-probe');
  const file = openSync(path, 'w');
  const page = Buffer.alloc(4096, 1);
  const timesMs: number[] = [];
  for (let count = 0; count < SYNCS; count += 1) {
    const startedMs = performance.now();
    writeSync(file, page, 0, page.length, count * page.length);
    fsyncSync(file);
    timesMs.push(performance.now() - startedMs);
  }
  closeSync(file);
  rmSync(path);
  timesMs.sort((one, other) => one - other);
  return Math.round((timesMs[SYNCS / 2] ?? 0) * 1000) / 1000;
}
