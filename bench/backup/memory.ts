/**
 * What shipping, a snapshot, a drill and a restore take beyond an idle server, however large the
 * database is; of shipping, beyond the same load without a backup.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { startProduct, type Product } from '../processes.ts';
import { measure } from '../measure.ts';
import { createLoad } from '../population.ts';
import { firstSnapshot, admin, endTrial, freshTrial, type BackupStage } from './stage.ts';

export async function memory(stage: BackupStage): Promise<object> {
  stage.progress('memory of shipping, a snapshot, a verification and a restore …');
  const trial = freshTrial(stage, 'memory');
  const options = { BACKUP_FOLDER: trial.storage, BACKUP_INTERVAL: '1d' };
  const plain = await startProduct(trial.data);
  const loadAdds = await addedByLoad(stage, plain, 500_000_000);
  await plain.stop();
  const first = await startProduct(trial.data, options);
  await firstSnapshot(first);
  await first.stop();
  const server = await startProduct(trial.data, options);
  const idle = rss(server);
  const startedMs = performance.now();
  const snapshot = await peak(server, () => admin(server, 'POST', 'backup/trigger'));
  const snapshotMs = performance.now() - startedMs;
  const verify = await peak(server, () => admin(server, 'POST', 'backup/verify'));
  const shippedLoadAdds = await addedByLoad(stage, server, 600_000_000);
  await server.stop();
  rmSync(trial.data, { recursive: true, force: true });
  mkdirSync(trial.data, { recursive: true });
  const restored = await startProduct(trial.data, options);
  const restoring = restored.rssPeakBytes() ?? NaN;
  const { start } = await admin(restored, 'GET', 'backup/stats');
  await restored.stop();
  endTrial(trial);
  return {
    scenario: 'memory',
    databaseMiB: mib(stage.databaseBytes),
    idleMiB: mib(idle),
    loadAddsMiB: mib(loadAdds),
    loadWithShippingAddsMiB: mib(shippedLoadAdds),
    snapshotMs: Math.round(snapshotMs),
    snapshotAddsMiB: mib(snapshot - idle),
    verifyAddsMiB: mib(verify - idle),
    restoreAddsMiB: mib(restoring - idle),
    start,
  };
}

/** By creates, while they come. */
async function addedByLoad(
  stage: BackupStage,
  server: Product,
  firstSerial: number,
): Promise<number> {
  const { connections, seconds, people } = stage;
  const load = createLoad(people.users, server.token, firstSerial, Infinity, () => undefined);
  const before = rss(server);
  const most = await peak(server, () =>
    measure(load, server, { connections, seconds, warmUpSeconds: 1 }),
  );
  return most - before;
}

/** Largest resident memory while the work runs. */
async function peak(server: Product, work: () => Promise<unknown>): Promise<number> {
  let most = rss(server);
  const timer = setInterval(() => {
    most = Math.max(most, rss(server));
  }, 20);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return most;
}

function rss(server: Product): number {
  return server.rssBytes() ?? NaN;
}

function mib(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
