/**
 * A small model of everything that fills a storage: commits, segments, snapshots, gaps, crashes with
 * and without the disk, a fenced process that goes on storing. A database's content is the list of
 * its commits, so that what a plan restores can be compared with what was true. Where a chain goes on
 * is for the product's own backlog and rules to say.
 */
import fc from 'fast-check';
import { Backlog } from '../backlog.ts';
import type { ChainEntry, Head, Manifest, SnapshotEntry } from '../manifest.ts';
import { segmentName, snapshotName, type SegmentEntry } from '../object-names.ts';
import { chainBehind, onwardFrom, remoteEndOf } from '../onward.ts';
import { planRestore, type RestorePlan } from '../restore-plan.ts';
import type { SpooledSegment } from '../spool.ts';
import type { SpoolPosition } from '../spool-position.ts';
import { headOf } from './head-samples.ts';
import { EPOCH, manifestOf, snapshotAt } from './manifest-samples.ts';

/** Each commit has an id of its own: one that is lost and one that takes its place differ. */
type Content = readonly number[];

/** A spool in memory. Another storage lacks everything, so nothing is ever removed. */
interface ModelSpool {
  readonly segments: SpooledSegment[];
  position: SpoolPosition;
}

export type Step =
  /** What goes on most of the time: each commit becomes a segment, which is stored and published. */
  | { readonly kind: 'work'; readonly commits: readonly number[] }
  | { readonly kind: 'commit' | 'spool'; readonly count: number }
  /** `lost`: an upload among them fails, so none of them is published. */
  | {
      readonly kind: 'ship';
      readonly count: number;
      readonly publish: boolean;
      readonly lost: number | undefined;
    }
  /** `late`: that it is pinned is heard of when the next run has begun. */
  | { readonly kind: 'snapshot'; readonly back: number; readonly late: boolean }
  /** `gap`: commits are missing in the spool. `drop`: the storage's backlog is given up. */
  | { readonly kind: 'gap' | 'drop' }
  /** `leftovers`: stored by the former process when the next one has begun. */
  | { readonly kind: 'restart'; readonly diskLost: boolean; readonly leftovers: number };

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 10,
      arbitrary: fc.record({
        kind: fc.constant('work' as const),
        commits: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }),
      }),
    },
    { weight: 3, arbitrary: counted('commit') },
    { weight: 3, arbitrary: counted('spool') },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('ship' as const),
        count: fc.integer({ min: 1, max: 3 }),
        publish: fc.boolean(),
        lost: fc.option(fc.nat(2), { nil: undefined, freq: 4 }),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('snapshot' as const),
        back: fc.nat(4),
        late: fc.boolean(),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('gap' as const, 'drop' as const) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('restart' as const),
        diskLost: fc.boolean(),
        leftovers: fc.nat(3),
      }),
    },
  ),
  { maxLength: 40, size: 'max' },
);

function counted<K extends 'commit' | 'spool'>(kind: K) {
  return fc.record({ kind: fc.constant(kind), count: fc.integer({ min: 1, max: 4 }) });
}

const SECOND = 1000;
const EVERYTHING = { kind: 'ship', count: Infinity, publish: true, lost: undefined } as const;

export class HistoryModel {
  /** What is true: the commits of the database, and when each was made. */
  #commits: { readonly id: number; readonly at: number }[] = [];
  #now = EPOCH;
  #nextId = 1;
  #spool = spoolAt(0);
  #backlog = new Backlog(this.#spool);
  #needsSnapshot = true;
  /** The commit at which this process found the database: it takes snapshots of no earlier one. */
  #openedAt = 0;
  #chains: ChainEntry[] = [];
  readonly #snapshots: SnapshotEntry[] = [];
  readonly #contents = new Map<string, Content>();
  readonly #segments = new Map<string, SegmentEntry>();
  #head: Head = headOf({ manifest: 1 });

  constructor(plan: readonly Step[]) {
    this.#commit(3);
    this.#snapshot({ kind: 'snapshot', back: 1, late: false });
    for (const step of plan) this.#apply(step);
  }

  get head(): Head {
    return this.#head;
  }

