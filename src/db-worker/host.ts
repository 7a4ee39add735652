/**
 * The writer behind its port: batches in, outcomes out. It runs in the DB worker thread, or on a
 * loopback port of the main thread for tests; it is the same code. Answers are posted only after
 * COMMIT, and housekeeping starts only after the answers are on their way.
 */
import type { MessagePort } from 'node:worker_threads';
import type { Clock } from '../platform/clock.ts';
import { LIMITS } from '../platform/limits.ts';
import { lockDataFile } from '../sqlite/lock.ts';
import type { Connection } from '../sqlite/open.ts';
import type { Command } from '../store/commands.ts';
import { describeError } from '../store/error-transport.ts';
import { RpcServer, type Call } from '../threads/rpc-server.ts';
import { logPathOf, openData, openRequestLog } from './data-files.ts';
import { decodeCommand, decodeLogRows, encodeResult, METHOD, NOTICE } from './messages.ts';
import { RequestLog } from './request-log.ts';
import { WriterTurn } from './turn.ts';

export interface WriterSetup {
  readonly path: string;
  readonly synchronous: 'FULL' | 'NORMAL';
  /** Used when the data file is new. */
  readonly defaultEndpointId: string;
}

/** Without writes for this long, the WAL is emptied into the data file. */
const QUIET_MS = 2000;

/** Opens the files and serves the port until told to close. A failure is told to the client. */
export function hostWriter(port: MessagePort, setup: WriterSetup, clock: Clock): void {
  const host = new WriterHost(port, clock);
  host.start(setup);
}

class WriterHost {
  readonly #server: RpcServer;
  readonly #clock: Clock;
  #connections: Connection[] = [];
  #turn: WriterTurn | undefined;
  #housekeepingScheduled = false;
  #quietTimer: NodeJS.Timeout | undefined;
  #damageTold = false;

  constructor(port: MessagePort, clock: Clock) {
    this.#clock = clock;
    this.#server = new RpcServer(port, {
      maxBatch: LIMITS.commitBatchCommands,
      maxBatchBytes: LIMITS.commitBatchBytes,
      describeError,
      handle: (calls) => this.#handle(calls),
    });
  }

  start(setup: WriterSetup): void {
    try {
      const now = Math.floor(this.#clock.now());
      const warn = (message: string): void => this.#server.notice(NOTICE.warning, [message]);
      this.#connections.push(lockDataFile(setup.path));
      const db = openData(
        setup.path,
        { synchronous: setup.synchronous },
        now,
        setup.defaultEndpointId,
      );
      this.#connections.push(db);
      const logDb = openRequestLog(logPathOf(setup.path), now, warn);
      this.#connections.push(logDb);
      this.#turn = new WriterTurn(db, new RequestLog(logDb, warn), this.#clock, warn);
      this.#server.hello([this.#turn.commitSequence]);
      this.#scheduleHousekeeping();
    } catch (error) {
      this.#server.helloFailed(error);
      this.#closeAll();
    }
  }

  #handle(calls: readonly Call[]): void {
    const turn = this.#turn;
    if (turn === undefined) return;
    const writes: number[] = [];
    const commands: Command[] = [];
    const others: Call[] = [];
    for (const call of calls) {
      if (call.method === METHOD.write) {
        writes.push(call.id);
        commands.push(decodeCommand(call.frame));
      } else {
        if (call.method === METHOD.log)
          for (const row of decodeLogRows(call.frame)) turn.log.add(row);
        others.push(call);
      }
    }
    const outcomes = turn.commit(commands);
    for (const [index, outcome] of outcomes.entries()) {
      const id = writes[index] ?? 0;
      if (outcome.ok) this.#server.reply(id, encodeResult(outcome.result));
      else this.#server.refuse(id, outcome.error);
    }
    this.#tellDamage(turn);
    this.#answerOthers(turn, others);
    this.#server.flush();
    if (others.some((call) => call.method === METHOD.close)) this.#closeAll();
    else if (commands.length > 0) this.#scheduleHousekeeping();
  }

  #answerOthers(turn: WriterTurn, calls: readonly Call[]): void {
    for (const call of calls) {
      if (call.method === METHOD.close) {
        turn.truncateWal();
        this.#closeFiles();
      }
      if (call.method === METHOD.ping && turn.damaged !== undefined) {
        this.#server.refuse(call.id, turn.damaged);
      } else {
        this.#server.reply(call.id, []);
      }
    }
  }

  #tellDamage(turn: WriterTurn): void {
    if (turn.damaged === undefined || this.#damageTold) return;
    this.#damageTold = true;
    this.#server.notice(NOTICE.damaged, [turn.damaged.message]);
  }

  /** At the next free turn of the event loop, so that a batch that waits goes first. */
  #scheduleHousekeeping(): void {
    if (this.#housekeepingScheduled) return;
    this.#housekeepingScheduled = true;
    setImmediate(() => {
      this.#housekeepingScheduled = false;
      if (this.#turn === undefined) return;
      if (this.#turn.housekeeping()) this.#scheduleHousekeeping();
      this.#tellDamage(this.#turn);
      this.#restartQuietTimer(this.#turn);
    });
  }

  #restartQuietTimer(turn: WriterTurn): void {
    // refresh() costs no allocation; the timer lives as long as the writer.
    this.#quietTimer ??= setTimeout(() => turn.truncateWal(), QUIET_MS).unref();
    this.#quietTimer.refresh();
  }

  #closeAll(): void {
    this.#closeFiles();
    this.#server.close();
  }

  #closeFiles(): void {
    clearTimeout(this.#quietTimer);
    this.#turn = undefined;
    // The lock, opened first, closes last.
    for (const connection of this.#connections.toReversed()) connection.close();
    this.#connections = [];
  }
}
