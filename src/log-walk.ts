/**
 * A walk through the request log, from new to old, in stretches that are long enough to come through
 * and short enough that others get their turn in between. Page numbers are counted on the way, so
 * that they are exact; what lies outside the times asked for is passed over.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from './platform/clock.ts';
import type { LogReader, RowRange } from './sqlite/log-reader.ts';
import type { LoggedRequest, LogPage, LogQuery } from './store/request-logs.ts';

export interface WalkBounds {
  /** Rows of the first stretch; later ones follow the time that one took. */
  readonly scanRows: number;
  /** From the first look to the answer. */
  readonly scanMs: number;
}

/** A stretch that took less may be longer next time, one that took more must be shorter. */
const SHORT_MS = 1;
const LONG_MS = 4;
const STRETCH_ROWS_MAX = 65_536;

export async function walkLog(
  reader: LogReader,
  { filter, before, downTo = 0, skip, limit }: LogQuery,
  bounds: WalkBounds,
  clock: Clock,
): Promise<LogPage> {
  const { first, last } = reader.ends();
  const stretches = new Stretches(
    { first: Math.max(first, downTo), last },
    reader.passedOver(filter),
    before,
    bounds.scanRows,
  );
  const began = clock.now();
  const requests: LoggedRequest[] = [];
  let toSkip = skip;
  for (let range = stretches.next(); range !== undefined; range = stretches.next()) {
    const from = clock.now();
    const inRange = toSkip === 0 ? Infinity : reader.count(range);
    if (inRange <= toSkip) toSkip -= inRange;
    else {
      const found = reader.rows(range, toSkip + limit - requests.length);
      requests.push(...found.slice(toSkip));
      toSkip = 0;
    }
    const oldest = requests.at(-1);
    if (requests.length >= limit && oldest !== undefined) {
      return { requests, next: stretches.isBehind(oldest.row), complete: true };
    }
    const now = clock.now();
    stretches.took(now - from);
    if (now - began > bounds.scanMs) {
      return { requests, next: stretches.isBehind(range.first), complete: false };
    }
    await nextTurn();
  }
  return { requests, next: undefined, complete: true };
}

/** Ranges of rows to look at, one after the other, downwards. */
export class Stretches {
  readonly #first: number;
  readonly #passed: RowRange[];
  #last: number;
  #rows: number;

  constructor(ends: RowRange, passed: RowRange[], before: number | undefined, rows: number) {
    this.#first = ends.first;
    this.#last = before === undefined ? ends.last : Math.min(ends.last, before - 1);
    this.#passed = passed;
    this.#rows = rows;
  }

  next(): RowRange | undefined {
    this.#passOver();
    const last = this.#last;
    if (last < this.#first) return undefined;
    const open = (this.#passed.at(-1)?.last ?? 0) + 1;
    const first = Math.max(this.#first, open, last - this.#rows + 1);
    this.#last = first - 1;
    return { first, last };
  }

  took(ms: number): void {
    if (ms > LONG_MS) this.#rows = Math.max(1, Math.floor(this.#rows / 2));
    else if (ms < SHORT_MS) this.#rows = Math.min(this.#rows * 2, STRETCH_ROWS_MAX);
  }

  /** The row, if there may be older ones. */
  isBehind(row: number): number | undefined {
    return row > this.#first ? row : undefined;
  }

  #passOver(): void {
    for (;;) {
      const range = this.#passed.at(-1);
      if (range === undefined || range.last < this.#last) return;
      if (range.first <= this.#last) this.#last = range.first - 1;
      this.#passed.pop();
    }
  }
}
