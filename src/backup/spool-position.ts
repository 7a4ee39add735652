/**
 * Where the spool ends, as it is written beside the segments. Checked by hand: the backup reads it
 * before the server listens, and importing TypeBox would cost a start 200 ms.
 */
import type { WalPosition } from './wal-scan.ts';

export interface SpoolPosition {
  readonly database: string;
  readonly run: number;
  /** Commits up to this one are in segments. */
  readonly sequence: number;
  /** Behind the last spooled frame; undefined when the WAL was empty then. */
  readonly wal: WalPosition | undefined;
  /**
   * Where the run began, when it began at a gap: what others hold of that commit, or before, may be
   * other content.
   */
  readonly brokenAt: number | undefined;
}

/**
 * @param text the file's content
 * @returns undefined when it is torn or not ours: without a position a snapshot begins a new run
 */
export function positionOf(text: string): SpoolPosition | undefined {
  const fields = objectOf(text);
  if (fields === undefined) return undefined;
  const { database, run, sequence, wal, brokenAt } = fields;
  if (typeof database !== 'string' || !isCount(run) || !isCount(sequence)) return undefined;
  if (brokenAt !== undefined && !isCount(brokenAt)) return undefined;
  if (wal === undefined) return { database, run, sequence, wal, brokenAt };
  const position = walPositionOf(wal);
  return position && { database, run, sequence, wal: position, brokenAt };
}

function walPositionOf(value: unknown): WalPosition | undefined {
  if (!isFields(value)) return undefined;
  const { salt1, salt2, frames, checksum1, checksum2 } = value;
  if (!isInteger(salt1) || !isInteger(salt2) || !isCount(frames)) return undefined;
  if (!isInteger(checksum1) || !isInteger(checksum2)) return undefined;
  return { salt1, salt2, frames, checksum1, checksum2 };
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isCount(value: unknown): value is number {
  return isInteger(value) && value >= 0;
}
