/**
 * What is made of the trials of two revisions: their order, the ratio of B to A of each measure, and
 * the noise beside it: the farthest apart that two trials of one revision were.
 */
import type { ResultLine } from './report.ts';

export type Side = 'A' | 'B';

export interface Trial {
  readonly line: ResultLine;
  /** As it was measured: the line has it rounded. */
  readonly perSecond: number;
  /** NaN where the kernel does not tell. */
  readonly serverCpuUs: number;
}

/** Of one scenario, each side's in the order they ran. */
export type Trials = Readonly<Record<Side, readonly Trial[]>>;

export interface ScenarioComparison {
  readonly scenario: string;
  readonly measures: readonly Comparison[];
  readonly trials: Trials;
}

/** B to A, and A to A: 1 is the same. */
export interface Comparison {
  readonly scenario: string;
  readonly measure: string;
  readonly a: number;
  readonly b: number;
  readonly ratio: number;
  /** The farthest that two trials of one revision were apart, as a ratio of 1 or more. */
  readonly noise: number;
  /** Trials whose figures say nothing. */
  readonly invalid: number;
}

/** First A against A, then A B B A: a drift of the machine hits both alike. */
const ORDER: readonly Side[] = ['A', 'A', 'A', 'B', 'B', 'A'];
const NOISE_TRIALS = 2;

/**
 * The trials of one scenario.
 * @param rate that an open loop is asked to make; undefined: what the first trial found, so that all
 *   are asked the same
 * @param run one trial
 */
export async function compareOne(
  scenario: string,
  rate: number | undefined,
  run: (side: Side, rate: number | undefined) => Promise<Trial>,
  progress: (text: string) => void,
): Promise<ScenarioComparison> {
  const trials: Record<Side, Trial[]> = { A: [], B: [] };
  let asked = rate;
  for (const side of ORDER) {
    progress(`${scenario}: ${side}`);
    const trial = await run(side, asked);
    const { openLoop, invalid } = trial.line;
    asked ??= openLoop?.perSecond;
    if (invalid !== null) progress(`${scenario}: ${side} is INVALID, ${invalid}`);
    trials[side].push(trial);
  }
  return { scenario, measures: compared(scenario, trials), trials };
}

/** A ratio within the noise says nothing. */
export function isWithinNoise({ ratio, noise }: Pick<Comparison, 'ratio' | 'noise'>): boolean {
  return Math.max(ratio, 1 / ratio) <= noise;
}

/** `noise` beside `ratio`: a ratio within it says nothing. */
export function comparisonTable(lines: readonly Comparison[]): string {
  const rows = lines.map((line) => {
    const { scenario, measure: what, a, b, ratio, noise, invalid } = line;
    return [
      scenario.padEnd(24),
      what.padEnd(14),
      a.toFixed(1).padStart(10),
      b.toFixed(1).padStart(10),
      ratio.toFixed(3).padStart(7),
      noise.toFixed(3).padStart(7),
      isWithinNoise(line) ? '  within the noise' : '',
      invalid > 0 ? `  ${invalid} trials INVALID` : '',
    ].join(' ');
  });
  const head = [
    'scenario'.padEnd(24),
    'measure'.padEnd(14),
    'A'.padStart(10),
    'B'.padStart(10),
    'B/A'.padStart(7),
    'noise'.padStart(7),
  ];
  return [head.join(' '), ...rows].map((row) => row.trimEnd()).join('\n');
}

interface Measure {
  readonly name: string;
  readonly of: (trial: Trial) => number;
  /** What of it a server should have. */
  readonly better: 'more' | 'less';
}

const MEASURES: readonly Measure[] = [
  { name: 'requests/s', of: ({ perSecond }) => perSecond, better: 'more' },
  { name: 'p50 µs', of: ({ line }) => line.p50Us, better: 'less' },
  { name: 'p99 µs', of: ({ line }) => line.p99Us, better: 'less' },
  { name: 'server µs', of: ({ serverCpuUs }) => serverCpuUs, better: 'less' },
];

/** For a person: how far B is from A, and whether that is good; undefined within the noise. */
export function difference({ measure, ratio, noise }: Comparison): string | undefined {
  if (Number.isNaN(ratio)) return 'not known here';
  if (isWithinNoise({ ratio, noise })) return undefined;
  const share = Math.abs(ratio - 1) * 100;
  const what = ratio > 1 ? 'more' : 'less';
  const better = MEASURES.find(({ name }) => name === measure)?.better;
  return `${share.toFixed(share < 9.95 ? 1 : 0)} % ${what}, ${what === better ? 'better' : 'worse'}`;
}

function compared(scenario: string, { A, B }: Trials): Comparison[] {
  const between = shownTrials({ A, B }).A;
  const pairs = [A.slice(0, NOISE_TRIALS), between, B];
  const invalid = [...A, ...B].filter(({ line }) => line.invalid !== null).length;
  return MEASURES.map(({ name, of }) => {
    const a = mean(between.map(of));
    const b = mean(B.map(of));
    const noise = Math.max(...pairs.map((pair) => spread(pair.map(of))));
    return { scenario, measure: name, a, b, ratio: b / a, noise, invalid };
  });
}

/** Those that are compared: the first two of A are only there for the noise. */
export function shownTrials({ A, B }: Trials): Trials {
  return { A: A.slice(NOISE_TRIALS), B };
}

/** The largest to the smallest. */
function spread(values: readonly number[]): number {
  return Math.max(...values) / Math.min(...values);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
