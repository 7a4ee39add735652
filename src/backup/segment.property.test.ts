/**
 * Whatever a database went through, and wherever its WAL was cut into spans: a copy from before,
 * with the segments applied in order, has the content that the database had at each of the cuts,
 * and is the database itself, page for page, at the end.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import t from 'tap';
import { propertyRuns } from '../../test/support/property-runs.ts';
import type { Connection } from '../sqlite/open.ts';
import { applySegment, writeSegment } from './segment.ts';
import { PinnedDatabase, type DatabaseShape } from './test/pinned-database.ts';
import { WalFile, type WalPosition } from './wal-scan.ts';

type Change =
  | { readonly kind: 'insert'; readonly rows: number; readonly bytes: number }
  | { readonly kind: 'update'; readonly every: number; readonly bytes: number }
  | { readonly kind: 'delete'; readonly every: number }
  | { readonly kind: 'rebuildTable' | 'index' | 'dropIndex' | 'incrementalVacuum' }
  | { readonly kind: 'rolledBack'; readonly changes: readonly Change[] };

type Step =
  | {
      readonly kind: 'transaction';
      readonly changes: readonly Change[];
      readonly end: 'COMMIT' | 'ROLLBACK';
      /** Few: the transaction spills into the WAL before it ends. */
      readonly cachePages: number;
    }
  | { readonly kind: 'vacuum' | 'checkpoint' | 'reopen' }
  | { readonly kind: 'spool'; readonly maxCommits: number; readonly untilFrames: boolean }
  | { readonly kind: 'emptyWal'; readonly mode: 'RESTART' | 'TRUNCATE' };

const SHAPE: fc.Arbitrary<DatabaseShape> = fc.record({
  pageSize: fc.constantFrom(512, 1024, 4096, 4096, 65_536),
  autoVacuum: fc.constantFrom('NONE', 'FULL', 'INCREMENTAL'),
});

