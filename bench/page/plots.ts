/** Which plots a person wants of a scenario: how long answers took, how steadily they came. */
import type { Window } from '../open-loop.ts';
import type { ResultLine } from '../report.ts';
import { linePlot, type Axis, type Series, type Tick, type Tone } from './svg.ts';

/** Where 90 % is 1, 99 % is 2 and 99.9 % is 3: the tail gets as much room as the rest. */
function nines(percentile: number): number {
  return -Math.log10(1 - Math.min(percentile, 99.999) / 100);
}

const PERCENTILE_TICKS: readonly Tick[] = [50, 90, 99, 99.9, 99.99].map((percentile) => ({
  at: nines(percentile),
  label: `${percentile} %`,
}));

/** Milliseconds on a logarithmic axis against percentiles; with the limit's beside it. */
export function latencyPlot(line: ResultLine, limit: ResultLine | undefined): string {
  const own = distribution(line);
  const others = limit === undefined ? [] : distribution(limit);
  const y = millisecondsAxis([...own, ...others].map(([, log]) => log));
  const x: Axis = { from: 0, to: 4, title: 'percentile', ticks: PERCENTILE_TICKS };
  const series: Series[] = [
    { name: line.scenario, tone: 'a', points: own },
    ...(limit === undefined ? [] : [{ name: limit.scenario, tone: 'b' as const, points: others }]),
  ];
  return linePlot(`Latency of ${line.scenario}`, x, y, series);
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

/** Answers per second against time, with what else went on. */
export function throughputPlot(line: ResultLine): string {
  // The last tenth is seldom a whole one.
  const whole = line.tenths.slice(0, -1);
  const points = whole.map((count, index) => [(index + 1) / 10, count * 10] as const);
  const most = Math.max(10, ...points.map(([, perSecond]) => perSecond));
  const step = roundStep(most / 4);
  const to = Math.ceil(most / step) * step;
  const seconds = Math.max(1, whole.length / 10);
  const x: Axis = {
    from: 0,
    to: seconds,
    title: 'seconds',
    ticks: ticksUpTo(seconds, Math.max(1, Math.round(seconds / 5))),
  };
  const y: Axis = { from: 0, to, title: 'answers/s', ticks: ticksUpTo(to, step) };
  return linePlot(
    `Throughput of ${line.scenario}`,
    x,
    y,
    [{ name: line.scenario, tone: 'a', points }],
    line.marks,
  );
}

/** Whole powers of ten around the values, which are logarithms of milliseconds. */
function millisecondsAxis(logs: readonly number[]): Axis {
  const from = Math.floor(Math.min(...logs));
  const to = Math.max(Math.ceil(Math.max(...logs)), from + 1);
  const ticks = Array.from({ length: to - from + 1 }, (_unused, index) => ({
    at: from + index,
    label: String(10 ** (from + index)),
  }));
  return { from, to, title: 'ms', ticks };
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
