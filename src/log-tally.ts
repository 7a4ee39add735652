/**
 * Counts a stretch of time in the request log, from new to old like any walk through it (see
 * `log-walk.ts`): in pieces, others having their turn in between, and no longer than it may take.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Stretches, type WalkBounds } from './log-walk.ts';
import type { Clock } from './platform/clock.ts';
import type { LogReader } from './sqlite/log-reader.ts';
import type { LogTallyReader } from './sqlite/log-tally-reader.ts';
import type { LogFilter, LogTallies, LogTally } from './store/request-logs.ts';

/** Names that are counted apart; what comes beyond is counted without its name. */
const NAMES_MAX = 5000;

export interface TallyAsk {
  readonly filter: LogFilter;
  /** Milliseconds since 1970. */
  readonly recentSince: number;
}

export async function tallyLog(
  reader: Pick<LogReader, 'ends' | 'passedOver'>,
  tallies: LogTallyReader,
  { filter, recentSince }: TallyAsk,
  bounds: WalkBounds,
  clock: Clock,
): Promise<LogTallies> {
  const stretches = new Stretches(
    reader.ends(),
    reader.passedOver(filter),
    undefined,
    bounds.scanRows,
  );
  const sum = new Sum();
  const began = clock.now();
  for (let range = stretches.next(); range !== undefined; range = stretches.next()) {
    const from = clock.now();
    for (const tally of tallies.tallies(range, recentSince)) sum.add(tally);
    const now = clock.now();
    stretches.took(now - from);
    if (now - began > bounds.scanMs && stretches.isBehind(range.first) !== undefined) {
      return { tallies: sum.all(), complete: false };
    }
    await nextTurn();
  }
  return { tallies: sum.all(), complete: true };
}

class Sum {
  readonly #byKey = new Map<string, LogTally>();
  readonly #names = new Set<string>();

  add(tally: LogTally): void {
    const who = this.#counted(tally.who);
    const { isRecent, type, severity, isKeepalive } = tally;
    const key = JSON.stringify([isRecent, type, severity, isKeepalive, who]);
    const known = this.#byKey.get(key);
    const count = tally.count + (known?.count ?? 0);
    this.#byKey.set(key, { ...tally, who, count, time: Math.max(tally.time, known?.time ?? 0) });
  }

  all(): LogTally[] {
    return [...this.#byKey.values()];
  }

  #counted(who: string | undefined): string | undefined {
    if (who === undefined || this.#names.has(who)) return who;
    if (this.#names.size >= NAMES_MAX) return undefined;
    this.#names.add(who);
    return who;
  }
}