  get manifest(): Manifest {
    return manifestOf({ snapshots: this.#snapshots, chains: this.#chains });
  }

  /** As a storage lists them. */
  get segments(): SegmentEntry[] {
    return [...this.#segments.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The newest commit. */
  get sequence(): number {
    return this.#commits.length;
  }

  timeOf(sequence: number): number {
    return this.#commits[sequence - 1]?.at ?? 0;
  }

  /** Whether the plan makes exactly what was true at its position. */
  isExact({ snapshot, segments, sequence, at }: RestorePlan): boolean {
    let content = this.#contents.get(snapshot.name) ?? [];
    for (const { name, from } of segments) {
      if (from > content.length) return false;
      content = [...content.slice(0, from), ...(this.#contents.get(name) ?? [])];
    }
    const truth = this.#contentAt(sequence);
    return (
      at >= this.timeOf(sequence) &&
      content.length === sequence &&
      content.every((id, index) => id === truth[index])
    );
  }

  #apply(step: Step): void {
    switch (step.kind) {
      case 'work':
        for (const count of step.commits) {
          this.#commit(count);
          this.#spoolUpTo(this.sequence);
          this.#ship(EVERYTHING);
        }
        return;
      case 'commit':
        this.#commit(step.count);
        return;
      case 'spool':
        this.#spoolUpTo(this.#spool.position.sequence + step.count);
        return;
      case 'ship':
        this.#ship(step);
        return;
      case 'snapshot':
        this.#snapshot(step);
        return;
      case 'gap': {
        const { run } = this.#spool.position;
        this.#spool.position = positionAt(this.sequence, run + 1, this.sequence);
        return;
      }
      case 'drop':
        this.#needsSnapshot = true;
        this.#backlog.drop();
        return;
      case 'restart':
        this.#restart(step);
    }
  }

  #commit(count: number): void {
    for (let n = 0; n < count; n += 1) {
      this.#now += SECOND;
      this.#commits.push({ id: this.#nextId, at: this.#now });
      this.#nextId += 1;
    }
  }

  #spoolUpTo(sequence: number): void {
    const { sequence: from, ...end } = this.#spool.position;
    const to = Math.min(sequence, this.sequence);
    if (to <= from) return;
    const ids = this.#contentAt(to).slice(from);
    const path = `spool/${ids.join()}`;
    this.#contents.set(path, ids);
    const segment = { run: end.run, from, to, at: this.timeOf(to), sha256: hashOf(ids), bytes: 1 };
    this.#spool.segments.push({ ...segment, path });
    this.#spool.position = { ...end, sequence: to };
  }

  #ship({ count, publish, lost }: Extract<Step, { kind: 'ship' }>): void {
    if (this.#needsSnapshot) return;
    const batch = this.#backlog.nextBatch(count);
    const stored = batch.filter((_, index) => index !== lost).map((one) => this.#store(one));
    const last = stored.at(-1);
    if (last === undefined || stored.length < batch.length || !publish) return;
    const { sequence, segment } = this.#head;
    if (last.to > sequence || (last.to === sequence && segment === undefined)) {
      this.#publish({ sequence: last.to, segment: last.name, at: last.at });
    }
    this.#backlog.moveTo({ run: this.#backlog.next.run, sequence: last.to });
  }

  #store({ path, ...spooled }: SpooledSegment, chain = this.#head.chain): SegmentEntry {
    const parts = { ...spooled, chain };
    const entry = { ...parts, name: segmentName(parts) };
    this.#segments.set(entry.name, entry);
    this.#contents.set(entry.name, this.#contents.get(path) ?? []);
    return entry;
  }

  /** As the shipper lists one. */
  #snapshot({ back, late }: Extract<Step, { kind: 'snapshot' }>): void {
    const newest = this.#snapshots.at(-1)?.sequence ?? 0;
    const sequence = Math.max(this.sequence - back, newest, this.#openedAt, 1);
    if (sequence > this.sequence) return;
    const { run: current, brokenAt = 0 } = this.#spool.position;
    const run = sequence < brokenAt && !late ? current - 1 : current;
    if (run > this.#backlog.next.run) this.#ship(EVERYTHING);
    this.#list(sequence);
    const ahead = sequence > this.#head.sequence;
    const behind = chainBehind(this.#backlog, { run, sequence }, this.#needsSnapshot);
    if (behind !== undefined) this.#openChain(behind);
    if (ahead) this.#publish({ sequence, at: this.timeOf(sequence), segment: undefined });
    if (behind === undefined) return;
    if (this.#backlog.moveTo({ run, sequence: behind.from })) this.#needsSnapshot = false;
  }

  #list(sequence: number): void {
    const content = this.#contentAt(sequence);
    const sha256 = hashOf(content);
    const name = snapshotName(sequence, sha256.slice(-16));
    if (this.#contents.has(name)) return;
    this.#contents.set(name, content);
    this.#snapshots.push({ ...snapshotAt(sequence, this.timeOf(sequence)), name, sha256 });
  }

  /** The next process goes on as its shipper does. */
  #restart({ diskLost, leftovers }: Extract<Step, { kind: 'restart' }>): void {
    const { chain } = this.#head;
    // Who waits for a snapshot stores no segment.
    const unshipped = this.#needsSnapshot ? [] : this.#backlog.nextBatch(leftovers);
    const end = remoteEndOf(this.#head, this.manifest, this.segments);
    if (diskLost) {
      const { sequence } = planRestore(this.#head, this.manifest, this.segments);
      this.#commits = this.#commits.slice(0, sequence);
      this.#spool = spoolAt(sequence);
    }
    this.#openedAt = this.sequence;
    this.#backlog = new Backlog(this.#spool);
    const onward = onwardFrom(this.#backlog, end);
    this.#needsSnapshot = onward === undefined;
    // Until a snapshot opens a chain, what the former process stores is still read: not modelled.
    if (onward === undefined) return;
    this.#openChain(onward);
    this.#publish({ sequence: onward.sequence, at: onward.at });
    this.#backlog.moveTo({ run: this.#spool.position.run, sequence: onward.from });
    if (diskLost) for (const segment of unshipped) this.#store(segment, chain);
  }

  #openChain({ from, continues }: Pick<ChainEntry, 'from' | 'continues'>): void {
    const chain = (this.#chains.at(-1)?.chain ?? 0) + 1;
    this.#chains = [...this.#chains, { chain, from, startedAt: this.#now, continues }];
    this.#publish({ chain });
  }

  #publish(changes: Partial<Head>): void {
    this.#head = { ...this.#head, ...changes, number: this.#head.number + 1 };
  }

  #contentAt(sequence: number): Content {
    return this.#commits.slice(0, sequence).map(({ id }) => id);
  }
}

function spoolAt(sequence: number): ModelSpool {
  return { segments: [], position: positionAt(sequence, 1) };
}

function positionAt(sequence: number, run: number, brokenAt?: number): SpoolPosition {
  return { database: 'db', run, sequence, wal: undefined, brokenAt };
}

/** Tells contents apart by their last commit. */
function hashOf(ids: Content): string {
  return (ids.at(-1) ?? 0).toString(16).padStart(64, '0');
}
