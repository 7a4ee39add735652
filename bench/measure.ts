/** One measured run: warm up, load, and what it cost the server. */
import type { Driver, Load, Outcome } from './drive.ts';
import { drive } from './drive.ts';
import type { RunningServer } from './processes.ts';
import type { Trial } from './scenario.ts';
import type { WrkFigure } from './wrk.ts';

export interface Measurement {
  readonly outcome: Outcome;
  readonly perSecond: number;
  readonly serverCpuUs: number | undefined;
  /** Of the server, right after. */
  readonly rssBytes: number | undefined;
  /** Share of one core that the client took: near 1, the client is what is measured. */
  readonly clientCpuShare: number;
  /** Requests that left, and answers that came, warm-up included. */
  readonly sentInAll: number;
  readonly answeredInAll: number;
  readonly wrongInAll: number;
  /** Of wrk beside it, see cross-check.ts. */
  readonly wrk?: WrkFigure;
}

export interface MeasureOptions {
  readonly connections: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** Instead of seconds: so many requests, all of them answered before the run begins. */
  readonly warmUpRequests?: number | undefined;
  /** Instead of both: all of the load, without a warm-up. */
  readonly whole?: boolean | undefined;
  /** Who drives the load; autocannon, when it does not say. */
  readonly driver?: Driver | undefined;
}

export async function measure(
  load: Load,
  server: RunningServer,
  options: MeasureOptions,
): Promise<Measurement> {
  const { connections, whole = false, driver = drive } = options;
  const { port } = server;
  server.place();
  const warmUp = whole ? NO_WARM_UP : await warmedUp(load, server, options);
  const cpuBefore = server.cpuMs();
  const seconds = whole ? undefined : options.seconds;
  const outcome = await driver(load, { port, connections, seconds, first: warmUp.sent });
  const cpuAfter = server.cpuMs();
  return {
    outcome,
    perSecond: outcome.answered / outcome.seconds,
    serverCpuUs:
      cpuBefore === undefined || cpuAfter === undefined
        ? undefined
        : ((cpuAfter - cpuBefore) * 1000) / outcome.answered,
    rssBytes: server.rssBytes(),
    clientCpuShare: outcome.client.cpuMs / 1000 / outcome.seconds,
    sentInAll: warmUp.sent + outcome.sent,
    answeredInAll: warmUp.answered + outcome.answered,
    wrongInAll: warmUp.wrong + outcome.wrong,
  };
}

const NO_WARM_UP = { sent: 0, answered: 0, wrong: 0 };

function warmedUp(
  load: Load,
  { port }: RunningServer,
  { connections, warmUpSeconds, warmUpRequests, driver = drive }: MeasureOptions,
): Promise<Outcome> {
  return warmUpRequests === undefined
    ? driver(load, { port, connections, seconds: warmUpSeconds, first: 0 })
    : driver(
        { ...load, capacity: warmUpRequests },
        { port, connections, seconds: undefined, first: 0 },
      );
}

/** The same run, counted in the operations that each request holds; times stay those of requests. */
export function perOperation(measured: Measurement, operations: number): Measurement {
  const { serverCpuUs } = measured;
  return {
    ...measured,
    perSecond: measured.perSecond * operations,
    serverCpuUs: serverCpuUs === undefined ? undefined : serverCpuUs / operations,
  };
}

/** What was wrong: answers under load, and what independent reads found afterwards. */
export async function complaintsAfter(trial: Trial, measured: Measurement): Promise<string[]> {
  const { complaints } = measured.outcome;
  const silent = measured.wrongInAll > complaints.length ? [`${measured.wrongInAll} in all`] : [];
  try {
    const found = await trial.verify(measured.sentInAll, measured.answeredInAll);
    return [...complaints, ...silent, ...found];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [...complaints, ...silent, `reading back failed: ${why}`];
  }
}
