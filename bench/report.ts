/** How results are written down: a table for a person, one NDJSON line each for a program. */
import { appendFileSync, mkdirSync } from 'node:fs';
import type { Environment } from './environment.ts';
import type { Measurement } from './measure.ts';

/** One line of `bench/results/`. Times in the unit their names end with. */
export interface ResultLine {
  readonly scenario: string;
  readonly connections: number;
  /** From the first request to the last answer. */
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50Us: number;
  readonly p97_5Us: number;
  readonly p99Us: number;
  readonly serverCpuUs: number | null;
  /** Resident memory of the server right after, with all that came before. */
  readonly rssMiB: number | null;
  readonly clientCpuShare: number;
  readonly requests: number;
  /** Kinds of complaints; not how many answers. */
  readonly complaints: number;
  /** Microseconds at these percentiles: the whole distribution, for a plot. */
  readonly distribution: readonly (readonly [percentile: number, us: number])[];
  /** Answers in each tenth of a second. */
  readonly tenths: readonly number[];
  readonly limit: string | null;
  readonly limitPerSecond: number | null;
  readonly shareOfLimit: number | null;
}

const PERCENTILES = [
  1, 5, 10, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.75, 99.9, 99.95, 99.99, 100,
] as const;

export interface LimitOfResult {
  readonly name: string;
  readonly measurement: Measurement;
}

export function resultLine(
  scenario: string,
  connections: number,
  measurement: Measurement,
  complaints: number,
  limit?: LimitOfResult,
): ResultLine {
  const { latencyUs } = measurement.outcome;
  return {
    scenario,
    connections,
    seconds: Math.round(measurement.outcome.seconds * 100) / 100,
    perSecond: Math.round(measurement.perSecond),
    p50Us: latencyUs.percentile(50),
    p97_5Us: latencyUs.percentile(97.5),
    p99Us: latencyUs.percentile(99),
    serverCpuUs: rounded(measurement.serverCpuUs, 10),
    rssMiB: measurement.rssBytes === undefined ? null : Math.round(measurement.rssBytes / 2 ** 20),
    clientCpuShare: Math.round(measurement.clientCpuShare * 100) / 100,
    requests: measurement.outcome.answered,
    complaints,
    distribution: PERCENTILES.map((each) => [each, latencyUs.percentile(each)]),
    tenths: measurement.outcome.tenths,
    limit: limit?.name ?? null,
    limitPerSecond: rounded(limit?.measurement.perSecond, 1),
    shareOfLimit:
      limit === undefined
        ? null
        : rounded(measurement.perSecond / limit.measurement.perSecond, 1000),
  };
}

function rounded(value: number | undefined, steps: number): number | null {
  return value === undefined ? null : Math.round(value * steps) / steps;
}

/** Of the table, and of the page. */
export const COLUMNS: readonly (readonly [title: string, text: (line: ResultLine) => string])[] = [
  ['scenario', (line) => line.scenario],
  ['connections', (line) => String(line.connections)],
  ['per second', (line) => line.perSecond.toLocaleString('en')],
  ['p50 ms', (line) => ms(line.p50Us)],
  ['p97.5 ms', (line) => ms(line.p97_5Us)],
  ['p99 ms', (line) => ms(line.p99Us)],
  ['server µs', (line) => line.serverCpuUs?.toFixed(1) ?? '–'],
  ['RSS MiB', (line) => (line.rssMiB === null ? '–' : String(line.rssMiB))],
  ['client CPU', (line) => percent(line.clientCpuShare)],
  ['of the limit', (line) => (line.shareOfLimit === null ? '' : percent(line.shareOfLimit))],
  ['limit', (line) => line.limit ?? ''],
];

/** `server µs` is the server's CPU time per request, over all its threads. */
export function table(lines: readonly ResultLine[]): string {
  const rows = [
    COLUMNS.map(([title]) => title),
    ...lines.map((line) => COLUMNS.map(([, text]) => text(line))),
  ];
  const widths = COLUMNS.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          const left = column === 0 || column === COLUMNS.length - 1;
          return left ? cell.padEnd(width) : cell.padStart(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function ms(us: number): string {
  return (us / 1000).toFixed(2);
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Appends result lines to a file named after the start of the session. */
export function saveResults(environment: Environment, lines: readonly object[]): string {
  const folder = new URL('results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const file = new URL(`${environment.startedAt.replaceAll(':', '-')}.ndjson`, folder);
  const text = lines.map((line) => `${JSON.stringify({ ...environment, ...line })}\n`).join('');
  appendFileSync(file, text);
  return file.pathname;
}
