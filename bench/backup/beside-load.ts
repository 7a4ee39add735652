/**
 * What backups cost creates: the same load without a backup, with the WAL shipped, with snapshots
 * taken one after the other meanwhile, and with every answer waiting for the storage. In the order
 * A B C D D C B A, each on a fresh copy of the data, so that a drift of the machine hits all alike.
 */
import { createLoad } from '../population.ts';
import { measure, type Measurement } from '../measure.ts';
import { startProduct, type Product } from '../processes.ts';
import { firstSnapshot, admin, endTrial, freshTrial, median, type BackupStage } from './stage.ts';

type Kind = 'none' | 'shipping' | 'snapshots' | 'remote';

const ORDER: readonly Kind[] = [
  'none',
  'shipping',
  'snapshots',
  'remote',
  'remote',
  'snapshots',
  'shipping',
  'none',
];

interface Run {
  readonly kind: Kind;
  readonly measured: Measurement;
  readonly snapshots: number;
  readonly storedBytesPerUser: number;
}

export async function besideLoad(stage: BackupStage): Promise<object[]> {
  const runs: Run[] = [];
  for (const [index, kind] of ORDER.entries()) {
    stage.progress(`creates with backup: ${kind} …`);
    runs.push(await runOne(stage, kind, 400_000_000 + index * 1_000_000));
  }
  const base = summary(runs, 'none');
  return (['none', 'shipping', 'snapshots', 'remote'] as const).map((kind) => {
    const line = summary(runs, kind);
    return {
      scenario: `create-user, backup: ${kind}`,
      ...line,
      throughputToNone: round(line.perSecond / base.perSecond),
      p99ToNone: round(line.p99Ms / base.p99Ms),
    };
  });
}

async function runOne(stage: BackupStage, kind: Kind, firstSerial: number): Promise<Run> {
  const trial = freshTrial(stage, 'load');
  const server = await startProduct(trial.data, optionsOf(kind, trial.storage));
  if (kind !== 'none') await firstSnapshot(server);
  const load = createLoad(stage.people.users, server.token, firstSerial, Infinity, () => undefined);
  const ending = new AbortController();
  const snapshotting = kind === 'snapshots' ? snapshotLoop(server, ending.signal) : undefined;
  const measured = await measure(load, server, {
    connections: stage.connections,
    seconds: stage.seconds,
    warmUpSeconds: 1,
  });
  ending.abort();
  const snapshots = (await snapshotting) ?? 0;
  if (measured.wrongInAll > 0) throw new Error(measured.outcome.complaints.join('; '));
  await server.stop();
  const stored = kind === 'shipping' ? await segmentBytes(trial.storage) : 0;
  endTrial(trial);
  return { kind, measured, snapshots, storedBytesPerUser: stored / measured.answeredInAll };
}

function optionsOf(kind: Kind, storage: string): Record<string, string> {
  if (kind === 'none') return {};
  return {
    BACKUP_FOLDER: storage,
    BACKUP_INTERVAL: '1d',
    ...(kind === 'remote' ? { ACK: 'remote' } : {}),
  };
}

async function snapshotLoop(server: Product, signal: AbortSignal): Promise<number> {
  let count = 0;
  while (!signal.aborted) {
    await admin(server, 'POST', 'backup/trigger');
    count += 1;
  }
  return count;
}

async function segmentBytes(storage: string): Promise<number> {
  const { readdirSync, statSync } = await import('node:fs');
  return readdirSync(`${storage}/wal`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(`${entry.parentPath}/${entry.name}`).size, 0);
}

function summary(runs: readonly Run[], kind: Kind) {
  const own = runs.filter((run) => run.kind === kind);
  const of = (value: (run: Run) => number): number =>
    own.reduce((sum, run) => sum + value(run), 0) / own.length;
  return {
    perSecond: Math.round(of(({ measured }) => measured.perSecond)),
    p50Ms: round(of(({ measured }) => measured.outcome.latencyUs.percentile(50) / 1000)),
    p99Ms: round(of(({ measured }) => measured.outcome.latencyUs.percentile(99) / 1000)),
    serverCpuUs: round(of(({ measured }) => measured.serverCpuUs ?? NaN)),
    snapshots: median(own.map(({ snapshots }) => snapshots)),
    storedBytesPerUser: Math.round(of(({ storedBytesPerUser }) => storedBytesPerUser)),
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
