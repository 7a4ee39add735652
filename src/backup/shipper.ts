/**
 * Brings the spool into one storage and keeps its lease. One loop does everything that moves the
 * head, so positions are published in order and only after what they speak of is stored. A storage
 * that fails is tried again; one whose next segment is gone waits for a snapshot. It must never skip
 * a segment.
 */
import type { Clock } from '../platform/clock.ts';
import { LIMITS } from '../platform/limits.ts';
import { messageOf } from '../platform/thrown.ts';
import { Backlog } from './backlog.ts';
import { Catalogue } from './catalogue.ts';
import { Fenced, type Lease } from './lease.ts';
import type { SnapshotEntry } from './manifest.ts';
import { chainBehind, onwardFrom, type Onward, type RemoteEnd } from './onward.ts';
import { nextChain, withChain, withLogSnapshot, withSnapshot } from './publication.ts';
import type { Listing, ShipperParts } from './shipper-parts.ts';
import type { SpooledSegment } from './spool.ts';
import type { StorageStatus } from './status.ts';
import type { Storage } from './storage/storage.ts';
import { withTimeLimit } from './storage/with-retries.ts';
import { StepLoop } from './step-loop.ts';
import { storeSegments } from './store-segments.ts';

export class Shipper {
  readonly #parts: ShipperParts;
  readonly #lease: Lease;
  readonly #backlog: Backlog;
  readonly #clock: Clock;
  readonly #catalogue: Catalogue;
  readonly #loop: StepLoop;
  readonly #listings: Listing[] = [];
  /** Where the first chain of this process begins, when the spool leads on from what is stored. */
  #onward: Onward | undefined;
  #chainIsOpen = false;
  #state: StorageStatus['state'] = 'ok';
  #answers = true;
  #lastError: string | undefined;
  #lastErrorAt: number | undefined;

