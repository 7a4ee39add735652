/**
 * Copies a live database at one commit in a fraction of the time that SQLite's own backup takes,
 * because the WAL cannot begin anew meanwhile. The file is copied as it lies there, while checkpoints
 * write to it; then every page whose last version was not in the file when the copy began is written
 * over it, from the WAL. The invariant: behind a pinned reader checkpoints write nothing but versions
 * of the pinned commit and earlier ones, and each of those is among the frames written over.
 * (Read marks and nBackfill of sqlite.org/walformat.html.)
 */
import { closeSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { readSequence } from '../../sqlite/contents.ts';
import { walProgress, type WalProgress } from '../../sqlite/copy.ts';
import { openReader, type Connection } from '../../sqlite/open.ts';
import { isSameFile } from '../live-file.ts';
import { WalChanged, WalFile } from '../wal-scan.ts';
import { writeWhole } from '../write-whole.ts';
import { JobError } from './job-error.ts';

/** Between two of them others have their turn; the copy of 200 MB is 1,600 of them. */
const CHUNK_BYTES = 128 * 1024;
/** A commit comes between two looks only now and then, however many there are. */
const PIN_ATTEMPTS = 1000;

/** Where the WAL stood when a commit was pinned. */
interface LogState extends WalProgress {
  /** Of the WAL's header; undefined where there is no WAL. */
  readonly salts: string | undefined;
}

/**
 * @param live with the handle of `LiveFile`
 * @param to must not exist; what is there at the end is not synced
 * @param onPinned is told the commit
 * @returns the commit
 * @throws JobError
 */
export async function copyLive(
  { path, handle }: { readonly path: string; readonly handle: number },
  to: string,
  onPinned: (sequence: number) => void,
): Promise<number> {
  if (!isSameFile(handle, path)) {
    throw new JobError('failed', `${path} is not the file any more that the server opened`);
  }
  const wal = new WalFile(`${path}-wal`);
  const pinned = openReader(path);
  const beside = openReader(path);
  const target = openSync(to, 'wx');
  try {
    const { sequence, log } = pin(pinned, () => logState(beside, wal));
    onPinned(sequence);
    await copyBytes(handle, target);
    if (log.checkpointed < log.frames) writeOver(target, wal, log);
    return sequence;
  } finally {
    closeSync(target);
    wal.close();
    beside.close();
    pinned.close();
  }
}

/** SQLite does not say how many frames a transaction sees; where nothing changed around its first read, it does. */
function pin(db: Connection, look: () => LogState): { sequence: number; log: LogState } {
  let before = look();
  for (let attempt = 0; attempt < PIN_ATTEMPTS; attempt += 1) {
    db.exec('BEGIN');
    const sequence = readSequence(db);
    const log = look();
    const isStill =
      log.salts === before.salts &&
      log.frames === before.frames &&
      log.checkpointed === before.checkpointed;
    if (isStill) return { sequence, log };
    db.exec('COMMIT');
    before = log;
  }
  throw new JobError('failed', `${db.name}: no commit could be pinned, too many came`);
}

function logState(db: Connection, wal: WalFile): LogState {
  const start = wal.start();
  return {
    ...walProgress(db),
    salts: start === undefined ? undefined : `${start.salt1} ${start.salt2}`,
  };
}

async function copyBytes(source: number, target: number): Promise<void> {
  const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  for (let at = 0; ;) {
    const bytes = readSync(source, chunk, 0, chunk.length, at);
    if (bytes === 0) return;
    writeWhole(target, chunk.subarray(0, bytes), at);
    at += bytes;
    await setImmediate();
  }
}

/** The last versions of the pages that were not in the file yet, and its size. */
function writeOver(target: number, wal: WalFile, { salts, frames, checkpointed }: LogState): void {
  const position = wal.positionBehind(checkpointed);
  if (position === undefined || `${position.salt1} ${position.salt2}` !== salts) {
    throw new WalChanged('the write-ahead log began anew behind a reader that held it');
  }
  const { pages, pageSize, databasePages } = wal.scan(position, { untilFrames: frames });
  const image = Buffer.allocUnsafeSlow(pageSize);
  for (const [page, frame] of pages) {
    wal.readPage(frame, image);
    writeWhole(target, image, (page - 1) * pageSize);
  }
  ftruncateSync(target, databasePages * pageSize);
}
