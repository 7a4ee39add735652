/** The whole backup service beside the lab's writer, with its own loops; intervals so long that only calls move it. */
import { WalGate } from '../../db-worker/wal-gate.ts';
import { Lease } from '../lease.ts';
import { LiveFile } from '../live-file.ts';
import { BackupService } from '../service.ts';
import type { Lab } from './lab.ts';
import { LabWriter } from '../../../test/support/lab-writer.ts';

const HOUR_MS = 3_600_000;
const LEASE_MS = 30_000;

export interface RunningService {
  readonly service: BackupService;
  readonly writer: LabWriter;
  /** Spools at once. */
  pass(): void;
}

/** @param requestTimeoutMs after which a storage is taken to be away */
export async function startService(lab: Lab, requestTimeoutMs = 2000): Promise<RunningService> {
  const gate = WalGate.create();
  const { clock, jobs, databasePath, warn } = lab;
  const holder = { id: `service-${clock.now()}`, host: 'lab', pid: 1, startedAt: 0 };
  const service = new BackupService({
    settings: {
      databasePath,
      logPath: `${lab.diskFolder}/data.logs.db`,
      shipIntervalMs: HOUR_MS,
      snapshotIntervalMs: HOUR_MS,
      snapshotBytes: 1e9,
      acknowledge: 'local',
      required: true,
      remoteAhead: 'refuse',
      spoolBytesMax: 1e9,
      leaseMs: LEASE_MS,
      drillIntervalMs: undefined,
      logsIntervalMs: undefined,
      retention: {
        keepAllMs: HOUR_MS,
        keepDailyMs: HOUR_MS,
        keepLast: 5,
        windowMs: HOUR_MS,
        graceMs: HOUR_MS,
      },
      bounds: {
        requestTimeoutMs,
        uploadAttempts: 2,
        uploadBytesPerSecondMin: 1e6,
        backoffMs: () => 1,
      },
    },
    storages: lab.storages.map(({ faulty }) => faulty),
    gate,
    live: new LiveFile(databasePath),
    jobs,
    clock,
    acquire: (storage, signal) =>
      Lease.acquire(storage, holder, { ttlMs: LEASE_MS, signal, clock, isAlive: () => true }),
    wasHere: () => true,
    setOwnHere: () => undefined,
    events: {
      shipped: () => undefined,
      warning: warn,
      fenced: warn,
    },
  });
  await service.prepare({ open: false });
  const writer = new LabWriter(databasePath, gate, clock);
  writer.beginSpooling();
  service.begin();
  return { service, writer, pass: () => gate.wake() };
}
