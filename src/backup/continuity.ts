/**
 * Whether what was spooled leads on to the database that a start finds. Pure. Commits are counted in
 * the write-ahead log from the place where the spool ended, but an edit of the file itself is in no
 * log: so either the file is as the server left it, or the log must be the one that was spooled.
 */
import type { WalSalts } from '../sqlite/wal-format.ts';
import type { WalPosition } from './wal-scan.ts';

/** More than there are between two passes of the spool; of logs made by others, one in 65,536 fits. */
const BEGINNINGS_MAX = 2 ** 16;

/**
 * @param fileHolds whether the database file is as it was recorded
 * @param log what the log begins with; undefined: there is none, or an empty one
 * @param spooled where the spool ended; undefined: not in a log
 * @returns false when somebody may have written what nothing counts
 */
export function leadsOn(
  fileHolds: boolean,
  log: WalSalts | undefined,
  spooled: WalPosition | undefined,
): boolean {
  if (fileHolds) return true;
  if (log === undefined || spooled === undefined) return false;
  return isSameLog(log, spooled) || beganAnewAfter(log, spooled);
}

/** Whether the place lies in this very log. */
export function isSameLog(log: WalSalts, place: WalSalts): boolean {
  return log.salt1 === place.salt1 && log.salt2 === place.salt2;
}

/**
 * Whether this log is the one of the place, begun anew: SQLite adds one to the first salt then (file
 * format §4.1), and draws a random one for a file that it makes. The server lets its log begin anew
 * only when all of it is spooled.
 */
export function beganAnewAfter(log: WalSalts, place: WalSalts): boolean {
  const beginnings = (log.salt1 - place.salt1) >>> 0;
  return beginnings > 0 && beginnings <= BEGINNINGS_MAX;
}
