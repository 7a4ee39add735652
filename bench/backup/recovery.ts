/** How long a lost disk takes to come back, from a folder and from Azurite, and what backups add to a start. */
import { mkdirSync, rmSync } from 'node:fs';
import { startProduct } from '../processes.ts';
import { firstSnapshot, admin, endTrial, freshTrial, median, type BackupStage } from './stage.ts';

/** Of each kind: a start takes a fifth more or less from one to the next. */
const STARTS = 11;

/** @param blob connection string of an Azurite; undefined: the folder alone */
export async function recovery(stage: BackupStage, blob: string | undefined): Promise<object[]> {
  const lines = [await restore(stage, 'folder', (storage) => ({ BACKUP_FOLDER: storage }))];
  if (blob !== undefined) {
    const options = { BLOB_BACKUP_CONNECTION_STRING: blob, BLOB_BACKUP_CONTAINER: 'bench' };
    lines.push(await restore(stage, 'azurite', () => options));
  }
  return [...lines, await coldStart(stage)];
}

async function restore(
  stage: BackupStage,
  kind: string,
  optionsOf: (storage: string) => Record<string, string>,
): Promise<object> {
  stage.progress(`restore from ${kind} …`);
  const trial = freshTrial(stage, `restore-${kind}`);
  const options = optionsOf(trial.storage);
  const first = await startProduct(trial.data, options);
  await firstSnapshot(first);
  await first.stop();
  const times: number[] = [];
  for (let count = 0; count < 3; count += 1) {
    rmSync(trial.data, { recursive: true, force: true });
    freshFolder(trial.data);
    const server = await startProduct(trial.data, options);
    const { start } = await admin(server, 'GET', 'backup/stats');
    times.push(durationOf(start));
    await server.stop();
  }
  endTrial(trial);
  return {
    scenario: `restore from ${kind}`,
    databaseMiB: Math.round(stage.databaseBytes / 1024 / 1024),
    medianMs: median(times),
    timesMs: times,
  };
}

/**
 * From spawn to the first answer, with and without a backup, in turns. Each on a folder of its own: to
 * a backup, a server that ran without one is somebody who edited the database.
 */
async function coldStart(stage: BackupStage): Promise<object> {
  stage.progress('cold starts …');
  const plain = freshTrial(stage, 'start-without');
  const trial = freshTrial(stage, 'start');
  const options = { BACKUP_FOLDER: trial.storage };
  const backedUp = await startProduct(trial.data, options);
  await firstSnapshot(backedUp);
  await backedUp.stop();
  const without: number[] = [];
  const beside: number[] = [];
  for (let count = 0; count < STARTS; count += 1) {
    const turns = [
      async () => without.push(await startOnce(plain.data, {})),
      async () => beside.push(await startOnce(trial.data, options)),
    ];
    for (const turn of count % 2 === 0 ? turns : turns.toReversed()) await turn();
  }
  endTrial(plain);
  endTrial(trial);
  return {
    scenario: 'cold start on an intact database',
    withoutMs: Math.round(median(without)),
    withBackupMs: Math.round(median(beside)),
    addedMs: Math.round(median(beside) - median(without)),
  };
}

async function startOnce(data: string, options: Record<string, string>): Promise<number> {
  const server = await startProduct(data, options);
  await server.stop();
  return server.firstAnswerMs;
}

function durationOf(start: unknown): number {
  if (typeof start === 'object' && start !== null && 'durationMs' in start) {
    if (typeof start.durationMs === 'number') return start.durationMs;
  }
  throw new Error('the server was not restored');
}

function freshFolder(path: string): void {
  rmSync(path, { recursive: true, force: true });
  // startProduct writes its log there before the server makes the folder.
  mkdirSync(path, { recursive: true });
}
