/**
 * Versions of resources are drawn from the change sequence. A restore at a start goes on with that of
 * the restored commit, and commits behind it may be lost: what a client was given as the version of a
 * lost write must never be given to another. So the sequence is raised before anybody writes, in a
 * commit that is shipped like any other.
 */
import { assert } from '../platform/assert.ts';
import { openWriter } from '../sqlite/open.ts';
import { raiseChangeSequence } from '../sqlite/tables/state.ts';
import { writeSegment } from './segment.ts';
import { WalFile } from './wal-scan.ts';

/**
 * More changes than a lost disk can take with it: forty minutes of the writer at its full speed, four
 * weeks at forty a second; and few enough for ninety million restores, until numbers are not exact.
 */
export const CHANGE_JUMP = 100_000_000;

/**
 * @param databasePath of a database that stands alone, which nobody has open; so it does afterwards
 * @param segmentPath where to write the commit as a segment
 * @returns size and hash of the segment
 */
export function raiseVersions(
  databasePath: string,
  segmentPath: string,
): { bytes: number; sha256: string } {
  // Installing brings the file to the disk; until then a kill only means another restore.
  const db = openWriter(databasePath, { synchronous: 'NORMAL' });
  const wal = new WalFile(`${databasePath}-wal`);
  try {
    raiseChangeSequence(db, CHANGE_JUMP);
    const start = wal.start();
    assert(start !== undefined, 'a commit is in the write-ahead log');
    const span = wal.scan(start);
    assert(span.commits === 1, 'the versions are raised in one commit');
    const segment = writeSegment(wal, span, segmentPath);
    db.pragma('wal_checkpoint(TRUNCATE)');
    return segment;
  } finally {
    wal.close();
    db.close();
  }
}
