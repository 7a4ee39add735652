/** Which plots a person wants of a scenario: how long answers took, how steadily they came. */
import type { Window } from '../open-loop.ts';
import type { LineMark, ResultLine } from '../report.ts';
import { linePlot, type Axis, type Series, type Tick, type Tone } from './svg.ts';

/** Where 90 % is 1, 99 % is 2 and 99.9 % is 3: the tail gets as much room as the rest. */
function nines(percentile: number): number {
  return -Math.log10(1 - Math.min(percentile, 99.999) / 100);
}

const PERCENTILE_TICKS: readonly Tick[] = [50, 90, 99, 99.9, 99.99].map((percentile) => ({
  at: nines(percentile),
  label: `${percentile} %`,
}));

/** One of the runs that a plot shows over each other. */
export interface PlottedRun {
  readonly name: string;
  readonly tone: Tone;
  /** Another run of the same tone. */
  readonly isAgain?: boolean;
  readonly line: ResultLine;
}

/** Milliseconds on a logarithmic axis against percentiles. */
export function latencyPlot(title: string, runs: readonly PlottedRun[]): string {
  const series = seriesOf(runs, distribution);
  const y = millisecondsAxis(series.flatMap(({ points }) => points.map(([, log]) => log)));
  const x: Axis = { from: 0, to: 4, title: 'percentile', ticks: PERCENTILE_TICKS };
  return linePlot(title, x, y, series);
}

/** Percentiles against connections, both logarithmic. @param runs of one scenario, in their order */
export function connectionsPlot(name: string, runs: readonly ResultLine[]): string {
  const points = (us: (line: ResultLine) => number): (readonly [number, number])[] =>
    runs.map((line) => [Math.log10(line.connections), logMs(us(line))] as const);
  const series: readonly Series[] = [
    { name: '50 %', tone: 'a', points: points(({ p50Us }) => p50Us) },
    { name: '97.5 %', tone: 'c', points: points(({ p97_5Us }) => p97_5Us) },
    { name: '99 %', tone: 'b', points: points(({ p99Us }) => p99Us) },
  ];
  const x: Axis = {
    ...span(runs.map(({ connections }) => Math.log10(connections))),
    title: 'connections',
    ticks: runs.map(({ connections }) => ({
      at: Math.log10(connections),
      label: String(connections),
    })),
  };
  const y = millisecondsAxis(series.flatMap((each) => each.points.map(([, log]) => log)));
  return linePlot(`Percentiles of ${name} against connections`, x, y, series);
}

/** How percentiles went, stretch by stretch of a long run. */
export function windowsPlot(name: string, windows: readonly Window[]): string {
  const points = (us: (window: Window) => number): (readonly [number, number])[] =>
    windows.map((window) => [window.fromSeconds, logMs(us(window))] as const);
  const tones: readonly (readonly [string, Tone, (window: Window) => number])[] = [
    ['50 %', 'a', ({ p50Us }) => p50Us],
    ['99 %', 'b', ({ p99Us }) => p99Us],
  ];
  const series = tones.map(([title, tone, us]) => ({ name: title, tone, points: points(us) }));
  const last = Math.max(1, windows.at(-1)?.fromSeconds ?? 1);
  const x: Axis = {
    from: 0,
    to: last,
    title: 'seconds',
    ticks: ticksUpTo(last, roundStep(last / 4)),
  };
  const y = millisecondsAxis(series.flatMap((each) => each.points.map(([, log]) => log)));
  return linePlot(`Percentiles of ${name} over time`, x, y, series);
}