  constructor(parts: ShipperParts) {
    this.#parts = parts;
    this.#lease = parts.lease;
    this.#backlog = new Backlog(parts.spool);
    this.#clock = parts.clock;
    this.#catalogue = new Catalogue(parts);
    this.#loop = new StepLoop({
      step: () => this.#step(),
      idleMs: parts.idleMs,
      backoffMs: parts.backoffMs,
      onFailure: (error, failures) => this.#failed(error, failures),
      onSuccess: () => {
        this.#answers = true;
        if (this.#state === 'retrying') this.#state = 'ok';
      },
    });
  }

  get storage(): Storage {
    return this.#parts.storage;
  }

  /** Everything up to this commit is stored. */
  get sequence(): number {
    return this.#lease.head.sequence;
  }

  /** Whether only a snapshot leads on. */
  get needsSnapshot(): boolean {
    return this.#state === 'needsSnapshot' || this.#backlog.runEnded;
  }

  /**
   * Starts to ship. When the spool leads on from what the storage holds, the chain continues.
   * @param end up to where the storage leads; undefined when it is new, or holds another history: then
   *   a snapshot leads on
   * @param run that the spool is in
   */
  begin(database: string, end: RemoteEnd | undefined, run: number): void {
    this.#catalogue.adopt(database);
    const known = end !== undefined && this.#catalogue.lastSnapshot !== undefined;
    this.#onward = known ? onwardFrom(this.#backlog, end) : undefined;
    if (this.#onward === undefined) this.#state = 'needsSnapshot';
    else this.#backlog.moveTo({ run, sequence: this.#onward.from });
    this.#loop.start();
  }

  /** Whether the storage did what it was last asked. */
  get answers(): boolean {
    return this.#answers;
  }

  /** There may be new segments, or the spool has begun a new run. */
  wake(): void {
    this.#loop.wake();
  }

  /** Whether the spool must keep the segment for this storage. */
  needs(segment: SpooledSegment): boolean {
    return this.#state !== 'fenced' && this.#backlog.holds(segment);
  }

  /** Gives up what this storage still lacks, so that the spool has room for the others. */
  dropBacklog(): void {
    if (this.#state === 'fenced') return;
    this.#state = 'needsSnapshot';
    this.#backlog.drop();
    this.#parts.events.warning(
      `${this.storage.label}: its backlog is given up; a snapshot follows as soon as it answers`,
    );
  }

  /** Resolves when the snapshot, which is stored already, is listed. */
  list(entry: SnapshotEntry, run: number, kind: 'data' | 'log'): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#listings.push({ entry, kind, run, resolve, reject });
      this.wake();
    });
  }

  /** Whether everything in the spool is stored here. */
  get caughtUp(): boolean {
    return (
      this.#state === 'ok' &&
      this.#chainIsOpen &&
      !this.#backlog.runEnded &&
      this.#listings.length === 0 &&
      this.#backlog.isEmpty
    );
  }

  /** @returns whether everything was stored before the signal ended it */
  async flush(signal: AbortSignal): Promise<boolean> {
    this.wake();
    while (!this.caughtUp && !signal.aborted && !this.#loop.signal.aborted) {
      await this.#loop.progress(signal);
    }
    return this.caughtUp;
  }

  /** Ends the loop. With `release`, the next process may take the storage at once. */
  async stop({ release }: { readonly release: boolean }): Promise<void> {
    await this.#loop.stop();
    for (const listing of this.#listings) listing.reject(new Error('the backup is stopping'));
    if (!release || this.#state === 'fenced') return;
    try {
      const timeoutMs = Math.min(this.#parts.requestTimeoutMs, LIMITS.backupLastWordMs);
      await withTimeLimit(
        (signal) => this.#lease.release(signal),
        timeoutMs,
        new AbortController().signal,
        this.storage.label,
      );
    } catch (error) {
      this.#parts.events.warning(messageOf(error));
    }
  }

  status(): StorageStatus {
    const waiting = this.#backlog.waiting();
    const { at } = this.#lease.head;
    return {
      label: this.storage.label,
      state: this.#state,
      sequence: this.sequence,
      at: at === 0 ? undefined : at,
      waitingSegments: waiting.length,
      waitingBytes: waiting.reduce((sum, { bytes }) => sum + bytes, 0),
      lastError: this.#lastError,
      lastErrorAt: this.#lastErrorAt,
      snapshots: this.#catalogue.manifest.snapshots.length,
      lastSnapshot: this.#catalogue.lastSnapshot,
    };
  }

  /** @returns whether there was something to do */
  async #step(): Promise<boolean> {
    if (this.#onward !== undefined && this.#state !== 'needsSnapshot') {
      await this.#continueChain(this.#onward);
      return true;
    }
    const batch =
      this.#state === 'needsSnapshot' ? [] : this.#backlog.nextBatch(LIMITS.backupBatchSegments);
    const listing = this.#listings[0];
    // Segments of an ended run go first: a snapshot of the next one would leave them behind.
    if (listing !== undefined && (batch.length === 0 || listing.run <= this.#backlog.next.run)) {
      await this.#list(listing);
      return true;
    }
    if (batch.length > 0) {
      await this.#storeBatch(batch);
      return true;
    }
    // The commits between two runs are in no segment.
    const leadsOn = !this.#backlog.runEnded && !this.#backlog.isBroken;
    if (this.#state === 'ok' && !leadsOn) this.#state = 'needsSnapshot';
    await this.#limited((signal) => this.#lease.renew(signal));
    return this.#limited((signal) => this.#catalogue.sweep(signal));
  }

  async #continueChain({ from, continues, sequence, at }: Onward): Promise<void> {
    const { manifest } = this.#catalogue;
    const chain = nextChain(manifest);
    const entry = { chain, from, startedAt: Math.floor(this.#clock.now()), continues };
    await this.#limited((signal) =>
      this.#catalogue.publish(withChain(manifest, entry), { chain, sequence, at }, signal),
    );
    this.#openChain();
    // The worker that stored it may have died before it could say so, and somebody waits for that.
    this.#parts.events.shipped(this.sequence);
  }

  async #storeBatch(batch: readonly SpooledSegment[]): Promise<void> {
    const { chain } = this.#lease.head;
    const bytes = batch.reduce((sum, segment) => sum + segment.bytes, 0);
    const stored = await this.#limited(
      (signal) => storeSegments(this.storage, chain, batch, signal),
      bytes,
    );
    const last = stored.at(-1);
    if (last === undefined) return;
    const isSnapshots = this.#lease.head.segment === undefined;
    // Also at the position of a snapshot that came first: only now its segments are there too.
    if (last.to > this.sequence || (last.to === this.sequence && isSnapshots)) {
      const update = { sequence: last.to, segment: last.name, at: last.at };
      await this.#limited((signal) => this.#lease.publish(update, signal));
    }
    this.#backlog.moveTo({ run: this.#backlog.next.run, sequence: last.to });
    this.#parts.events.shipped(this.sequence);
  }

  async #list(listing: Listing): Promise<void> {
    if (listing.kind === 'log') {
      const draft = withLogSnapshot(this.#catalogue.manifest, listing.entry);
      await this.#limited((signal) => this.#catalogue.publish(draft, {}, signal));
    } else {
      await this.#listSnapshot(listing);
    }
    this.#listings.shift();
    listing.resolve();
  }

  async #listSnapshot({ entry, run }: Listing): Promise<void> {
    const place = { run, sequence: entry.sequence };
    const behind = chainBehind(this.#backlog, place, this.#state === 'needsSnapshot');
    const listed = withSnapshot(this.#catalogue.manifest, entry);
    const ahead = entry.sequence > this.sequence;
    const position = ahead
      ? { sequence: entry.sequence, at: entry.takenAt, segment: undefined }
      : {};
    if (behind === undefined) {
      await this.#limited((signal) => this.#catalogue.publish(listed, position, signal));
    } else {
      const chain = nextChain(listed);
      const draft = withChain(listed, {
        chain,
        startedAt: Math.floor(this.#clock.now()),
        ...behind,
      });
      await this.#limited((signal) =>
        this.#catalogue.publish(draft, { chain, ...position }, signal),
      );
      this.#openChain();
      this.#parts.events.begunAnew();
      // Not when the backlog was given up meanwhile: then the segments from there on are gone.
      const isThere = this.#backlog.moveTo({ run, sequence: behind.from });
      if (isThere) this.#state = 'ok';
    }
    this.#parts.events.shipped(this.sequence);
  }

  #openChain(): void {
    this.#onward = undefined;
    this.#chainIsOpen = true;
  }

  /** A request is left behind when its time is over or the loop ends, whether it hears that or not. */
  #limited<T>(request: (signal: AbortSignal) => Promise<T>, bytes = 0): Promise<T> {
    const uploadMs = (bytes / LIMITS.backupUploadBytesPerSecondMin) * 1000;
    const timeoutMs = this.#parts.requestTimeoutMs + uploadMs;
    return withTimeLimit(request, timeoutMs, this.#loop.signal, this.storage.label);
  }

  #failed(error: unknown, failures: number): boolean {
    this.#lastError = messageOf(error);
    this.#lastErrorAt = this.#clock.now();
    if (error instanceof Fenced) {
      this.#state = 'fenced';
      this.#parts.events.fenced(error);
      return false;
    }
    this.#answers = false;
    if (failures === 1) this.#parts.events.warning(this.#lastError);
    if (this.#state === 'ok') this.#state = 'retrying';
    return true;
  }
}