const BYTES = fc.oneof(fc.nat(300), fc.nat(20_000));
const PLAIN_CHANGE: fc.Arbitrary<Change> = fc.oneof(
  { weight: 4, arbitrary: kind('insert', { rows: fc.integer({ min: 1, max: 30 }), bytes: BYTES }) },
  { weight: 2, arbitrary: kind('update', { every: fc.integer({ min: 1, max: 7 }), bytes: BYTES }) },
  { weight: 2, arbitrary: kind('delete', { every: fc.integer({ min: 1, max: 3 }) }) },
  fc.constantFrom<Change>(
    { kind: 'rebuildTable' },
    { kind: 'index' },
    { kind: 'dropIndex' },
    { kind: 'incrementalVacuum' },
  ),
);
const CHANGE = fc.oneof(
  { weight: 6, arbitrary: PLAIN_CHANGE },
  kind('rolledBack', { changes: fc.array(PLAIN_CHANGE, { minLength: 1, maxLength: 3 }) }),
);
const STEP: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: kind('transaction', {
      changes: fc.array(CHANGE, { maxLength: 5 }),
      end: fc.constantFrom('COMMIT', 'COMMIT', 'COMMIT', 'ROLLBACK'),
      cachePages: fc.constantFrom(10, 10, 1000),
    }),
  },
  { weight: 1, arbitrary: kind('vacuum', {}) },
  { weight: 2, arbitrary: kind('checkpoint', {}) },
  { weight: 1, arbitrary: kind('reopen', {}) },
  {
    weight: 4,
    arbitrary: kind('spool', {
      maxCommits: fc.integer({ min: 1, max: 6 }),
      untilFrames: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: kind('emptyWal', { mode: fc.constantFrom('RESTART', 'TRUNCATE') }) },
);

const SPOOL: Step = { kind: 'spool', maxCommits: 10, untilFrames: true };
/** So that no run is without free pages and a file that gets shorter. */
const GROWN_AND_SHRUNK: Step[] = [
  transaction({ kind: 'insert', rows: 30, bytes: 20_000 }),
  SPOOL,
  transaction({ kind: 'delete', every: 1 }),
  SPOOL,
  { kind: 'vacuum' },
  SPOOL,
  transaction({ kind: 'insert', rows: 30, bytes: 20_000 }),
  transaction({ kind: 'delete', every: 1 }),
];

function transaction(change: Change): Step {
  return { kind: 'transaction', changes: [change], end: 'COMMIT', cachePages: 10 };
}

function kind<K extends string, F extends object>(
  kind: K,
  fields: { [Name in keyof F]: fc.Arbitrary<F[Name]> },
): fc.Arbitrary<F & { kind: K }> {
  return fc.record(fields).map((value) => ({ ...(value as F), kind }));
}

/** A live database, and the segments that were made of its WAL so far. */
class Spooled {
  readonly data: PinnedDatabase;
  readonly segments: { readonly path: string; readonly commits: number }[] = [];
  /** Content after each number of commits. */
  readonly contents: string[] = [];
  readonly #wal: WalFile;
  #position: WalPosition | undefined;
  #spooled = 0;
  #value = 0;

  constructor(folder: string, shape: DatabaseShape) {
    this.data = new PinnedDatabase(folder, shape);
    this.#wal = new WalFile(this.data.walPath);
    this.#committed();
  }

  take(step: Step): void {
    const { data } = this;
    if (step.kind === 'transaction') this.#transaction(step);
    else if (step.kind === 'checkpoint') data.checkpoint();
    else if (step.kind === 'spool') this.#spool(step.maxCommits, step.untilFrames);
    else if (step.kind === 'vacuum') {
      data.db.exec('VACUUM');
      this.#committed();
    } else {
      this.spoolAll();
      if (step.kind === 'emptyWal') data.emptyWal(step.mode);
      else data.reopen();
    }
  }

  spoolAll(): void {
    while (this.#spooled < this.contents.length - 1) this.#spool(Infinity, true);
  }

  close(): void {
    this.#wal.close();
    this.data.close();
  }

  #transaction(step: Step & { kind: 'transaction' }): void {
    const { db } = this.data;
    db.pragma(`cache_size = ${step.cachePages}`);
    db.pragma(`cache_spill = ${step.cachePages}`);
    db.exec('BEGIN IMMEDIATE');
    // So that each transaction writes.
    db.exec(`PRAGMA user_version = ${(this.#value += 1)}`);
    for (const change of step.changes) this.#change(db, change);
    db.exec(step.end);
    if (step.end === 'COMMIT') this.#committed();
  }

  #change(db: Connection, change: Change): void {
    if (change.kind === 'insert') {
      const insert = db.prepare('INSERT INTO t (b) VALUES (?)');
      for (let row = 0; row < change.rows; row += 1) insert.run(this.#blob(change.bytes));
    } else if (change.kind === 'update') {
      db.prepare('UPDATE t SET b = ? WHERE a % ? = 0').run(this.#blob(change.bytes), change.every);
    } else if (change.kind === 'delete') {
      db.prepare('DELETE FROM t WHERE a % ? = 0').run(change.every);
    } else if (change.kind === 'rolledBack') {
      db.exec('SAVEPOINT s');
      for (const inner of change.changes) this.#change(db, inner);
      db.exec('ROLLBACK TO s; RELEASE s');
    } else if (change.kind === 'rebuildTable') {
      db.exec('CREATE TABLE u (a INTEGER PRIMARY KEY, b BLOB); INSERT INTO u SELECT * FROM t');
      db.exec('DROP TABLE t; ALTER TABLE u RENAME TO t');
    } else if (change.kind === 'index') db.exec('CREATE INDEX IF NOT EXISTS i ON t (b)');
    else if (change.kind === 'dropIndex') db.exec('DROP INDEX IF EXISTS i');
    else db.pragma('incremental_vacuum');
  }

  #blob(bytes: number): Buffer {
    return Buffer.alloc(bytes, `${(this.#value += 1)} `);
  }

  #committed(): void {
    this.contents.push(contentOf(this.data.db));
  }

  #spool(maxCommits: number, untilFrames: boolean): void {
    const start = this.#wal.start();
    if (start === undefined || this.#spooled === this.contents.length - 1) return;
    const goesOn = this.#position?.salt1 === start.salt1 && this.#position.salt2 === start.salt2;
    const span = this.#wal.scan(goesOn && this.#position ? this.#position : start, {
      maxCommits,
      ...(untilFrames && { untilFrames: this.data.frames }),
    });
    const path = `${this.data.path}.${this.segments.length}`;
    writeSegment(this.#wal, span, path);
    this.#position = span.end;
    this.#spooled += span.commits;
    this.segments.push({ path, commits: this.#spooled });
  }
}

function contentOf(db: Connection): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify(db.prepare('SELECT type, name, sql FROM sqlite_schema').all()));
  hash.update(String(db.pragma('user_version', { simple: true })));
  for (const [a, b] of db.prepare<[], [number, Buffer]>('SELECT a, b FROM t').raw().iterate()) {
    hash.update(`${a}:${b.length}:`).update(b);
  }
  return hash.digest('hex');
}

