/**
 * The backup behind its port. It prepares the start by itself, before anybody calls: the caller is
 * busy then. Calls run side by side, since a snapshot takes longer than a question about it; the
 * order of `begin`, `suspend` and `finish` is the caller's.
 */
import { randomInt } from 'node:crypto';
import type { MessagePort } from 'node:worker_threads';
import { WalGate } from '../db-worker/wal-gate.ts';
import { assert } from '../platform/assert.ts';
import { systemClock } from '../platform/clock.ts';
import { LIMITS } from '../platform/limits.ts';
import { messageOf } from '../platform/thrown.ts';
import { stringAt } from '../threads/frame.ts';
import { RpcServer, type Call } from '../threads/rpc-server.ts';
import { HolderRecord } from './holder-record.ts';
import { createThreadJobs } from './jobs/client.ts';
import { Lease } from './lease.ts';
import { LiveFile } from './live-file.ts';
import { encode, NOTICE, type BackupMethods, type BackupSetup } from './messages.ts';
import { BackupOperations } from './operations.ts';
import { DatabaseReplacement } from './replace-database.ts';
import { BackupService } from './service.ts';
import type { BackupSettings } from './settings.ts';
import { openStorage } from './storage/open.ts';
import { backoffMs } from './storage/with-retries.ts';

type Handlers = {
  readonly [Method in keyof BackupMethods]: (
    argument: BackupMethods[Method]['argument'],
  ) => Promise<BackupMethods[Method]['result']>;
};

/** @param holderId random, of this start */
export async function hostBackup(
  port: MessagePort,
  setup: BackupSetup,
  holderId: string,
): Promise<void> {
  const server = new RpcServer(port, {
    maxBatch: LIMITS.backupCalls,
    describeError: (error) => ({ code: nameOf(error), message: messageOf(error) }),
    handle: (calls) => {
      for (const call of calls) void answer(call);
    },
  });
  const tell = (name: string, value: string | number): void => server.notice(name, [value]);
  let handlers: Handlers | undefined;

  const answer = async (call: Call): Promise<void> => {
    try {
      assert(handlers !== undefined, 'nothing is asked before the hello');
      server.reply(call.id, encode(await handle(handlers, call)));
    } catch (error) {
      server.refuse(call.id, error);
    }
    server.flush();
    if (call.method === 'finish') server.close();
  };

  try {
    const opened = await openHandlers(setup, holderId, tell);
    handlers = opened.handlers;
    server.hello(encode(await opened.service.prepare({ open: setup.open })));
  } catch (error) {
    await handlers?.finish({ budgetMs: 0 }).catch(() => undefined);
    server.helloFailed(error);
    server.close();
  }
}

async function openHandlers(
  setup: BackupSetup,
  holderId: string,
  tell: (name: string, value: string | number) => void,
): Promise<{ readonly service: BackupService; readonly handlers: Handlers }> {
  const { config, databasePath } = setup;
  const storages = await Promise.all(config.storages.map((settings) => openStorage(settings)));
  const jobs = createThreadJobs();
  const clock = systemClock;
  const warn = (message: string): void => tell(NOTICE.warning, message);
  const holder = {
    id: holderId,
    host: setup.host,
    pid: process.pid,
    startedAt: Math.floor(clock.now()),
  };
  const holders = new HolderRecord(`${databasePath}.holders.json`, holderId);
  const service = new BackupService({
    settings: settingsOf(setup),
    storages,
    gate: new WalGate(setup.gate),
    live: new LiveFile(databasePath),
    jobs,
    clock,
    acquire: (storage, signal, mayFollow) =>
      Lease.acquire(storage, holder, { ttlMs: config.leaseMs, signal, clock, isAlive, mayFollow }),
    wasHere: (id) => holders.wasHere(id),
    setOwnHere: (isHere) => holders.setOwnHere(isHere),
    events: {
      shipped: (sequence) => tell(NOTICE.shipped, sequence),
      warning: warn,
      fenced: (message) => tell(NOTICE.fenced, message),
    },
  });
  const operations = new BackupOperations({ storages, jobs, clock, warn });
  const replacement = new DatabaseReplacement(databasePath, operations, clock);
  const handlers: Handlers = {
    begin: () => {
      service.begin();
      return Promise.resolve(null);
    },
    snapshot: () => service.snapshotNow(),
    status: () => Promise.resolve(service.status()),
    list: () => operations.list(),
    verify: () => operations.verify(() => undefined),
    drill: () => service.drill(),
    fetch: (target) => replacement.fetch(target),
    suspend: async () => {
      await service.suspend();
      return null;
    },
    install: (draft) => {
      const installed = replacement.install(draft);
      service.replaced();
      return Promise.resolve(installed);
    },
    finish: async ({ budgetMs }) => {
      const shipped = await service.finish(budgetMs);
      await operations.close();
      return { shipped };
    },
  };
  return { service, handlers };
}

function handle(handlers: Handlers, call: Call): Promise<unknown> {
  const argument: unknown = JSON.parse(stringAt(call.frame, 0));
  // Method and argument come from the client of this build, which pairs them by type.
  const handler = handlers[call.method as keyof Handlers] as (
    argument: unknown,
  ) => Promise<unknown>;
  return handler(argument);
}

function settingsOf({ config, databasePath, logPath }: BackupSetup): BackupSettings {
  const dayMs = 24 * 60 * 60_000;
  return {
    databasePath,
    logPath,
    shipIntervalMs: config.shipIntervalMs,
    snapshotIntervalMs: config.snapshotIntervalMs,
    snapshotBytes: LIMITS.backupSnapshotBytes,
    acknowledge: config.acknowledge,
    required: config.required,
    remoteAhead: config.remoteAhead,
    spoolBytesMax: config.spoolBytesMax,
    leaseMs: config.leaseMs,
    drillIntervalMs: config.drillIntervalMs,
    logsIntervalMs: config.logsIntervalMs,
    retention: {
      keepAllMs: dayMs,
      keepDailyMs: config.keepDays * dayMs,
      keepLast: config.keepLast,
      windowMs: config.keepDays * dayMs,
      graceMs: LIMITS.backupGraceMs,
    },
    bounds: {
      requestTimeoutMs: LIMITS.backupRequestMs,
      uploadAttempts: LIMITS.backupUploadAttempts,
      uploadBytesPerSecondMin: LIMITS.backupUploadBytesPerSecondMin,
      backoffMs: (attempt) => backoffMs(attempt, chance),
    },
  };
}

/** Whether a process of this host runs; one of another user does. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** From 0 to 1. */
function chance(): number {
  return randomInt(2 ** 32) / 2 ** 32;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}
