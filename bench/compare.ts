/**
 * Two revisions against each other: this tree (B) and another revision (A), scenario by scenario,
 * each trial in a fresh process on a fresh copy of its own seeded data. Which trial comes when, and
 * what is made of them, is comparison.ts.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Comparison, compareOne, type Side, type Trial } from './comparison.ts';
import { environment } from './environment.ts';
import type { BenchOptions } from './options.ts';
import { type Compared, writeComparisonPage } from './page/comparison-page.ts';
import { population, type Population } from './population.ts';
import { startProduct } from './processes.ts';
import { resultFile, resultLine, saveResults } from './report.ts';
import { runScenario } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';
import { inScratchFolder } from './scratch.ts';

const REPOSITORY = new URL('..', import.meta.url).pathname;

interface Revision {
  /** As git has it now, and as it was asked for. */
  readonly name: string;
  readonly source: string;
  /** Seeded, never started on again: trials run on copies. */
  readonly data: string;
  readonly people: Population;
}

export interface ComparedRevisions {
  readonly lines: readonly Comparison[];
  /** NDJSON, a line for each trial. */
  readonly file: string;
  /** HTML. */
  readonly page: string;
}

/**
 * @param name of the other revision, as git knows it
 * @throws Error when a trial has a wrong answer, or git does not know the revision
 */
export async function compare(
  name: string,
  scenarios: readonly Scenario[],
  options: BenchOptions,
  progress: (text: string) => void,
): Promise<ComparedRevisions> {
  return inScratchFolder('compare', async (folder) => {
    const where = environment(folder);
    const source = checkOut(name, folder, progress);
    progress(`creating ${options.users} users twice …`);
    const seed = { folder, users: options.users };
    const sides: Record<Side, Revision> = {
      A: await seeded({ ...seed, side: 'A', name: nameOf(name), source }),
      B: await seeded({ ...seed, side: 'B', name: where.revision, source: REPOSITORY }),
    };
    const all: Compared[] = [];
    for (const scenario of scenarios) {
      const run = async (side: Side, rate: number | undefined): Promise<Trial> => {
        const trial = await runTrial(folder, sides[side], scenario, { ...options, rate });
        saveResults(where, [{ ...trial.line, side, revision: sides[side].name }]);
        return trial;
      };
      const comparison = await compareOne(scenario.name, options.rate, run, progress);
      all.push({ question: scenario.question, comparison });
    }
    const file = resultFile(where);
    const page = file.replace(/\.ndjson$/, '.html');
    const { seconds, users } = options;
    const revisions = { A: sides.A.name, B: sides.B.name };
    writeComparisonPage(page, { environment: where, revisions, seconds, users, compared: all });
    return { lines: all.flatMap(({ comparison }) => comparison.measures), file, page };
  });
}

/** Its short hash, and what it was called. */
function nameOf(name: string): string {
  const args = ['rev-parse', '--short', '--verify', `${name}^{commit}`];
  const hash = execFileSync('git', args, { cwd: REPOSITORY, encoding: 'utf8' }).trim();
  return hash === name ? hash : `${hash} (${name})`;
}

/** The files of the revision without its history; packages are shared with this tree. */
function checkOut(name: string, folder: string, progress: (text: string) => void): string {
  const source = join(folder, 'source');
  mkdirSync(source);
  const archive = execFileSync('git', ['archive', '--format=tar', name], {
    cwd: REPOSITORY,
    maxBuffer: 1024 * 1024 * 1024,
  });
  execFileSync('tar', ['-x', '-C', source], { input: archive });
  symlinkSync(join(REPOSITORY, 'node_modules'), join(source, 'node_modules'));
  const lock = (root: string): string => readFileSync(join(root, 'package-lock.json'), 'utf8');
  if (lock(source) !== lock(REPOSITORY)) {
    progress(`${name} was made for other packages than are installed: it runs with these`);
  }
  return source;
}

async function seeded(seed: {
  readonly folder: string;
  readonly users: number;
  readonly side: Side;
  readonly name: string;
  readonly source: string;
}): Promise<Revision> {
  const { name, source } = seed;
  const data = join(seed.folder, seed.side);
  mkdirSync(data);
  const people = population();
  const server = await startProduct(data, {}, { source });
  await people.growTo(seed.users, server, server.token);
  await server.stop();
  return { name, source, data, people };
}

async function runTrial(
  folder: string,
  { source, data, people }: Revision,
  scenario: Scenario,
  options: BenchOptions,
): Promise<Trial> {
  const copy = join(folder, 'trial');
  cpSync(data, copy, { recursive: true });
  const { syncDelayMs = 0 } = scenario;
  const server = await startProduct(copy, scenario.environment?.(copy), { source, syncDelayMs });
  const run = await runScenario(scenario, server, people, options);
  await server.stop();
  rmSync(copy, { recursive: true });
  const { connections, measured, complaints, watched } = run;
  if (complaints.length > 0) throw new Error(`${scenario.name}: ${complaints.join('; ')}`);
  return {
    line: resultLine(scenario.name, connections, measured, 0, undefined, watched),
    perSecond: measured.perSecond,
    serverCpuUs: measured.serverCpuUs ?? NaN,
  };
}
