/**
 * The writer behind its port: batches in, outcomes out. It runs in the DB worker thread, or on a
 * loopback port of the main thread for tests; it is the same code. Answers are posted only after
 * COMMIT, and housekeeping starts only after the answers are on their way.
 */
import type { MessagePort } from 'node:worker_threads';
import type { Clock } from '../platform/clock.ts';
import { LIMITS } from '../platform/limits.ts';
import { messageOf } from '../platform/thrown.ts';
import { lockDataFile } from '../sqlite/lock.ts';
import { describeError } from '../store/error-transport.ts';
import { StoreError } from '../store/results.ts';
import type { Frame } from '../threads/frame.ts';
import { RpcServer, type Call } from '../threads/rpc-server.ts';
import { BackgroundCheckpoint } from './background-checkpoint.ts';
import { decodeSlice, encodeOutcomes } from './bulk-messages.ts';
import { openData } from './data-files.ts';
import { FrameReader } from './frame-reader.ts';
import { changeLog, isLogChange } from './log-changes.ts';
import { readLogBundle } from './log-messages.ts';
import { LogWork } from './log-work.ts';
import { decodeCommand, encodeResult, METHOD, NOTICE } from './messages.ts';
import { openRequestLog, type Retention } from './open-request-log.ts';
import { WriterTurn, type Spooling } from './turn.ts';
import { WalGate } from './wal-gate.ts';
import { WalGeneration } from './wal-generation.ts';
import { WalPin } from './wal-pin.ts';
import type { Outcome, SliceEnd, WriterCommand } from './write-engine.ts';

export interface WriterSetup {
  readonly path: string;
  readonly synchronous: 'FULL' | 'NORMAL';
  /** Used when the data file is new. */
  readonly defaultEndpointId: string;
  /** Of the `WalGate` shared with the backup; undefined: there is none. */
  readonly gate: SharedArrayBuffer | undefined;
  /** Of the request log; undefined: the defaults of the options. */
  readonly retention?: Retention | undefined;
}

/** Without writes for this long, the WAL is emptied into the data file. */
const QUIET_MS = 2000;

/** Batches that go before housekeeping. */
const HOUSEKEEPING_BATCHES = 4;

/**
 * Opens the files and serves the port until told to close. A failure is told to the client.
 * @param checkpoints on a thread beside the writer's, or on its own
 */
export function hostWriter(
  port: MessagePort,
  setup: WriterSetup,
  clock: Clock,
  checkpoints: 'beside' | 'here',
): void {
  const host = new WriterHost(port, clock);
  host.start(setup, checkpoints);
}

class WriterHost {
  readonly #server: RpcServer;
  readonly #clock: Clock;
  /** In the order they were opened; closed from the last to the first. */
  #open: { close(): void }[] = [];
  #turn: WriterTurn | undefined;
  #housekeepingScheduled = false;
  /** Committed since the last housekeeping. */
  #batchesBefore = 0;
  #quietTimer: NodeJS.Timeout | undefined;
  #logWork: LogWork | undefined;
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

  start(setup: WriterSetup, checkpoints: 'beside' | 'here'): void {
    try {
      const now = Math.floor(this.#clock.now());
      const warn = (message: string): void => this.#server.notice(NOTICE.warning, [message]);
      this.#open.push(lockDataFile(setup.path));
      const spooling = this.#openSpooling(setup);
      const db = openData(
        setup.path,
        { synchronous: setup.synchronous },
        now,
        setup.defaultEndpointId,
      );
      this.#open.push(db);
      const log = openRequestLog(setup, this.#clock, warn);
      this.#logWork = new LogWork(log, this.#clock);
      this.#open.push(log, this.#logWork);
      const background = checkpoints === 'beside' ? this.#openBackground(setup, warn) : undefined;
      this.#turn = new WriterTurn(db, log, this.#clock, warn, spooling, background);
      this.#server.hello([this.#turn.commitSequence]);
      // Where there may be a backup, the WAL of the last process stays as it is until the pin is held.
      if (spooling === undefined) this.#scheduleHousekeeping();
    } catch (error) {
      // What stops a start is told in one line; a stack would bury it.
      this.#server.helloFailed(new StoreError('unavailable', messageOf(error)));
      this.#closeAll();
    }
  }

  /** Before the writer's connection, so that they close after it: see `WalPin`. */
  #openSpooling(setup: WriterSetup): Spooling | undefined {
    if (setup.gate === undefined) return undefined;
    const spooling = {
      gate: new WalGate(setup.gate),
      pin: new WalPin(setup.path),
      generation: new WalGeneration(setup.path),
    };
    this.#open.push(spooling.pin, spooling.generation);
    return spooling;
  }

  /** Closed before the writer's connection, which is the one that empties the WAL. */
  #openBackground(
    { path, synchronous }: WriterSetup,
    warn: (message: string) => void,
  ): BackgroundCheckpoint {
    const background = new BackgroundCheckpoint({ path, synchronous, warn });
    this.#open.push(background);
    return background;
  }