/** Content of a copy, which must be intact. */
function contentOfFile(path: string): string {
  const db = new Database(path);
  try {
    const check = db.pragma('integrity_check', { simple: true });
    return check === 'ok' ? contentOf(db) : String(check);
  } finally {
    db.close();
  }
}

/** Pages that differ, but for free ones: what is in those is nobody's, and SQLite may not write it. */
function differingPages(left: Buffer, right: Buffer, pageSize: number): number[] {
  const free = freePages(left, pageSize);
  const differing: number[] = [];
  for (let page = 1; (page - 1) * pageSize < Math.max(left.length, right.length); page += 1) {
    const at = (page - 1) * pageSize;
    const same = left.subarray(at, at + pageSize).equals(right.subarray(at, at + pageSize));
    if (!same && !free.has(page)) differing.push(page);
  }
  return differing;
}

/** The leaves of the freelist (fileformat2, section 1.5). */
function freePages(file: Buffer, pageSize: number): Set<number> {
  const free = new Set<number>();
  for (let trunk = file.readUInt32BE(32); trunk !== 0;) {
    const at = (trunk - 1) * pageSize;
    const leaves = file.readUInt32BE(at + 4);
    for (let leaf = 0; leaf < leaves; leaf += 1) free.add(file.readUInt32BE(at + 8 + leaf * 4));
    trunk = file.readUInt32BE(at);
  }
  return free;
}

t.test('a base and its segments are the database, at each cut and at the end', async (t) => {
  const root = t.testdir();
  let runs = 0;
  const seen = { segments: 0, freePages: 0, shrunk: 0 };
  fc.assert(
    fc.property(SHAPE, fc.array(STEP, { minLength: 4, maxLength: 30 }), (shape, steps) => {
      const folder = `${root}/${(runs += 1)}`;
      mkdirSync(folder);
      const spooled = new Spooled(folder, shape);
      try {
        for (const step of steps) spooled.take(step);
        spooled.spoolAll();
      } finally {
        spooled.close();
      }
      const { data, segments, contents } = spooled;
      const restored = `${folder}/restored.db`;
      copyFileSync(data.base, restored);
      for (const { path, commits } of segments) {
        const before = readFileSync(restored).length;
        applySegment(path, restored);
        if (readFileSync(restored).length < before) seen.shrunk += 1;
        if (contentOfFile(restored) !== contents[commits]) {
          throw new Error(`${path}: not the content after ${commits} commits`);
        }
      }
      seen.segments += segments.length;
      const [live, copy] = [readFileSync(data.path), readFileSync(restored)];
      seen.freePages += freePages(live, shape.pageSize).size;
      const differing = differingPages(live, copy, shape.pageSize);
      if (differing.length > 0) throw new Error(`pages ${differing.join(', ')} differ`);
    }),
    {
      ...propertyRuns(t, { seed: 1, numRuns: 50 }),
      examples: [[{ pageSize: 4096, autoVacuum: 'NONE' }, GROWN_AND_SHRUNK]],
    },
  );
  t.comment(JSON.stringify(seen));
  t.ok(
    seen.segments > 50 && seen.freePages > 0 && seen.shrunk > 0,
    'the steps reach what they aim at',
  );
});
