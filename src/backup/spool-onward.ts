/**
 * What of a database that is lost is still on this disk: segments that wait for the storages, and
 * behind them commits in the write-ahead log that were not spooled yet. A restore goes on with them.
 * Nothing is offered that does not follow, in the same run, on the commit that was asked for.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Clock } from '../platform/clock.ts';
import { Backlog } from './backlog.ts';
import { beganAnewAfter, isSameLog } from './continuity.ts';
import { writeSegment } from './segment.ts';
import type { Spool, SpooledSegment } from './spool.ts';
import { WalChanged, WalFile } from './wal-scan.ts';

export interface OnwardParts {
  readonly spool: Spool;
  /** Of a database that no connection has open. */
  readonly walPath: string;
  readonly clock: Clock;
  readonly warn: (message: string) => void;
}

/**
 * The segments behind a commit, in order and each of them whole; the last one may be made of the log,
 * and is then a draft in the spool's folder. Where one is missing or damaged, those before it.
 * @returns undefined when the spool does not lead on from there
 */
export function segmentsBehind(
  sequence: number,
  { spool, walPath, clock, warn }: OnwardParts,
): SpooledSegment[] | undefined {
  const end = spool.position;
  const backlog = new Backlog(spool);
  if (end === undefined || backlog.beginBehind(sequence) === undefined) return undefined;
  backlog.moveTo({ run: end.run, sequence });
  const segments: SpooledSegment[] = [];
  for (const segment of backlog.nextBatch(Infinity)) {
    if (sha256Of(segment.path) !== segment.sha256) {
      warn(`segment ${segment.path} of the spool is damaged`);
      return segments;
    }
    segments.push(segment);
  }
  const reached = segments.at(-1)?.to ?? sequence;
  const unspooled = reached === end.sequence ? segmentOfLog(spool, walPath, clock) : undefined;
  return unspooled === undefined ? segments : [...segments, unspooled];
}

/**
 * Its frames verify by themselves. That each commit frame is one commit, and none of somebody else,
 * only the database that is built with it can show.
 */
function segmentOfLog(spool: Spool, walPath: string, clock: Clock): SpooledSegment | undefined {
  const end = spool.position;
  const wal = new WalFile(walPath);
  try {
    const start = wal.start();
    if (start === undefined || end?.wal === undefined) return undefined;
    const sameLog = isSameLog(start, end.wal);
    if (!sameLog && !beganAnewAfter(start, end.wal)) return undefined;
    const span = wal.scan(sameLog ? end.wal : start);
    if (span.commits === 0) return undefined;
    const path = spool.draftPath();
    const { bytes, sha256 } = writeSegment(wal, span, path);
    const { run, sequence: from } = end;
    const at = Math.floor(clock.now());
    return { run, from, to: from + span.commits, at, sha256, bytes, path };
  } catch (error) {
    if (error instanceof WalChanged) return undefined;
    throw error;
  } finally {
    wal.close();
  }
}

function sha256Of(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
