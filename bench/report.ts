/** How results are written down: a table for a person, one NDJSON line each for a program. */
import { appendFileSync, mkdirSync } from 'node:fs';
import type { Environment } from './environment.ts';
import { saturated } from './client-load.ts';
import type { Mark } from './drive.ts';
import type { Measurement } from './measure.ts';
import type { MemoryFigures } from './memory-watch.ts';
import type { OpenLoopFigures } from './open-loop.ts';
import { scenarioHash } from './scenario-hash.ts';
import type { ServerFigures, Watched } from './server-watch.ts';
import { type WrkFigure, wrkText } from './wrk.ts';

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
  /** Share of the time in which the client's event loop had work. */
  readonly clientLoopShare: number;
  /** How late the client's timers were, of a hundred the worst. */
  readonly clientLagMs: number;
  /** Why the figures say nothing about the server; null: they do. */
  readonly invalid: string | null;
  /** Of wrk with the same requests, where our own client was the limit and the machine has wrk. */
  readonly wrk: WrkFigure | null;
  readonly requests: number;
  /** Kinds of complaints; not how many answers. */
  readonly complaints: number;
  /** Microseconds at these percentiles: the whole distribution, for a plot. */
  readonly distribution: readonly (readonly [percentile: number, us: number])[];
  /** Answers in each tenth of a second. */
  readonly tenths: readonly number[];
  /** What else went on, in seconds from the first request on. */
  readonly marks: readonly LineMark[];
  readonly openLoop: OpenLoopFigures | null;
  readonly memory: MemoryFigures | null;
  readonly server: ServerFigures | null;
  /** Of the load; null for a limit. */
  readonly scenarioHash: string | null;
  readonly limit: string | null;
  /** At which the limit was measured. */
  readonly limitConnections: number | null;
  readonly limitPerSecond: number | null;
  readonly shareOfLimit: number | null;
  /** Why the limit's own figures say nothing, and the share with them; null: they do. */
  readonly limitInvalid: string | null;
}

export interface LineMark {
  readonly kind: Mark['kind'];
  readonly from: number;
  readonly to: number;
}

/** A scenario's line, with its question. */
export interface Shown {
  readonly line: ResultLine;
  readonly question: string;
}

/** Under which a line finds its limit's. */
export function limitKey({ limit, limitConnections }: ResultLine): string {
  return `${limit ?? ''} at ${limitConnections ?? ''}`;
}

const PERCENTILES = [
  1, 5, 10, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.75, 99.9, 99.95, 99.99, 100,
] as const;

export interface LimitOfResult {
  readonly name: string;
  /** At which it was measured. */
  readonly connections: number;
  readonly measurement: Measurement;
}

export function resultLine(
  scenario: string,
  connections: number,
  measurement: Measurement,
  complaints: number,
  limit?: LimitOfResult,
  watched?: Watched,
): ResultLine {
  const { outcome, clientCpuShare } = measurement;
  const { latencyUs, client, openLoop, marks = [] } = outcome;
  const limitMeasurement = limit?.measurement;
  return {
    scenario,
    connections,
    seconds: Math.round(outcome.seconds * 100) / 100,
    perSecond: Math.round(measurement.perSecond),
    p50Us: latencyUs.percentile(50),
    p97_5Us: latencyUs.percentile(97.5),
    p99Us: latencyUs.percentile(99),
    serverCpuUs: rounded(measurement.serverCpuUs, 10),
    rssMiB: measurement.rssBytes === undefined ? null : Math.round(measurement.rssBytes / 2 ** 20),
    clientCpuShare: Math.round(clientCpuShare * 100) / 100,
    clientLoopShare: client.loopShare,
    clientLagMs: client.lagP99Ms,
    invalid: whyInvalid(measurement),
    wrk: measurement.wrk ?? null,
    requests: outcome.answered,
    complaints,
    distribution: PERCENTILES.map((each) => [each, latencyUs.percentile(each)]),
    tenths: outcome.tenths,
    marks: marksOf(outcome.startedMs, outcome.seconds, [...(watched?.marks ?? []), ...marks]),
    openLoop: openLoop ?? null,
    memory: outcome.memory ?? null,
    server: watched?.figures ?? null,
    scenarioHash: scenarioHash(scenario) ?? null,
    limit: limit?.name ?? null,
    limitConnections: limit?.connections ?? null,
    limitPerSecond: rounded(limitMeasurement?.perSecond, 1),
    shareOfLimit:
      limitMeasurement === undefined
        ? null
        : rounded(measurement.perSecond / limitMeasurement.perSecond, 1000),
    limitInvalid: limitMeasurement === undefined ? null : whyInvalid(limitMeasurement),
  };
}

