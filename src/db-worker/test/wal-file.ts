/** The `-wal` file as a test looks at it from outside: file format §4, by its bytes. */
import { readFileSync } from 'node:fs';

const HEADER_BYTES = 32;
const FRAME_BYTES = 24 + 4096;

/** Frames among the first `frames` that end a transaction. */
export function commitFrames(databasePath: string, frames: number): number {
  const wal = readFileSync(`${databasePath}-wal`);
  let commits = 0;
  for (let frame = 0; frame < frames; frame += 1) {
    // The size of the database after the commit, in pages; 0 in all other frames.
    if (wal.readUInt32BE(HEADER_BYTES + frame * FRAME_BYTES + 4) !== 0) commits += 1;
  }
  return commits;
}

/** Drawn anew each time the WAL begins anew; undefined when the file is empty. */
export function salts(databasePath: string): string | undefined {
  const wal = readFileSync(`${databasePath}-wal`);
  return wal.length < HEADER_BYTES ? undefined : wal.toString('hex', 16, 24);
}
