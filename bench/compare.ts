/**
 * Two revisions against each other: this tree (B) and another revision (A), scenario by scenario,
 * each trial in a fresh process on a fresh copy of its own seeded data. First A against A, which
 * tells how much two figures differ when nothing does; then A B B A, so that a drift of the machine
 * hits both alike.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchOptions } from './options.ts';
import { population, type Population } from './population.ts';
import { startProduct } from './processes.ts';
import { whyInvalid } from './report.ts';
import { runScenario } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';
import { inScratchFolder } from './scratch.ts';

const REPOSITORY = new URL('..', import.meta.url).pathname;

export type Side = 'A' | 'B';

interface Revision {
  readonly source: string;
  /** Seeded, never started on again: trials run on copies. */
  readonly data: string;
  readonly people: Population;
}

export interface Trial {
  readonly perSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly serverCpuUs: number;
  /** Requests a second that an open loop was asked to make. */
  readonly rate: number | undefined;
  /** Why its figures say nothing; null: they do. */
  readonly invalid: string | null;
}

/** B to A, and A to A: 1 is the same. */
export interface Comparison {
  readonly scenario: string;
  readonly measure: string;
  readonly a: number;
  readonly b: number;
  readonly ratio: number;
  /** How far apart two trials of A were, as a ratio of 1 or more. */
  readonly noise: number;
  /** Trials whose figures say nothing. */
  readonly invalid: number;
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
): Promise<Comparison[]> {
  return inScratchFolder('compare', async (folder) => {
    const source = checkOut(name, folder, progress);
    progress(`creating ${options.users} users twice …`);
    const sides: Record<Side, Revision> = {
      A: await seeded(folder, 'a', source, options.users),
      B: await seeded(folder, 'b', REPOSITORY, options.users),
    };
    const lines: Comparison[] = [];
    for (const scenario of scenarios) {
      const one = (side: Side, rate: number | undefined): Promise<Trial> =>
        runTrial(folder, sides[side], scenario, { ...options, rate });
      lines.push(...(await compareOne(scenario.name, options.rate, one, progress)));
    }
    return lines;
  });
}

/**
 * The trials of one scenario.
 * @param rate that an open loop is asked to make; undefined: what the first trial found, so that all
 *   are asked the same
 * @param run one trial
 */
export async function compareOne(
  scenario: string,
  rate: number | undefined,
  run: (side: Side, rate: number | undefined) => Promise<Trial>,
  progress: (text: string) => void,
): Promise<Comparison[]> {
  const trials: Record<Side, Trial[]> = { A: [], B: [] };
  let asked = rate;
  for (const side of ['A', 'A', 'A', 'B', 'B', 'A'] as const) {
    progress(`${scenario}: ${side}`);
    const trial = await run(side, asked);
    asked ??= trial.rate;
    if (trial.invalid !== null) progress(`${scenario}: ${side} is INVALID, ${trial.invalid}`);
    trials[side].push(trial);
  }
  return compared(scenario, trials);
}

/** `noise` beside `ratio`: a ratio within it says nothing. */
export function comparisonTable(lines: readonly Comparison[]): string {
  const rows = lines.map(({ scenario, measure: what, a, b, ratio, noise, invalid }) => {
    const within = Math.max(ratio, 1 / ratio) <= noise;
    return [
      scenario.padEnd(24),
      what.padEnd(14),
      a.toFixed(1).padStart(10),
      b.toFixed(1).padStart(10),
      ratio.toFixed(3).padStart(7),
      noise.toFixed(3).padStart(7),
      within ? '  within the noise' : '',
      invalid > 0 ? `  ${invalid} trials INVALID` : '',
    ].join(' ');
  });
  const head = [
    'scenario'.padEnd(24),
    'measure'.padEnd(14),
    'A'.padStart(10),
    'B'.padStart(10),
    'B/A'.padStart(7),
    'A/A'.padStart(7),
  ];
  return [head.join(' '), ...rows].map((row) => row.trimEnd()).join('\n');
}

function compared(scenario: string, { A, B }: Record<Side, Trial[]>): Comparison[] {
  const measures: readonly (readonly [string, (trial: Trial) => number])[] = [
    ['requests/s', (trial) => trial.perSecond],
    ['p50 µs', (trial) => trial.p50Us],
    ['p99 µs', (trial) => trial.p99Us],
    ['server µs', (trial) => trial.serverCpuUs],
  ];
  // The first two of A are only there for the noise.
  const [first, second, ...between] = A;
  const invalid = [...A, ...B].filter((trial) => trial.invalid !== null).length;
  return measures.map(([measure, of]) => {
    const a = mean(between.map(of));
    const b = mean(B.map(of));
    const one = first === undefined ? NaN : of(first);
    const other = second === undefined ? NaN : of(second);
    const noise = Math.max(one, other) / Math.min(one, other);
    return { scenario, measure, a, b, ratio: b / a, noise, invalid };
  });
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

async function seeded(
  folder: string,
  name: string,
  source: string,
  users: number,
): Promise<Revision> {
  const data = join(folder, name);
  mkdirSync(data);
  const people = population();
  const server = await startProduct(data, {}, source);
  await people.growTo(users, server, server.token);
  await server.stop();
  return { source, data, people };
}

async function runTrial(
  folder: string,
  { source, data, people }: Revision,
  scenario: Scenario,
  options: BenchOptions,
): Promise<Trial> {
  const copy = join(folder, 'trial');
  cpSync(data, copy, { recursive: true });
  const server = await startProduct(copy, scenario.environment?.(copy), source);
  const { measured, complaints } = await runScenario(scenario, server, people, options);
  await server.stop();
  rmSync(copy, { recursive: true });
  if (complaints.length > 0) throw new Error(`${scenario.name}: ${complaints.join('; ')}`);
  return {
    perSecond: measured.perSecond,
    p50Us: measured.outcome.latencyUs.percentile(50),
    p99Us: measured.outcome.latencyUs.percentile(99),
    serverCpuUs: measured.serverCpuUs ?? NaN,
    rate: measured.outcome.openLoop?.perSecond,
    invalid: whyInvalid(measured),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
