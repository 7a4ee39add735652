/**
 * From the WAL into the spool. Each pass turns the commits since the last one into a segment and
 * only then tells the writer that these frames may be overwritten. The invariant: a segment has as
 * many commit frames as its sequences are apart. Where that does not hold, commits are missing: a
 * gap, which ends the run, is told, and is bridged by nothing but a snapshot.
 */
import { rmSync } from 'node:fs';
import type { CommittedWal, WalGate } from '../db-worker/wal-gate.ts';
import type { Clock } from '../platform/clock.ts';
import { writeSegment } from './segment.ts';
import type { Spool, SpooledSegment } from './spool.ts';
import {
  WalChanged,
  WalDamaged,
  type WalFile,
  type WalPosition,
  type WalSpan,
} from './wal-scan.ts';

export interface SpoolerParts {
  readonly gate: WalGate;
  readonly wal: WalFile;
  readonly spool: Spool;
  readonly clock: Clock;
  /** Told of each gap, one line. */
  readonly onGap: (reason: string) => void;
}

export class Spooler {
  readonly #gate: WalGate;
  readonly #wal: WalFile;
  readonly #spool: Spool;
  readonly #clock: Clock;
  readonly #onGap: (reason: string) => void;
  #database = '';
  #run = 0;
  #sequence = 0;
  #generation = 0;
  #position: WalPosition | undefined;
  #brokenAt: number | undefined;
  #closed = true;
  #gaps = 0;

  constructor(parts: SpoolerParts) {
    this.#gate = parts.gate;
    this.#wal = parts.wal;
    this.#spool = parts.spool;
    this.#clock = parts.clock;
    this.#onGap = parts.onGap;
  }

  /** Commits up to this one are spooled. */
  get sequence(): number {
    return this.#sequence;
  }

  /** The stretch without a gap that is being spooled. */
  get run(): number {
    return this.#run;
  }

  /** Runs that ended because commits were missing. */
  get gaps(): number {
    return this.#gaps;
  }

