/**
 * Builds a database from a snapshot and the segments that lead on from it, and proves that it is
 * whole: SQLite's own check, and the commit it must end at. The invariant: when it throws, it has
 * left no `into`; when it returns, `into` is on the disk and nothing stands beside it.
 */
import { closeSync, fsync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { readContents, type Contents } from '../../sqlite/contents.ts';
import { integrityProblem, openDetached } from '../../sqlite/copy.ts';
import { removeDatabase } from '../database-files.ts';
import { applySegment } from '../segment.ts';
import { JobError } from './job-error.ts';
import type { BuildJob, DatabaseFacts } from './messages.ts';
import { decompressFile } from './zstd-file.ts';

/** @throws JobError `damaged`, DamagedSegment: one line that names the file */
export async function buildDatabase(job: BuildJob): Promise<DatabaseFacts> {
  const { snapshotPath, segmentPaths, into } = job;
  await decompressFile(snapshotPath, into);
  try {
    for (const path of segmentPaths) applySegment(path, into);
    // The disk works while SQLite checks.
    const synced = syncInBackground(into);
    try {
      return { ...checkBuilt(job), contentSha256: undefined };
    } finally {
      await synced;
    }
  } catch (error) {
    removeDatabase(into);
    throw error;
  }
}

const fsyncInBackground = promisify(fsync);

async function syncInBackground(path: string): Promise<void> {
  const handle = openSync(path, 'r');
  try {
    await fsyncInBackground(handle);
  } finally {
    closeSync(handle);
  }
}

function checkBuilt({ snapshotPath, segmentPaths, into, expectSequence }: BuildJob): Contents {
  const origin = `${snapshotPath} with ${segmentPaths.length} segments`;
  const db = openDetached(into);
  try {
    const problem = integrityProblem(db);
    if (problem !== undefined) {
      throw new JobError('damaged', `${origin} does not pass integrity_check: ${problem}`);
    }
    const contents = readContents(db);
    if (expectSequence !== undefined && contents.sequence !== expectSequence) {
      throw new JobError(
        'damaged',
        `${origin} ends at commit ${contents.sequence} instead of ${expectSequence}`,
      );
    }
    return contents;
  } finally {
    db.close();
  }
}