  #handle(calls: readonly Call[]): void {
    const turn = this.#turn;
    if (turn === undefined) return;
    const others: Call[] = [];
    let batch = new Batch();
    for (const call of calls) {
      const command = commandOf(call);
      if (command === undefined) {
        if (call.method === METHOD.log) this.#log(turn, call);
        others.push(call);
        continue;
      }
      if (!batch.hasRoomFor(command)) {
        this.#commit(turn, batch);
        // Its answers leave now: the next commit is not theirs to wait for.
        this.#server.flush();
        batch = new Batch();
      }
      batch.add(call.id, command);
    }
    this.#commit(turn, batch);
    this.#tellDamage(turn);
    this.#answerOthers(turn, others);
    this.#server.flush();
    if (others.some((call) => call.method === METHOD.close)) this.#closeAll();
    else if (batch.commands.length > 0) this.#keepHouseSoon();
    this.#logWork?.soon();
  }

  #commit(turn: WriterTurn, { ids, commands }: Batch): void {
    for (const [index, outcome] of turn.commit(commands).entries()) {
      const id = ids[index] ?? 0;
      if (outcome.ok) this.#server.reply(id, encodeEnd(outcome));
      else this.#server.refuse(id, outcome.error);
    }
  }

  #answerOthers(turn: WriterTurn, calls: readonly Call[]): void {
    for (const call of calls) {
      const refusal = this.#refusalOf(turn, call);
      if (refusal !== undefined) {
        this.#server.refuse(call.id, refusal);
        continue;
      }
      if (call.method === METHOD.gate) {
        turn.beginSpooling();
        this.#scheduleHousekeeping();
      }
      if (call.method === METHOD.close) {
        turn.finish();
        this.#closeFiles();
      }
      if (isLogChange(call)) this.#changeLog(turn, call);
      else this.#server.reply(call.id, answerOf(turn, call));
    }
  }

  #log({ log }: WriterTurn, { frame }: Call): void {
    log.addBundle(readLogBundle(new FrameReader(frame)), this.#clock.now());
  }

  #changeLog({ log }: WriterTurn, call: Call): void {
    try {
      this.#server.reply(call.id, changeLog(log, call));
    } catch (error) {
      this.#server.refuse(call.id, new StoreError('unavailable', messageOf(error)));
    }
  }

  #refusalOf(turn: WriterTurn, { method }: Call): Error | undefined {
    if (method === METHOD.gate && !turn.gated) return new Error('the gate is not set');
    return method === METHOD.ping || method === METHOD.gate ? turn.damaged : undefined;
  }

  #tellDamage(turn: WriterTurn): void {
    if (turn.damaged === undefined || this.#damageTold) return;
    this.#damageTold = true;
    this.#server.notice(NOTICE.damaged, [turn.damaged.message]);
  }

  /**
   * A batch that waits goes first, but under load one always waits: half a second went by like that,
   * and the WAL grew by 80 MB. So after a few batches it is the house's turn.
   */
  #keepHouseSoon(): void {
    this.#batchesBefore += 1;
    if (this.#batchesBefore < HOUSEKEEPING_BATCHES) this.#scheduleHousekeeping();
    else this.#keepHouse();
  }

  /** At the next free turn of the event loop. */
  #scheduleHousekeeping(): void {
    if (this.#housekeepingScheduled) return;
    this.#housekeepingScheduled = true;
    setImmediate(() => {
      this.#housekeepingScheduled = false;
      this.#keepHouse();
    });
  }

  #keepHouse(): void {
    this.#batchesBefore = 0;
    if (this.#turn === undefined) return;
    if (this.#turn.housekeeping()) this.#scheduleHousekeeping();
    this.#tellDamage(this.#turn);
    this.#restartQuietTimer(this.#turn);
  }

  #restartQuietTimer(turn: WriterTurn): void {
    // refresh() costs no allocation; the timer lives as long as the writer.
    this.#quietTimer ??= setTimeout(() => {
      if (turn.truncateWal()) this.#quietTimer?.refresh();
    }, QUIET_MS).unref();
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
    for (const file of this.#open.toReversed()) file.close();
    this.#open = [];
  }
}

/** What one transaction takes. */
class Batch {
  readonly ids: number[] = [];
  readonly commands: WriterCommand[] = [];
  #operations = 0;

  /** The server bounds the calls of a batch; a call with a slice counts with what is in it. */
  hasRoomFor(command: WriterCommand): boolean {
    if (this.#operations === 0) return true;
    return this.#operations + operationsOf(command) <= LIMITS.commitBatchCommands;
  }

  add(id: number, command: WriterCommand): void {
    this.ids.push(id);
    this.commands.push(command);
    this.#operations += operationsOf(command);
  }
}

function answerOf(turn: WriterTurn, { method }: Call): Frame {
  if (method === METHOD.metrics) return [JSON.stringify(turn.metrics())];
  return [];
}

function operationsOf(command: WriterCommand): number {
  return command.kind === 'bulkSlice' ? command.units.length : 1;
}

function commandOf({ method, frame }: Call): WriterCommand | undefined {
  if (method === METHOD.write) return decodeCommand(frame);
  return method === METHOD.bulk ? decodeSlice(frame) : undefined;
}

function encodeEnd(end: Exclude<Outcome, { ok: false }> | SliceEnd): Frame {
  return end.operations === undefined ? encodeResult(end.result) : encodeOutcomes(end.operations);
}
