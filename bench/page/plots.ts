/** Which plots a person wants of a scenario: how long answers took, how steadily they came. */
import type { ResultLine } from '../report.ts';
import { linePlot, type Axis, type Series, type Tick } from './svg.ts';

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
  const logs = [...own, ...others].map(([, log]) => log);
  const from = Math.floor(Math.min(...logs));
  const to = Math.max(Math.ceil(Math.max(...logs)), from + 1);
  const y: Axis = {
    from,
    to,
    title: 'ms',
    ticks: Array.from({ length: to - from + 1 }, (_unused, index) => ({
      at: from + index,
      label: String(10 ** (from + index)),
    })),
  };
  const x: Axis = { from: 0, to: 4, title: 'percentile', ticks: PERCENTILE_TICKS };
  const series: Series[] = [
    { name: line.scenario, tone: 'a', points: own },
    ...(limit === undefined ? [] : [{ name: limit.scenario, tone: 'b' as const, points: others }]),
  ];
  return linePlot(`Latency of ${line.scenario}`, x, y, series);
}

/** Answers per second against time. */
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
  return linePlot(`Throughput of ${line.scenario}`, x, y, [
    { name: line.scenario, tone: 'a', points },
  ]);
}

function distribution({ distribution }: ResultLine): (readonly [number, number])[] {
  return distribution
    .filter(([percentile]) => percentile < 100)
    .map(([percentile, us]) => [nines(percentile), Math.log10(Math.max(us, 1) / 1000)] as const);
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
