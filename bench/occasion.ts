/** What happens once and not many times a second: a start, a restore. Its figure is how long it takes. */
import type { BenchOptions } from './options.ts';
import type { Population } from './population.ts';
import { aligned } from './report.ts';

export interface OccasionStage {
  /** Holds the session's data; nothing runs on it. */
  readonly folder: string;
  readonly people: Population;
  readonly options: BenchOptions;
}

export interface OccasionLine {
  readonly scenario: string;
  readonly users: number;
  /** Of each trial, in their order. */
  readonly trialsMs: readonly number[];
  readonly medianMs: number;
  readonly rssMiB: number | null;
  /** Wrong answers afterwards. */
  readonly complaints: number;
}

export interface Occasion {
  readonly name: string;
  readonly question: string;
  run(stage: OccasionStage): Promise<OccasionLine>;
}

/** As many as the questions name, whatever the session has. */
export function occasionUsers({ smoke }: BenchOptions): number {
  return smoke ? 300 : 100_000;
}

export const TRIALS = 5;

export function occasionLine(
  scenario: string,
  users: number,
  trialsMs: readonly number[],
  rssBytes: number | undefined,
  complaints: number,
): OccasionLine {
  const sorted = trialsMs.toSorted((one, other) => one - other);
  return {
    scenario,
    users,
    trialsMs: trialsMs.map((ms) => Math.round(ms)),
    medianMs: Math.round(sorted[Math.floor(sorted.length / 2)] ?? NaN),
    rssMiB: rssBytes === undefined ? null : Math.round(rssBytes / 2 ** 20),
    complaints,
  };
}

export const OCCASION_TITLES = ['once', 'users', 'median ms', 'from', 'to', 'RSS MiB'] as const;

export function occasionRow(line: OccasionLine): readonly string[] {
  return [
    line.complaints > 0 ? `${line.scenario} WRONG` : line.scenario,
    line.users.toLocaleString('en'),
    line.medianMs.toLocaleString('en'),
    Math.min(...line.trialsMs).toLocaleString('en'),
    Math.max(...line.trialsMs).toLocaleString('en'),
    String(line.rssMiB ?? '–'),
  ];
}

export function occasionTable(lines: readonly OccasionLine[]): string {
  return aligned([OCCASION_TITLES, ...lines.map(occasionRow)], 1);
}
