/**
 * What a machine that vanishes takes with it, measured by killing: under load, kill -9 at a random
 * moment, the data folder deleted, restored from the storage. The loss of a round is the age of the
 * oldest acknowledged user that is not there.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { drive } from '../drive.ts';
import { createLoad } from '../population.ts';
import { startProduct, type Product } from '../processes.ts';
import { endTrial, firstSnapshot, freshTrial, median, type BackupStage } from './stage.ts';

interface Acknowledged {
  readonly id: string;
  readonly atMs: number;
}

/** Users acknowledged earlier than this before the kill are looked at, too: none of them may miss. */
const LOOK_BACK_MS = 10_000;
const READERS = 32;

export async function recoveryPoint(stage: BackupStage): Promise<object> {
  const trial = freshTrial(stage, 'rpo');
  const options = { BACKUP_FOLDER: trial.storage, BACKUP_LEASE: '2s' };
  const losses: number[] = [];
  let lost = 0;
  let acknowledgedInAll = 0;
  let server = await startProduct(trial.data, options);
  // Until a storage holds its first snapshot, nothing can be restored from it.
  await firstSnapshot(server);
  for (let round = 0; round < stage.rounds; round += 1) {
    stage.progress(`kill ${round + 1} of ${stage.rounds} …`);
    const { acknowledged, killedMs } = await loadAndKill(stage, server, round);
    rmSync(trial.data, { recursive: true, force: true });
    mkdirSync(trial.data, { recursive: true });
    server = await startProduct(trial.data, options);
    const recent = acknowledged.filter(({ atMs }) => atMs > killedMs - LOOK_BACK_MS);
    const missing = await missingOf(server, recent);
    losses.push(missing.reduce((most, { atMs }) => Math.max(most, killedMs - atMs), 0));
    lost += missing.length;
    acknowledgedInAll += acknowledged.length;
  }
  await server.stop();
  endTrial(trial);
  const sorted = losses.toSorted((a, b) => a - b);
  return {
    scenario: 'recovery point, by killing',
    rounds: stage.rounds,
    acknowledged: acknowledgedInAll,
    lost,
    p50Ms: Math.round(median(losses)),
    p99Ms: Math.round(sorted[Math.ceil(sorted.length * 0.99) - 1] ?? NaN),
    maxMs: Math.round(sorted.at(-1) ?? NaN),
  };
}

async function loadAndKill(
  stage: BackupStage,
  server: Product,
  round: number,
): Promise<{ acknowledged: Acknowledged[]; killedMs: number }> {
  const acknowledged: Acknowledged[] = [];
  const load = createLoad(
    stage.people.users,
    server.token,
    300_000_000 + round * 1_000_000,
    Infinity,
    (_serial, id) => acknowledged.push({ id, atMs: performance.now() }),
  );
  // Spread over a ship interval and more, so that the kill falls on every phase of it.
  const runMs = 2500 + ((round * 617) % 1500);
  const killing = new Promise<number>((resolve, reject) => {
    setTimeout(() => {
      const killedMs = performance.now();
      server.kill().then(() => resolve(killedMs), reject);
    }, runMs);
  });
  const { port } = server;
  const { connections } = stage;
  await drive(load, { port, connections, seconds: Math.ceil(runMs / 1000) + 1, first: 0 });
  return { acknowledged, killedMs: await killing };
}

async function missingOf(server: Product, users: readonly Acknowledged[]): Promise<Acknowledged[]> {
  const missing: Acknowledged[] = [];
  let next = 0;
  const reader = async (): Promise<void> => {
    for (let user = users[next++]; user !== undefined; user = users[next++]) {
      const response = await fetch(`${server.base}/Users/${user.id}?attributes=id`, {
        headers: { Authorization: `Bearer ${server.token}` },
      });
      await response.arrayBuffer();
      if (response.status === 404) missing.push(user);
      else if (response.status !== 200) throw new Error(`GET user: ${response.status}`);
    }
  };
  await Promise.all(Array.from({ length: READERS }, reader));
  return missing;
}