export function memoryPlot(samples: readonly (readonly [seconds: number, mib: number])[]): string {
  const seconds = Math.max(1, samples.at(-1)?.[0] ?? 1);
  const most = Math.max(10, ...samples.map(([, mib]) => mib));
  const step = roundStep(most / 4);
  const x: Axis = {
    from: 0,
    to: seconds,
    title: 'seconds',
    ticks: ticksUpTo(seconds, roundStep(seconds / 4)),
  };
  const y: Axis = {
    from: 0,
    to: Math.ceil(most / step) * step,
    title: 'MiB',
    ticks: ticksUpTo(Math.ceil(most / step) * step, step),
  };
  return linePlot('Resident memory', x, y, [{ name: 'resident', tone: 'a', points: samples }]);
}

/**
 * Answers per second against time.
 * @param marks what else went on
 */
export function throughputPlot(
  title: string,
  runs: readonly PlottedRun[],
  marks: readonly LineMark[] = [],
): string {
  const series = seriesOf(runs, perSecondPoints);
  const points = series.flatMap((each) => each.points);
  const most = Math.max(10, ...points.map(([, perSecond]) => perSecond));
  const step = roundStep(most / 4);
  const to = Math.ceil(most / step) * step;
  const seconds = Math.max(1, ...points.map(([at]) => at));
  const x: Axis = {
    from: 0,
    to: seconds,
    title: 'seconds',
    ticks: ticksUpTo(seconds, Math.max(1, Math.round(seconds / 5))),
  };
  const y: Axis = { from: 0, to, title: 'answers/s', ticks: ticksUpTo(to, step) };
  return linePlot(title, x, y, series, marks);
}

function perSecondPoints({ tenths }: ResultLine): (readonly [number, number])[] {
  // The last tenth is seldom a whole one.
  return tenths.slice(0, -1).map((count, index) => [(index + 1) / 10, count * 10] as const);
}

function seriesOf(
  runs: readonly PlottedRun[],
  points: (line: ResultLine) => (readonly [number, number])[],
): Series[] {
  return runs.map(({ line, ...run }) => ({ ...run, points: points(line) }));
}

/** More would run into each other. */
const MILLISECOND_TICKS_MAX = 8;

/** Ends at the next 1, 2 or 5 with zeros around the values, which are logarithms of milliseconds. */
function millisecondsAxis(logs: readonly number[]): Axis {
  const least = Math.min(...logs);
  const most = Math.max(...logs);
  const steps: Tick[] = [];
  for (let power = Math.floor(least) - 1; power <= Math.ceil(most); power += 1) {
    for (const lead of [1, 2, 5]) {
      const ms = Number(`${lead}e${power}`);
      steps.push({ at: Math.log10(ms), label: String(ms) });
    }
  }
  const first = steps.findLastIndex(({ at }) => at <= least);
  const last = steps.findIndex(({ at }, index) => at >= most && index > first);
  const shown = steps.slice(first, last + 1);
  const powers = shown.filter(({ label }) => label.replace(/^[0.]*/, '').startsWith('1'));
  return {
    from: shown.at(0)?.at ?? 0,
    to: shown.at(-1)?.at ?? 1,
    title: 'ms',
    ticks: shown.length > MILLISECOND_TICKS_MAX ? powers : shown,
  };
}

/** From the least to the most; never nothing, for one value. */
function span(values: readonly number[]): { readonly from: number; readonly to: number } {
  const from = Math.min(...values);
  return { from, to: Math.max(from + 0.1, ...values) };
}

function logMs(us: number): number {
  return Math.log10(Math.max(us, 1) / 1000);
}

function distribution({ distribution }: ResultLine): (readonly [number, number])[] {
  return distribution
    .filter(([percentile]) => percentile < 100)
    .map(([percentile, us]) => [nines(percentile), logMs(us)] as const);
}

function ticksUpTo(to: number, step: number): Tick[] {
  const count = Math.floor(to / step + 1e-9) + 1;
  return Array.from({ length: count }, (_unused, index) => ({
    at: index * step,
    label: (index * step).toLocaleString('en'),
  }));
}

/** The next 1, 2 or 5 with zeros. */
function roundStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const lead = [1, 2, 5, 10].find((each) => each * power >= value) ?? 10;
  return lead * power;
}
