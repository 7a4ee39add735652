/**
 * Ways to do the same, measured in turns: there and back in each round, so that a drift of the
 * machine hits all of them alike, and several rounds, each in a process of its own, so that a figure
 * comes with how far it moves when nothing changes. Pure.
 */
import type { Measurement } from '../measure.ts';
import { whyInvalid } from '../report.ts';

/** What is kept of one measured run. */
export interface Turn<Kind extends string> {
  readonly kind: Kind;
  /** From 0. */
  readonly round: number;
  readonly perSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
  /** CPU time of the server per request; NaN where the system does not tell it. */
  readonly serverCpuUs: number;
  readonly clientCpuShare: number;
  /** Why its throughput and times say nothing; null: they do. */
  readonly invalid: string | null;
}

export interface TurnFigures {
  readonly rounds: number;
  readonly perSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly serverCpuUs: number;
  /** Between the two turns of a round: a difference that is no larger says nothing. */
  readonly serverCpuApartUs: number;
  /** Of the base's requests a second, the median of all rounds; and the extremes. */
  readonly shareOfBase: number;
  readonly shareFrom: number;
  readonly shareTo: number;
  /** Server CPU per request beyond the base's, the median of all rounds; and the extremes. */
  readonly beyondBaseUs: number;
  readonly beyondFromUs: number;
  readonly beyondToUs: number;
  /** Of the turn in which it was highest. */
  readonly clientCpuShare: number;
  readonly invalid: string | null;
}

/** A B C C B A. */
export function thereAndBack<Kind>(kinds: readonly Kind[]): readonly Kind[] {
  return [...kinds, ...kinds.toReversed()];
}

export function turnOf<Kind extends string>(
  kind: Kind,
  round: number,
  measured: Measurement,
): Turn<Kind> {
  const { latencyUs } = measured.outcome;
  return {
    kind,
    round,
    perSecond: measured.perSecond,
    p50Us: latencyUs.percentile(50),
    p99Us: latencyUs.percentile(99),
    serverCpuUs: measured.serverCpuUs ?? NaN,
    clientCpuShare: measured.clientCpuShare,
    invalid: whyInvalid(measured),
  };
}

/** One way beside the base, compared round by round: processes differ more than turns of one do. */
export function besideBase<Kind extends string>(
  turns: readonly Turn<Kind>[],
  kind: Kind,
  base: Kind,
): TurnFigures {
  const own = byRound(turns, kind);
  const bases = byRound(turns, base);
  const figure = (value: (turn: Turn<Kind>) => number): number =>
    median(own.map((round) => mean(round.map(value))));
  const against = (
    value: (turn: Turn<Kind>) => number,
    compared: (own: number, base: number) => number,
  ): Spread =>
    spread(
      own.map((round, at) => compared(mean(round.map(value)), mean((bases[at] ?? []).map(value)))),
    );
  const share = against(
    ({ perSecond }) => perSecond,
    (mine, theirs) => mine / theirs,
  );
  const beyond = against(
    ({ serverCpuUs }) => serverCpuUs,
    (mine, theirs) => mine - theirs,
  );
  const all = own.flat();
  return {
    rounds: own.length,
    perSecond: Math.round(figure(({ perSecond }) => perSecond)),
    p50Us: Math.round(figure(({ p50Us }) => p50Us)),
    p99Us: Math.round(figure(({ p99Us }) => p99Us)),
    serverCpuUs: hundredths(figure(({ serverCpuUs }) => serverCpuUs)),
    serverCpuApartUs: hundredths(
      median(own.map((round) => range(round.map(({ serverCpuUs }) => serverCpuUs)))),
    ),
    shareOfBase: hundredths(share.median),
    shareFrom: hundredths(share.from),
    shareTo: hundredths(share.to),
    beyondBaseUs: hundredths(beyond.median),
    beyondFromUs: hundredths(beyond.from),
    beyondToUs: hundredths(beyond.to),
    clientCpuShare: hundredths(Math.max(...all.map(({ clientCpuShare }) => clientCpuShare))),
    invalid: all.find(({ invalid }) => invalid !== null)?.invalid ?? null,
  };
}

/** Of an even number of values, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return mean(sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1));
}

interface Spread {
  readonly median: number;
  readonly from: number;
  readonly to: number;
}

function spread(values: readonly number[]): Spread {
  return { median: median(values), from: Math.min(...values), to: Math.max(...values) };
}

function byRound<Kind extends string>(
  turns: readonly Turn<Kind>[],
  kind: Kind,
): readonly (readonly Turn<Kind>[])[] {
  const rounds = new Map<number, Turn<Kind>[]>();
  for (const turn of turns) {
    if (turn.kind !== kind) continue;
    rounds.set(turn.round, [...(rounds.get(turn.round) ?? []), turn]);
  }
  return [...rounds.values()];
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function range(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}

export function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
