/**
 * Rounds of kill -9 at a random moment of concurrent writes, with or without the disk, and the
 * comparison of what is there afterwards with what was acknowledged. SCIMLANE_KILL_ROUNDS runs other
 * and more rounds, SCIMLANE_SEED the same writes again.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { CHANGE_JUMP } from '../../src/backup/raise-versions.ts';
import type { Asserts, Scope } from '../support/asserts.ts';
import {
  backupStats,
  loseDisk,
  shipped,
  startBackedUp,
  type BackedUpServer,
} from '../support/backed-up-server.ts';
import { randomFrom, seedOf, type Random } from '../support/random.ts';
import { changeSequence, contentOf, readContent, type Content } from './content.ts';
import { findCut } from './cut.ts';
import { RecordingWriter, type Operation } from './recorded-writes.ts';

export interface CrashRoundsOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly diskLost: boolean;
  /** Whether a write must be there, whatever the status had said. */
  readonly mustBeThere: (operation: Operation) => boolean;
}

/** What the rounds came to, together. */
export interface CrashTally {
  acknowledged: number;
  /** Of these, how many had to be there. */
  due: number;
  /** Acknowledged, but not there afterwards. */
  lost: number;
  /** Said by the status to be stored, before the kill. */
  known: number;
}

const WRITERS = 8;
const WRITES_MAX = 400;
const START_MAX_MS = 500;
const STATUS_POLL_MS = 20;

export class CrashRounds {
  readonly #options: CrashRoundsOptions;
  readonly #random: Random;
  readonly #backedUp: BackedUpServer;
  readonly #writers: readonly RecordingWriter[];
  readonly #tally: CrashTally = { acknowledged: 0, due: 0, lost: 0, known: 0 };
  #before: Content = { states: new Map(), users: new Map(), groups: new Map() };
  #writesLeft = 0;
  /** Set: the kill waits until the status says that some of the round's writes are stored. */
  #awaitsStored = false;
  #killed = false;

  static async start(t: Scope & Asserts, options: CrashRoundsOptions): Promise<CrashRounds> {
    const random = randomFrom(seedOf(t));
    const backedUp = await startBackedUp(t, { env: options.env });
    await shipped(backedUp.admin);
    return new CrashRounds(options, random, backedUp);
  }

  private constructor(options: CrashRoundsOptions, random: Random, backedUp: BackedUpServer) {
    this.#options = options;
    this.#random = random;
    this.#backedUp = backedUp;
    this.#writers = Array.from(
      { length: WRITERS },
      (_, number) =>
        new RecordingWriter(backedUp.scim, randomFrom(random.below(2 ** 31)), `w${number}`, () =>
          this.#onAcknowledged(),
        ),
    );
  }

  get backedUp(): BackedUpServer {
    return this.#backedUp;
  }

  get tally(): Readonly<CrashTally> {
    return this.#tally;
  }

  /**
   * The kill comes after some hundred acknowledged writes.
   * @param untilStored and not before the status has said of some of them that they are stored
   * @returns whether a start was killed, too, before the one that now runs
   */
  async round(
    t: Asserts,
    { untilStored = false } = {},
  ): Promise<{ readonly startKilled: boolean }> {
    const { server } = this.#backedUp;
    this.#writesLeft = 1 + this.#random.below(WRITES_MAX);
    this.#awaitsStored = untilStored;
    this.#killed = false;
    const [known] = await Promise.all([
      this.#watch(),
      ...this.#writers.map((writer) => writer.run()),
    ]);
    const exit = await server.exit;
    t.equal(exit.signal, 'SIGKILL', exit.stderr);
    if (this.#options.diskLost) loseDisk(server);
    const startKilled = this.#random.below(2) === 0;
    if (startKilled) await this.#killStart();
    await server.startAgain();
    await this.#compare(t, known);
    return { startKilled };
  }

  /** In the middle of the others' writes. */
  #onAcknowledged(): void {
    this.#writesLeft -= 1;
    if (this.#killed || this.#writesLeft > 0 || this.#awaitsStored) return;
    this.#killed = true;
    this.#backedUp.server.signal('SIGKILL');
  }

  /**
   * Reads the status as long as there is a server. What was acknowledged before a question is
   * committed at its answer's position; once a storage has reached that, it must survive.
   * @returns how many writes of each client the status has said to be stored
   */
  async #watch(): Promise<readonly number[]> {
    let known = this.#writers.map(() => 0);
    const asked: { readonly position: number; readonly counts: readonly number[] }[] = [];
    try {
      for (;;) {
        const counts = this.#writers.map(({ acknowledged }) => acknowledged);
        const { position, storages } = await backupStats(this.#backedUp.admin);
        asked.push({ position, counts });
        const stored = storages[0]?.position ?? 0;
        while (asked[0] !== undefined && asked[0].position <= stored) {
          known = [...(asked.shift()?.counts ?? known)];
        }
        if (known.some((count) => count > 0)) this.#awaitsStored = false;
        await pause(STATUS_POLL_MS);
      }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      return known;
    }
  }

  /** Every other time the new process is killed, too: what is half restored is no database. */
  async #killStart(): Promise<void> {
    const { server } = this.#backedUp;
    const starting = server.startAgain().catch(() => undefined);
    await pause(this.#random.below(START_MAX_MS));
    server.signal('SIGKILL');
    await starting;
    await server.exit;
  }

  async #compare(t: Asserts, known: readonly number[]): Promise<void> {
    const { server, scim } = this.#backedUp;
    // A restore raises the sequence, so that no version of a write that is lost comes again.
    const raisedBy = this.#options.diskLost ? CHANGE_JUMP : 0;
    const change = changeSequence(server) - raisedBy;
    const found = await readContent(scim);
    for (const [index, writer] of this.#writers.entries()) {
      const { label, operations, acknowledged } = writer;
      const due = operations.findLastIndex(this.#options.mustBeThere);
      const heldMin = Math.max(known[index] ?? 0, due + 1);
      try {
        const { states } = contentOf(this.#before, label);
        const own = contentOf(found, label);
        const cut = findCut(states, operations, own.states, { change, heldMin });
        this.#tally.lost += Math.max(0, acknowledged - cut);
        writer.settle(own);
      } catch (error) {
        t.fail(`${label}: ${String(error)}`);
        throw error;
      }
      this.#tally.acknowledged += acknowledged;
      this.#tally.due += due + 1;
      this.#tally.known += known[index] ?? 0;
    }
    t.equal(
      found.states.size,
      this.#writers.reduce((sum, { label }) => sum + contentOf(found, label).states.size, 0),
      'nothing is there that nobody wrote',
    );
    this.#before = found;
  }
}

/** How many rounds to run: SCIMLANE_KILL_ROUNDS, or what a usual run can afford. */
export function roundsOf(usual: number): number {
  return Number(process.env['SCIMLANE_KILL_ROUNDS'] ?? usual);
}
