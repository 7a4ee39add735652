/**
 * The main thread's end of the backup. When its worker dies another takes over: the spool and the
 * WAL hold everything that was not shipped. It must never say that something is stored remotely
 * before the worker has said so.
 */
import { Worker } from 'node:worker_threads';
import { LIMITS } from '../platform/limits.ts';
import { toError } from '../platform/thrown.ts';
import type { Channel } from '../threads/channel.ts';
import { numberAt, stringAt } from '../threads/frame.ts';
import { RpcClient } from '../threads/rpc-client.ts';
import {
  encode,
  NOTICE,
  type BackupMethod,
  type BackupMethods,
  type BackupSetup,
} from './messages.ts';
import { Confirmations } from './confirmations.ts';
import type { StartOutcome } from './status.ts';

export interface BackupClientEvents {
  /** One line for the operator. */
  warning(message: string): void;
  /** Another process owns a storage, or backups cannot go on: this process must stop. */
  lost(error: Error): void;
}

const WORKER_URL = new URL('./worker.ts', import.meta.url);
const STRIP_CACHE_URL = new URL('../strip-cache.js', import.meta.url);

export class BackupClient {
  readonly #setup: Omit<BackupSetup, 'open'>;
  readonly #events: BackupClientEvents;
  readonly #confirmations: Confirmations;
  #rpc: RpcClient;
  #deaths = 0;
  #begun = false;
  #finishing = false;

  private constructor(
    setup: Omit<BackupSetup, 'open'>,
    events: BackupClientEvents,
    confirmations: Confirmations,
  ) {
    this.#setup = setup;
    this.#events = events;
    this.#confirmations = confirmations;
    this.#rpc = this.#startWorker({ open: false });
  }

  /**
   * Starts the worker and waits until it has the storages and the database to start with is there.
   * @param outcomeUnknown made when nobody can tell whether a commit is stored remotely
   * @throws Error in one line when the server must not start
   */
  static async start(
    setup: Omit<BackupSetup, 'open'>,
    events: BackupClientEvents,
    outcomeUnknown: (reason: string) => Error,
  ): Promise<{ readonly client: BackupClient; readonly start: StartOutcome }> {
    const confirmations = new Confirmations(LIMITS.rpcDeadlineMs, outcomeUnknown);
    const client = new BackupClient(setup, events, confirmations);
    const hello = await client.#rpc.ready;
    // The worker is of this build: its hello is what the type says.
    return { client, start: JSON.parse(stringAt(hello, 0)) as StartOutcome };
  }

  async call<Method extends BackupMethod>(
    method: Method,
    argument: BackupMethods[Method]['argument'],
  ): Promise<BackupMethods[Method]['result']> {
    if (method === 'finish') this.#finishing = true;
    const answer = await this.#rpc.call(method, encode(argument));
    if (method === 'begin') this.#begun = true;
    return JSON.parse(stringAt(answer, 0)) as BackupMethods[Method]['result'];
  }

  /** Resolves when the commit is stored remotely. Rejects with `outcomeUnknown` after a while. */
  confirm(sequence: number): Promise<void> {
    return this.#confirmations.wait(sequence);
  }

  /** Ships what is left and ends the worker. @returns whether everything was shipped */
  async finish(budgetMs: number): Promise<boolean> {
    const gone = this.#rpc.close();
    try {
      const { shipped } = await this.call('finish', { budgetMs });
      await gone;
      return shipped;
    } finally {
      this.#confirmations.close('the backup has ended');
    }
  }

  #startWorker({ open }: Pick<BackupSetup, 'open'>): RpcClient {
    const setup: BackupSetup = { ...this.#setup, open };
    const worker = new Worker(WORKER_URL, {
      workerData: setup,
      name: 'backup',
      // Its handle on the live database file must outlive it: see `LiveFile`.
      trackUnmanagedFds: false,
      execArgv: ['--import', STRIP_CACHE_URL.href],
    });
    return this.#connect(worker);
  }

  #connect(channel: Channel): RpcClient {
    return new RpcClient(channel, {
      maxInFlight: LIMITS.backupCalls,
      maxInFlightBytes: LIMITS.rpcInFlightBytes,
      deadlineMs: LIMITS.backupCallMs,
      rebuildError: ({ code, message }) => Object.assign(new Error(message), { name: code }),
      overloaded: () => new Error('too many requests wait for the backup'),
      outcomeUnknown: (reason) => new Error(`the backup did not answer: ${reason}`),
      onDeath: (error) => void this.#replaceWorker(error),
      onNotice: (name, frame) => {
        if (name === NOTICE.shipped) this.#confirmations.confirmed(numberAt(frame, 0));
        else if (name === NOTICE.fenced) this.#fenced(stringAt(frame, 0));
        else this.#events.warning(stringAt(frame, 0));
      },
    });
  }

  /** Who waits for a confirmation hears at once that it will not come: a stop waits for them. */
  #fenced(message: string): void {
    this.#confirmations.close(message);
    this.#events.lost(new Error(message));
  }

  async #replaceWorker(error: Error): Promise<void> {
    this.#deaths += 1;
    if (this.#finishing || !this.#begun || this.#deaths > LIMITS.backupWorkerDeaths) {
      this.#events.lost(error);
      return;
    }
    this.#events.warning(`the backup worker died (${error.message}); another takes over`);
    try {
      this.#rpc = this.#startWorker({ open: true });
      await this.#rpc.ready;
      await this.call('begin', null);
    } catch (cause) {
      this.#events.lost(toError(cause));
    }
  }
}
