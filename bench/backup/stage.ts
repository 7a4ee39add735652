/** What the questions about backups share: a seeded data folder, copies of it, the admin API. */
import { cpSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { population, type Population } from '../population.ts';
import { startProduct, type Product } from '../processes.ts';

export interface BackupStage {
  /** Of the session; everything in it goes at the end. */
  readonly folder: string;
  readonly people: Population;
  /** Bytes of the seeded data file. */
  readonly databaseBytes: number;
  readonly seconds: number;
  readonly connections: number;
  readonly rounds: number;
  progress(text: string): void;
}

export interface Trial {
  readonly data: string;
  readonly storage: string;
}

const SEEDED = 'seeded';

/** Creates the users once; every trial starts on a copy. @returns bytes of the data file */
export async function seed(folder: string, people: Population, users: number): Promise<number> {
  const data = join(folder, SEEDED);
  mkdirSync(data, { recursive: true });
  const server = await startProduct(data);
  await people.growTo(users, server, server.token);
  await server.stop();
  return statSync(join(data, 'scimlane.db')).size;
}

/** A fresh copy of the seeded data and an empty storage. */
export function freshTrial(stage: BackupStage, name: string): Trial {
  const data = join(stage.folder, `${name}-data`);
  const storage = join(stage.folder, `${name}-storage`);
  rmSync(data, { recursive: true, force: true });
  rmSync(storage, { recursive: true, force: true });
  cpSync(join(stage.folder, SEEDED), data, { recursive: true });
  return { data, storage };
}

export function endTrial({ data, storage }: Trial): void {
  rmSync(data, { recursive: true, force: true });
  rmSync(storage, { recursive: true, force: true });
}

/** @throws Error when the answer is not 2xx */
export async function admin(
  server: Product,
  method: 'GET' | 'POST',
  path: string,
): Promise<Record<string, unknown>> {
  const url = new URL(`/scim/admin/${path}`, server.base);
  const response = await fetch(url, {
    method,
    headers: { Authorization: `Bearer ${server.token}` },
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url.pathname}: ${response.status} ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}

export async function firstSnapshot(server: Product): Promise<void> {
  await until('a first snapshot', async () => {
    const stats = await admin(server, 'GET', 'backup/stats');
    return stats['hasSnapshots'] === true;
  });
}

/** Resolves when the condition holds; looks every few milliseconds. */
async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 120_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within two minutes`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function newPopulation(): Population {
  return population();
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