  /** True when the spool cannot be written: nothing is spooled, and the WAL is not kept, until `reopen`. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Goes on from where the spool ended, when the WAL still leads on from there; else begins a new
   * run here. The writer has opened the database and taken its pin, and commits nothing yet.
   */
  begin(database: string): void {
    this.#database = database;
    const committed = this.#gate.committed();
    const last = this.#spool.position;
    if (last !== undefined && last.database === database) {
      this.#run = last.run;
      this.#sequence = last.sequence;
      this.#brokenAt = last.brokenAt;
      this.#closed = !this.#attach(committed, last.wal);
      if (!this.#closed) return;
      this.#endRun('commits are missing between the spool and the write-ahead log', committed);
      return;
    }
    this.#startRun(committed);
  }

  /**
   * Spools what was committed since the last pass.
   * @param upTo ends the segment at exactly this commit, which must be published
   * @returns undefined when nothing new was committed, the spool is closed or a gap was found
   */
  pass(upTo?: number): SpooledSegment | undefined {
    if (this.#closed) return undefined;
    const committed = this.#gate.committed();
    const target = upTo ?? committed.sequence;
    if (target <= this.#sequence) {
      this.#followEmptyWal(committed);
      return undefined;
    }
    try {
      return this.#spoolUpTo(target, committed);
    } catch (error) {
      if (!(error instanceof WalChanged) && !(error instanceof WalDamaged)) throw error;
      this.#endRun(error.message, committed);
      return undefined;
    }
  }

  /** Lets the WAL go rather than let it fill the disk: nothing can be spooled at the moment. */
  close(reason: string): void {
    this.#closed = true;
    this.#gaps += 1;
    this.#gate.setGated(false);
    this.#onGap(`nothing is spooled behind commit ${this.#sequence} (${reason})`);
  }

  /**
   * Begins a new run after `close`. What was committed meanwhile is in no segment.
   * @throws an error of the file system while the spool still cannot be written: the WAL stays let go
   */
  reopen(): void {
    if (!this.#closed) return;
    this.#spool.probe();
    this.#gate.setGated(true);
    this.#startRun(this.#gate.committed());
  }

  #spoolUpTo(target: number, committed: CommittedWal): SpooledSegment | undefined {
    const expected = committed.sequence - this.#sequence;
    const start = this.#startOf(committed);
    const all = this.#wal.scan(start, { untilFrames: committed.frames });
    if (all.commits !== expected) {
      const reason = `the write-ahead log holds ${all.commits} commits after ${this.#sequence}, not ${expected}: somebody else wrote to the database`;
      this.#endRun(reason, committed);
      return undefined;
    }
    // Only now is it certain that the n-th commit frame is the n-th sequence.
    const maxCommits = target - this.#sequence;
    const span =
      maxCommits === expected
        ? all
        : this.#wal.scan(start, { untilFrames: committed.frames, maxCommits });
    const segment = this.#write(span, target);
    this.#generation = committed.generation;
    this.#gate.publishSpooled({ generation: committed.generation, frames: span.end.frames });
    return segment;
  }

  #write(span: WalSpan, to: number): SpooledSegment {
    const draft = this.#spool.draftPath();
    const from = this.#sequence;
    try {
      const { bytes, sha256 } = writeSegment(this.#wal, span, draft);
      const at = Math.floor(this.#clock.now());
      const segment = this.#spool.add(
        draft,
        { run: this.#run, from, to, at, sha256, bytes },
        {
          database: this.#database,
          run: this.#run,
          sequence: to,
          wal: span.end,
          brokenAt: this.#brokenAt,
        },
      );
      this.#sequence = to;
      this.#position = span.end;
      return segment;
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
  }

  /** Where to read on: behind the last spooled frame, or at the front of a WAL begun anew. */
  #startOf(committed: CommittedWal): WalPosition {
    if (committed.generation === this.#generation && this.#position !== undefined) {
      return this.#position;
    }
    const start = this.#wal.start();
    if (start === undefined) throw new WalChanged('the write-ahead log has no header');
    return start;
  }

  /** The writer emptied a WAL that was spooled whole: there is nothing to read, and nothing to keep. */
  #followEmptyWal(committed: CommittedWal): void {
    if (committed.generation === this.#generation || committed.sequence !== this.#sequence) return;
    if (committed.frames > 0) return;
    this.#generation = committed.generation;
    this.#position = undefined;
    this.#gate.publishSpooled({ generation: committed.generation, frames: 0 });
  }

  /** @returns false when the WAL does not lead on from the spool's position */
  #attach(committed: CommittedWal, wal: WalPosition | undefined): boolean {
    const start = this.#wal.start();
    if (start === undefined || committed.frames === 0) {
      if (committed.sequence !== this.#sequence) return false;
      this.#settle(committed, undefined);
      return true;
    }
    const sameLog = wal !== undefined && wal.salt1 === start.salt1 && wal.salt2 === start.salt2;
    try {
      const span = this.#wal.scan(sameLog ? wal : start, { untilFrames: committed.frames });
      if (span.commits !== committed.sequence - this.#sequence) return false;
      this.#settle(committed, sameLog ? wal : start);
      return true;
    } catch (error) {
      if (error instanceof WalChanged || error instanceof WalDamaged) return false;
      throw error;
    }
  }

  /** From here on frames after `position` are to be spooled. */
  #settle(committed: CommittedWal, position: WalPosition | undefined): void {
    this.#generation = committed.generation;
    this.#position = position;
    this.#gate.publishSpooled({
      generation: committed.generation,
      frames: position?.frames ?? 0,
    });
  }

  #endRun(reason: string, committed: CommittedWal): void {
    this.#gaps += 1;
    this.#onGap(reason);
    this.#startRun(committed);
  }

  #startRun(committed: CommittedWal): void {
    // Until the position is on the disk.
    this.#closed = true;
    const { sequence } = committed;
    let end: WalPosition | undefined;
    try {
      const start = committed.frames === 0 ? undefined : this.#wal.start();
      end = start && this.#wal.scan(start, { untilFrames: committed.frames }).end;
    } catch (error) {
      if (!(error instanceof WalChanged) && !(error instanceof WalDamaged)) throw error;
      // The WAL began anew while nothing held it: `reopen` tries again.
      return;
    }
    const run = Math.max(this.#run, this.#spool.position?.run ?? 0) + 1;
    this.#spool.moveTo({
      database: this.#database,
      run,
      sequence,
      wal: end,
      brokenAt: sequence,
    });
    this.#run = run;
    this.#sequence = sequence;
    this.#brokenAt = sequence;
    this.#settle(committed, end);
    this.#closed = false;
  }
}