/** Why figures of a run say nothing about the server; null: they do. */
export function whyInvalid({ clientCpuShare, outcome }: Measurement): string | null {
  return saturated({ clientCpuShare, sent: outcome.sent, ...outcome.openLoop }) ?? null;
}

/** Those that touch the run. */
function marksOf(startedMs: number, seconds: number, marks: readonly Mark[]): LineMark[] {
  const at = (ms: number): number => Math.round((ms - startedMs) / 10) / 100;
  return marks
    .map(({ kind, fromMs, toMs }) => ({ kind, from: at(fromMs), to: at(toMs) }))
    .filter(({ from, to }) => to > 0 && from < seconds)
    .map(({ kind, from, to }) => ({ kind, from: Math.max(0, from), to: Math.min(to, seconds) }));
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
  ['p99.9 ms', (line) => msAt(line, 99.9)],
  // Of an open loop; a closed one has no clock to be late by.
  ['late', ({ openLoop }) => openLoop?.lateStarts.toLocaleString('en') ?? ''],
  ['server µs', (line) => line.serverCpuUs?.toFixed(1) ?? '–'],
  ['RSS MiB', (line) => (line.rssMiB === null ? '–' : String(line.rssMiB))],
  [
    'client CPU',
    (line) => percent(line.clientCpuShare) + (line.invalid === null ? '' : ' INVALID'),
  ],
  ['of the limit', shareText],
  ['limit', (line) => line.limit ?? ''],
];

/** Says so when the limit's own run was no measurement of it. */
export function shareText({ shareOfLimit, limitInvalid }: ResultLine): string {
  if (shareOfLimit === null) return '';
  return percent(shareOfLimit) + (limitInvalid === null ? '' : ' LIMIT INVALID');
}

/** Undefined where a line has no such percentile. */
export function usAt({ distribution }: ResultLine, percentile: number): number | undefined {
  return distribution.find(([each]) => each === percentile)?.[1];
}

export function msAt(line: ResultLine, percentile: number): string {
  const us = usAt(line, percentile);
  return us === undefined ? '–' : ms(us);
}

/** `server µs` is the server's CPU time per request, over all its threads. */
export function table(lines: readonly ResultLine[]): string {
  const rows = lines.map((line) => COLUMNS.map(([, text]) => text(line)));
  return aligned([COLUMNS.map(([title]) => title), ...rows], 1, 1);
}

/** For a person: why lines say nothing about the server, and what wrk found instead. */
export function tableNotes(lines: readonly ResultLine[]): string {
  const notes = lines.flatMap((line) => {
    const { scenario, connections } = line;
    const why = invalidText(line);
    return why === undefined ? [] : `${scenario} at ${connections} connections: INVALID, ${why}`;
  });
  return [...new Set(notes)].join('\n');
}

/** Undefined when the line is valid. */
export function invalidText({ invalid, wrk }: ResultLine): string | undefined {
  if (invalid === null) return undefined;
  return wrk === null ? invalid : `${invalid}; ${wrkText(wrk)}`;
}

/** @param leading, trailing columns that begin at the left, as words do; numbers end at the right */
export function aligned(
  rows: readonly (readonly string[])[],
  leading: number,
  trailing = 0,
): string {
  const columns = Math.max(...rows.map(({ length }) => length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          const left = column < leading || column >= columns - trailing;
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

/** Where the results of a session go: named after its start. */
export function resultFile({ startedAt }: Environment): string {
  const folder = new URL('results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  return new URL(`${startedAt.replaceAll(':', '-')}.ndjson`, folder).pathname;
}

/** Appends result lines, each with where it was measured, to the session's file. @returns its path */
export function saveResults(environment: Environment, lines: readonly object[]): string {
  const file = resultFile(environment);
  const text = lines.map((line) => `${JSON.stringify({ ...environment, ...line })}\n`).join('');
  appendFileSync(file, text);
  return file;
}
