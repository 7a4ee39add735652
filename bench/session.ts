/**
 * One session: seed users, start the server anew on them, then scenario after scenario on that
 * server, each beside its limit. Nothing leaves loopback.
 */
import { environment } from './environment.ts';
import type { Limits } from './limits.ts';
import { limits } from './limits.ts';
import type { Measurement } from './measure.ts';
import type { BenchOptions } from './options.ts';
import type { Population } from './population.ts';
import { population } from './population.ts';
import type { Product } from './processes.ts';
import { startProduct } from './processes.ts';
import type { LimitOfResult, ResultLine } from './report.ts';
import { resultLine, saveResults, table } from './report.ts';
import { runScenario } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';
import { writePage } from './page/page.ts';
import { inScratchFolder } from './scratch.ts';
import { judge, readTargets, told } from './targets.ts';

export interface SessionOutput {
  /** For a person, as things happen. */
  progress(text: string): void;
  /** The results, once. */
  result(text: string): void;
}

export interface SessionEnd {
  /** Scenarios with a wrong answer. */
  readonly wrong: number;
  /** Targets that were judged and missed. */
  readonly missed: number;
}

export async function runSession(
  scenarios: readonly Scenario[],
  options: BenchOptions,
  output: SessionOutput,
): Promise<SessionEnd> {
  return inScratchFolder('run', (folder) => runIn(folder, scenarios, options, output));
}

async function runIn(
  folder: string,
  scenarios: readonly Scenario[],
  options: BenchOptions,
  output: SessionOutput,
): Promise<SessionEnd> {
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
  const shown: { line: ResultLine; question: string }[] = [];
  const besides = new Map<string, ResultLine>();
  for (const scenario of scenarios) {
    output.progress(`${scenario.name}: ${scenario.question}`);
    const { line, limit } = await runBeside(scenario, server, people, beside, options, output);
    shown.push({ line, question: scenario.question });
    besides.set(limit.name, resultLine(limit.name, line.connections, limit.measurement, 0));
  }
  const lines = [
    ...shown.map(({ line }) => line),
    resultLine('limit: echo', options.connections, await beside.echo(), 0),
    resultLine('limit: insert', options.connections, await beside.insert(), 0),
  ];
  const end = { scenario: 'end', rssMiB: mib(server.rssBytes()) };
  await server.stop();

  const all = [start, ...lines, end];
  const verdicts = judge(lines, readTargets(), options.slack);
  const file = saveResults(where, all);
  const page = file.replace(/\.ndjson$/, '.html');
  writePage(page, {
    environment: where,
    connections: options.connections,
    seconds: options.seconds,
    users: options.users,
    scenarios: shown,
    limits: besides,
    firstAnswerMs: start.firstAnswerMs,
    idleRssMiB: start.idleRssMiB,
    endRssMiB: end.rssMiB,
    verdicts,
  });
  if (options.json) {
    output.result(all.map((line) => JSON.stringify({ ...where, ...line })).join('\n'));
  } else {
    output.result(
      `\n${table(lines)}\n\n` +
        `start to first answer ${start.firstAnswerMs} ms on ${options.users} users · ` +
        `resident memory idle ${start.idleRssMiB ?? '–'} MiB, after the run ${end.rssMiB ?? '–'} MiB\n` +
        `results: ${file}\npage:    ${page}`,
    );
  }
  if (options.check) output.progress(told(verdicts));
  return {
    wrong: lines.filter((line) => line.complaints > 0).length,
    missed: verdicts.filter(({ met }) => !met).length,
  };
}

async function seed(folder: string, people: Population, count: number): Promise<void> {
  const server = await startProduct(folder);
  await people.growTo(count, server, server.token);
  await server.stop();
}

async function runBeside(
  scenario: Scenario,
  server: Product,
  people: Population,
  beside: Limits,
  options: BenchOptions,
  output: SessionOutput,
): Promise<{ readonly line: ResultLine; readonly limit: LimitOfResult }> {
  const run = await runScenario(scenario, server, people, options);
  const { connections, requests, measured, complaints } = run;
  for (const complaint of complaints) output.progress(`  WRONG: ${complaint}`);
  const limit = await limitOf(scenario, requests, beside);
  const line = resultLine(scenario.name, connections, measured, complaints.length, limit);
  return { line, limit };
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
