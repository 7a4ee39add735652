/**
 * Takes a snapshot: pins a commit, copies its pages, lets go of the pin, and only then checks,
 * hashes and compresses the copy. The invariant: what it returns was read back whole by SQLite's own
 * check, and holds the commit that was pinned.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readContents, readSequence, type Contents } from '../../sqlite/contents.ts';
import { copyPages, integrityProblem, openDetached } from '../../sqlite/copy.ts';
import { openReader } from '../../sqlite/open.ts';
import { removeDatabase, syncPath } from '../database-files.ts';
import { copyLive } from './copy-live.ts';
import { JobError } from './job-error.ts';
import type { JobHost } from './job-host.ts';
import type { SnapshotFile, SnapshotJob } from './messages.ts';
import { yieldingCores } from './yielding.ts';
import { compressFile } from './zstd-file.ts';

interface Pin {
  readonly sequence: number;
  readonly takenAt: number;
}

/**
 * @param job its folder is made when it is missing; what an earlier, interrupted run left there
 *   under the names used here is replaced
 * @throws JobError `damaged` when the copy does not pass SQLite's check
 */
export async function takeSnapshot(job: SnapshotJob, host: JobHost): Promise<SnapshotFile> {
  mkdirSync(job.folder, { recursive: true });
  const copy = join(job.folder, 'copy.db');
  removeDatabase(copy);
  try {
    const { sequence, takenAt } = await copyPinned(job, copy, host);
    await host.onUnpinned();
    const { schemaVersion, rows } = checkCopy(copy, sequence, job.databasePath);
    const path = join(job.folder, `snapshot-${sequence}.db.zst`);
    rmSync(path, { force: true });
    const { bytes, sha256, sourceBytes, sourceSha256 } = await compressFile(
      copy,
      path,
      yieldingCores(),
    );
    syncPath(job.folder);
    return {
      path,
      sequence,
      takenAt,
      bytes,
      sha256,
      databaseBytes: sourceBytes,
      databaseSha256: sourceSha256,
      schemaVersion,
      rows,
    };
  } finally {
    removeDatabase(copy);
  }
}

async function copyPinned(job: SnapshotJob, to: string, host: JobHost): Promise<Pin> {
  let takenAt = 0;
  const onPinned = (sequence: number): void => {
    takenAt = Math.floor(host.clock.now());
    host.onPinned(sequence);
  };
  const { databasePath, handle } = job;
  const sequence =
    handle === undefined
      ? await copyBySqlite(databasePath, to, onPinned)
      : await copyLive({ path: databasePath, handle }, to, onPinned);
  return { sequence, takenAt };
}

async function copyBySqlite(
  from: string,
  to: string,
  onPinned: (sequence: number) => void,
): Promise<number> {
  const db = openReader(from);
  try {
    // A read transaction begins with its first read: this is the commit that is copied.
    db.exec('BEGIN');
    const sequence = readSequence(db);
    onPinned(sequence);
    await copyPages(db, to);
    return sequence;
  } finally {
    db.close();
  }
}

function checkCopy(copy: string, pinned: number, original: string): Contents {
  const db = openDetached(copy);
  try {
    const problem = integrityProblem(db);
    if (problem !== undefined) {
      throw new JobError(
        'damaged',
        `a copy of ${original} does not pass integrity_check (${problem}): check the database itself, and restore it if it is damaged`,
      );
    }
    const contents = readContents(db);
    if (contents.sequence !== pinned) {
      throw new JobError(
        'damaged',
        `a copy of ${original} holds commit ${contents.sequence}, not ${pinned}, which it was made of`,
      );
    }
    return contents;
  } finally {
    db.close();
  }
}
