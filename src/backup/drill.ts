/**
 * The drill: proves that what the storages hold is this database. It pins the live database at a
 * commit, has exactly this commit shipped, restores it from the storage into a scratch folder, and
 * compares position, row counts and a hash over all content.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../platform/clock.ts';
import { messageOf } from '../platform/thrown.ts';
import { fetchDatabase } from './fetch-database.ts';
import type { DatabaseFacts, Jobs } from './jobs/client.ts';
import { readRemote } from './remote.ts';
import type { DrillResult } from './status.ts';
import type { Storage } from './storage/storage.ts';

export interface DrillParts {
  readonly databasePath: string;
  readonly storage: Storage;
  /** A folder of our own. */
  readonly scratch: string;
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Makes the pinned commit the end of a segment. @returns false when segments go past it already */
  readonly cutAt: (sequence: number) => Promise<boolean>;
  /** Resolves when the commit is stored. @returns false when it does not come to that */
  readonly shipped: (sequence: number) => Promise<boolean>;
  readonly warn: (message: string) => void;
}

/** Between the pin and the cut the spool may run ahead; then the pin is set anew. */
const PIN_ATTEMPTS = 5;

/** Never throws: what went wrong is the result. */
export async function runDrill(parts: DrillParts): Promise<DrillResult> {
  const at = parts.clock.now();
  const { label } = parts.storage;
  const done = (sequence: number, problem: string | undefined): DrillResult => ({
    at: Math.floor(at),
    storage: label,
    ok: problem === undefined,
    sequence,
    durationMs: Math.round(parts.clock.now() - at),
    problem,
  });
  try {
    const live = await pinnedFacts(parts);
    if (live === undefined) return done(0, 'the database changes faster than it can be pinned');
    if (!(await parts.shipped(live.sequence))) {
      return done(live.sequence, `commit ${live.sequence} did not reach ${label} in time`);
    }
    const restored = await restore(parts, live.sequence);
    return done(live.sequence, differenceOf(live, restored));
  } catch (error) {
    return done(0, messageOf(error));
  } finally {
    rmSync(parts.scratch, { recursive: true, force: true });
  }
}

async function pinnedFacts(parts: DrillParts): Promise<DatabaseFacts | undefined> {
  for (let attempt = 0; attempt < PIN_ATTEMPTS; attempt += 1) {
    let cut: Promise<boolean> = Promise.resolve(false);
    const facts = await parts.jobs.inspectDatabase(
      { path: parts.databasePath, hash: true },
      (sequence) => {
        cut = parts.cutAt(sequence);
      },
    );
    if (await cut) return facts;
  }
  return undefined;
}

async function restore(parts: DrillParts, sequence: number): Promise<DatabaseFacts> {
  const { storage, scratch, jobs, signal, warn } = parts;
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  const remote = await readRemote(storage, signal);
  if (remote === undefined) throw new Error(`${storage.label} holds no backup`);
  const into = join(scratch, 'restored.db');
  const download = join(scratch, 'download');
  await fetchDatabase(remote, {
    target: { sequence },
    into,
    scratch: download,
    jobs,
    signal,
    warn,
  });
  return jobs.inspectDatabase({ path: into, hash: true });
}

/** @returns undefined when the two databases are equal */
function differenceOf(live: DatabaseFacts, restored: DatabaseFacts): string | undefined {
  if (live.sequence !== restored.sequence) {
    return `restored to commit ${restored.sequence} instead of ${live.sequence}`;
  }
  for (const [table, rows] of Object.entries(live.rows)) {
    const found = restored.rows[table];
    if (found !== rows) return `table ${table} has ${found ?? 0} rows instead of ${rows}`;
  }
  return live.contentSha256 === restored.contentSha256 ? undefined : 'the content differs';
}
