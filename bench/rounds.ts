/** Every scenario at every number of connections, each beside its limit. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { crossChecked } from './cross-check.ts';
import { type Limits, limits } from './limits.ts';
import type { Measurement } from './measure.ts';
import type { BenchOptions } from './options.ts';
import type { Population } from './population.ts';
import { profiled, type Profiler } from './profile/profiler.ts';
import type { ProgressBar } from './progress-bar.ts';
import { limitKey, type LimitOfResult, resultLine, type ResultLine, type Shown } from './report.ts';
import { connectionsOf, runScenario } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';
import type { ServerKeeper } from './server-keeper.ts';

export interface Rounds {
  readonly shown: readonly Shown[];
  /** The limits beside them, by name and connections. */
  readonly limits: ReadonlyMap<string, ResultLine>;
  readonly contexts: readonly ResultLine[];
}

export interface RoundsOptions {
  readonly folder: string;
  readonly people: Population;
  readonly options: BenchOptions;
  readonly profiler: Profiler | undefined;
  readonly bar: ProgressBar;
  /** Told each line, of limits too, as soon as it is measured. */
  readonly save: (line: ResultLine) => void;
}

export async function runRounds(
  scenarios: readonly Scenario[],
  keeper: ServerKeeper,
  at: RoundsOptions,
): Promise<Rounds> {
  const { folder, people, options, bar, save } = at;
  const besides = new Map<number, Limits>();
  const besideAt = (connections: number): Limits => {
    const { seconds, warmUpSeconds } = options;
    const beside =
      besides.get(connections) ??
      limits(people.users, folder, { connections, seconds, warmUpSeconds });
    besides.set(connections, beside);
    return beside;
  };
  const shown: Shown[] = [];
  const besideLines = new Map<string, ResultLine>();
  for (const { scenario, asked } of rounds(scenarios, options.connectionCounts)) {
    const { question } = scenario;
    const connections = connectionsOf(scenario, asked);
    bar.begin(`${scenario.name}, ${connections} connections: ${question}`);
    const { requests, line } = await runOne(scenario, asked, keeper, at);
    // A bulk is many writes at once over few connections: its limit is what as many single ones reach.
    const limitAt = scenario.operations === undefined ? connections : asked;
    const beside = limitOf(scenario, requests, limitAt, besideAt(limitAt));
    const limit = await beside.catch((error: unknown) => {
      save(line(undefined));
      throw error;
    });
    const whole = line(limit);
    save(whole);
    shown.push({ line: whole, question });
    if (limit !== undefined && !besideLines.has(limitKey(whole))) {
      const besideLine = resultLine(`limit: ${limit.name}`, limitAt, limit.measurement, 0);
      save(besideLine);
      besideLines.set(limitKey(whole), besideLine);
    }
    bar.end();
  }
  const main = besideAt(options.connections);
  const contexts = [
    resultLine('limit: echo', options.connections, await main.echo(), 0),
    resultLine('limit: insert', options.connections, await main.insert(), 0),
  ];
  const saved = new Set([...besideLines.values()].map(limitName));
  for (const context of contexts) if (!saved.has(limitName(context))) save(context);
  return { shown, limits: besideLines, contexts };
}

function limitName({ scenario, connections }: ResultLine): string {
  return `${scenario} at ${connections}`;
}

/** What runs when: one that cannot have so many connections runs once only. */
export function rounds(
  scenarios: readonly Scenario[],
  connectionCounts: readonly number[],
): { readonly scenario: Scenario; readonly asked: number }[] {
  return scenarios.flatMap((scenario) => {
    const seen = new Set<number>();
    return connectionCounts
      .filter((asked) => {
        const own = connectionsOf(scenario, asked);
        if (seen.has(own)) return false;
        seen.add(own);
        return !((scenario.whole ?? false) && seen.size > 1);
      })
      .map((asked) => ({ scenario, asked }));
  });
}

async function runOne(
  scenario: Scenario,
  asked: number,
  keeper: ServerKeeper,
  { folder, people, options, profiler, bar }: RoundsOptions,
): Promise<{
  readonly requests: Measurement;
  readonly line: (limit: LimitOfResult | undefined) => ResultLine;
}> {
  const own = scenario.environment?.(mkdtempSync(join(folder, 'beside-'))) ?? {};
  const environ = { ...own, ...profiler?.environ(scenario.name) };
  const server = await keeper.with(environ, scenario.syncDelayMs);
  const run = await runScenario(scenario, server, people, { ...options, connections: asked });
  for (const complaint of run.complaints) bar.say(`  WRONG: ${complaint}`);
  if (profiler !== undefined) {
    await keeper.stop();
    profiler.collect(scenario.name, run.requests.outcome);
  }
  const { connections, complaints, watched, requests } = run;
  const { port } = server;
  const { seconds } = options;
  const measured =
    profiler === undefined
      ? await crossChecked(run.measured, run.load, { port, connections, seconds })
      : run.measured;
  return {
    requests,
    line: (limit) => {
      const { name } = scenario;
      const line = resultLine(name, connections, measured, complaints.length, limit, watched);
      return profiler === undefined ? line : profiled(line);
    },
  };
}

async function limitOf(
  scenario: Scenario,
  measured: Measurement,
  connections: number,
  beside: Limits,
): Promise<LimitOfResult | undefined> {
  if (scenario.limit === 'none') return undefined;
  if (scenario.limit === 'insert') {
    const { syncDelayMs = 0 } = scenario;
    const name = syncDelayMs === 0 ? 'insert' : `insert, ${syncDelayMs} ms more a sync`;
    return { name, connections, measurement: await beside.insert(syncDelayMs) };
  }
  const wireBytes = measured.outcome.wireBytes / measured.outcome.answered;
  return {
    name: `GET of ${Math.round(wireBytes)} bytes`,
    connections,
    measurement: await beside.get(wireBytes),
  };
}
