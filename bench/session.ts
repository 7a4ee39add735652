/**
 * One session: seed users, start the server anew on them, then scenario after scenario on that
 * server, each beside its limit. Nothing leaves loopback.
 */
import { environment } from './environment.ts';
import type { Limits } from './limits.ts';
import { limits } from './limits.ts';
import type { Measurement } from './measure.ts';
import { complaintsAfter, measure, perOperation } from './measure.ts';
import type { BenchOptions } from './options.ts';
import type { Population } from './population.ts';
import { population } from './population.ts';
import type { Product } from './processes.ts';
import { startProduct } from './processes.ts';
import type { LimitOfResult, ResultLine } from './report.ts';
import { resultLine, saveResults, table } from './report.ts';
import type { Scenario, Stage } from './scenario.ts';
import { scimClient } from './scim-client.ts';
import { inScratchFolder } from './scratch.ts';

export interface SessionOutput {
  /** For a person, as things happen. */
  progress(text: string): void;
  /** The results, once. */
  result(text: string): void;
}

/** @returns how many scenarios had a wrong answer */
export async function runSession(
  scenarios: readonly Scenario[],
  options: BenchOptions,
  output: SessionOutput,
): Promise<number> {
  return inScratchFolder('run', (folder) => runIn(folder, scenarios, options, output));
}

async function runIn(
  folder: string,
  scenarios: readonly Scenario[],
  options: BenchOptions,
  output: SessionOutput,
): Promise<number> {
  const where = environment(folder);
  output.progress(
    `${where.revision} · Node ${where.node} · ${where.cores} × ${where.cpu} · ` +
      `Linux ${where.kernel} · disk sync ${where.diskSyncMs} ms · ` +
      `${options.connections} connections, ${options.seconds} s each`,
  );
  const people = population();
  output.progress(`creating ${options.users} users …`);
  await seed(folder, people, options.users);
  const server = await startProduct(folder);
  const start = {
    scenario: 'start',
    users: options.users,
    firstAnswerMs: Math.round(server.firstAnswerMs),
    idleRssMiB: mib(server.rssBytes()),
  };
  const beside = limits(people.users, folder, options);
  const lines: ResultLine[] = [];
  for (const scenario of scenarios) {
    output.progress(`${scenario.name}: ${scenario.question}`);
    lines.push(await runScenario(scenario, server, people, beside, options, output));
  }
  lines.push(resultLine('limit: echo', await beside.echo(), 0, undefined));
  lines.push(resultLine('limit: insert', await beside.insert(), 0, undefined));
  const end = { scenario: 'end', rssMiB: mib(server.rssBytes()) };
  await server.stop();

  const all = [start, ...lines, end];
  const file = saveResults(where, all);
  if (options.json) {
    output.result(all.map((line) => JSON.stringify({ ...where, ...line })).join('\n'));
  } else {
    output.result(
      `\n${table(lines)}\n\n` +
        `start to first answer ${start.firstAnswerMs} ms on ${options.users} users · ` +
        `resident memory idle ${start.idleRssMiB ?? '–'} MiB, after the run ${end.rssMiB ?? '–'} MiB\n` +
        `results: ${file}`,
    );
  }
  return lines.filter((line) => line.complaints > 0).length;
}

async function seed(folder: string, people: Population, count: number): Promise<void> {
  const server = await startProduct(folder);
  await people.growTo(count, server, server.token);
  await server.stop();
}

async function runScenario(
  scenario: Scenario,
  server: Product,
  people: Population,
  beside: Limits,
  options: BenchOptions,
  output: SessionOutput,
): Promise<ResultLine> {
  const stage: Stage = {
    server,
    client: scimClient(server.base, server.token),
    population: people,
    userCount: options.users,
    memberCount: options.members,
    totalSeconds: options.seconds + options.warmUpSeconds,
  };
  const trial = await scenario.prepare(stage);
  const { operations = 1, connectionsMax = options.connections, warmUpRequests } = scenario;
  const connections = Math.min(options.connections, connectionsMax);
  const requests = await measure(trial.load, server, { ...options, connections, warmUpRequests });
  const complaints = await complaintsAfter(trial, requests);
  for (const complaint of complaints) output.progress(`  WRONG: ${complaint}`);
  const limit = await limitOf(scenario, requests, beside);
  return resultLine(scenario.name, perOperation(requests, operations), complaints.length, limit);
}

async function limitOf(
  scenario: Scenario,
  measured: Measurement,
  beside: Limits,
): Promise<LimitOfResult> {
  if (scenario.limit === 'insert') return { name: 'insert', measurement: await beside.insert() };
  const wireBytes = measured.outcome.wireBytes / measured.outcome.answered;
  return {
    name: `GET of ${Math.round(wireBytes)} bytes`,
    measurement: await beside.get(wireBytes),
  };
}

function mib(bytes: number | undefined): number | null {
  return bytes === undefined ? null : Math.round(bytes / 1024 / 1024);
}
