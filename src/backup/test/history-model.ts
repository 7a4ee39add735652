/**
 * A small model of everything that fills a storage: commits, segments, snapshots, gaps, crashes with
 * and without the disk, a fenced process that goes on storing. A database's content is the list of
 * its commits, so that what a plan restores can be compared with what was true.
 */
import fc from 'fast-check';
import type { ChainEntry, Head, Manifest, SnapshotEntry } from '../manifest.ts';
import { segmentName, snapshotName, type SegmentEntry } from '../object-names.ts';
import { canContinue, planRestore, type RestorePlan } from '../restore-plan.ts';
import { headOf } from './head-samples.ts';

/** Each commit has an id of its own: one that is lost and one that takes its place differ. */
type Content = readonly number[];

interface Spooled {
  readonly from: number;
  readonly to: number;
  readonly at: number;
  readonly ids: Content;
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
  | { readonly kind: 'snapshot'; readonly back: number }
  | { readonly kind: 'gap' }
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
      arbitrary: fc.record({ kind: fc.constant('snapshot' as const), back: fc.nat(4) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('gap' as const) }) },
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

export class HistoryModel {
  /** What is true: the commits of the database, and when each was made. */
  #commits: { readonly id: number; readonly at: number }[] = [];
  #now = 1_700_000_000_000;
  #nextId = 1;
  #spool: Spooled[] = [];
  #spooledTo = 0;
  #shippedTo = 0;
  #needsSnapshot = true;
  #chains: ChainEntry[] = [];
  readonly #snapshots: SnapshotEntry[] = [];
  readonly #contents = new Map<string, Content>();
  readonly #segments = new Map<string, SegmentEntry>();
  #head: Head = headOf({ manifest: 1 });

  constructor(plan: readonly Step[]) {
    this.#commit(3);
    this.#snapshot(1);
    for (const step of plan) this.#apply(step);
  }

  get head(): Head {
    return this.#head;
  }

  get manifest(): Manifest {
    return {
      format: 1,
      database: 'db',
      number: 1,
      createdAt: 0,
      snapshots: this.#snapshots,
      chains: this.#chains,
      logSnapshots: [],
      condemned: [],
    };
  }

  get segments(): SegmentEntry[] {
    return [...this.#segments.values()];
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
          this.#ship({ kind: 'ship', count: Infinity, publish: true, lost: undefined });
        }
        return;
      case 'commit':
        this.#commit(step.count);
        return;
      case 'spool':
        this.#spoolUpTo(this.#spooledTo + step.count);
        return;
      case 'ship':
        this.#ship(step);
        return;
      case 'snapshot':
        this.#snapshot(step.back);
        return;
      case 'gap':
        this.#needsSnapshot = true;
        this.#shippedTo = this.#spooledTo;
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
    const [from, to] = [this.#spooledTo, Math.min(sequence, this.sequence)];
    if (to <= from) return;
    const ids = this.#contentAt(to).slice(from);
    this.#spool.push({ from, to, at: this.timeOf(to), ids });
    this.#spooledTo = to;
  }

  #ship({ count, publish, lost }: Extract<Step, { kind: 'ship' }>): void {
    if (this.#needsSnapshot) return;
    const batch = this.#spool.filter(({ to }) => to > this.#shippedTo).slice(0, count);
    const stored = batch.filter((_, index) => index !== lost).map((one) => this.#store(one));
    const last = stored.at(-1);
    if (last === undefined || stored.length < batch.length || !publish) return;
    this.#shippedTo = last.to;
    if (last.to > this.#head.sequence) {
      this.#publish({ sequence: last.to, segment: last.name, at: last.at });
    }
  }

  #store({ ids, ...span }: Spooled): SegmentEntry {
    const { chain } = this.#head;
    const sha256 = (ids.at(-1) ?? 0).toString(16).padStart(64, '0');
    const name = segmentName({ ...span, chain, sha256 });
    const entry = { ...span, chain, sha256, name, bytes: 1 };
    this.#segments.set(name, entry);
    this.#contents.set(name, ids);
    return entry;
  }

  #snapshot(back: number): void {
    const newest = this.#snapshots.at(-1)?.sequence ?? 0;
    const sequence = Math.max(this.sequence - back, newest, 1);
    if (sequence > this.sequence) return;
    this.#list(sequence);
    const behind = this.#spool.find(({ to }) => to > Math.max(sequence, this.#shippedTo));
    const anew = Math.max(sequence, behind?.from ?? this.#spooledTo);
    const from = this.#needsSnapshot ? anew : this.#shippedTo;
    const continues = !this.#needsSnapshot;
    // Where segments follow, they move the head: it must not run ahead of them.
    const ahead = !continues && sequence > this.#head.sequence;
    this.#openChain(from, continues);
    if (ahead) this.#publish({ sequence, at: this.timeOf(sequence), segment: undefined });
    this.#shippedTo = from;
    if (from <= sequence) this.#needsSnapshot = false;
  }

  #list(sequence: number): void {
    const content = this.#contentAt(sequence);
    const sha256 = (content.at(-1) ?? 0).toString(16).padStart(64, '0');
    const name = snapshotName(sequence, sha256.slice(-16));
    if (this.#contents.has(name)) return;
    this.#contents.set(name, content);
    this.#snapshots.push({
      name,
      sequence,
      takenAt: this.timeOf(sequence),
      bytes: 1,
      sha256,
      databaseBytes: 1,
      databaseSha256: sha256,
      schemaVersion: 1,
      rows: {},
    });
  }

  /** The next process continues where the storage ends, or opens a chain behind a gap. */
  #restart({ diskLost, leftovers }: Extract<Step, { kind: 'restart' }>): void {
    const former = { spool: this.#spool, chain: this.#head.chain };
    const end = this.#storedEnd();
    if (diskLost) {
      const { sequence } = planRestore(this.#head, this.manifest, this.segments);
      this.#commits = this.#commits.slice(0, sequence);
      this.#spool = [];
      this.#spooledTo = sequence;
    }
    const isSpooled = this.#spooledTo === end || this.#spool.some(({ from }) => from === end);
    const continues = isSpooled && canContinue(this.manifest);
    const from = continues ? end : Math.max(end, this.#spooledTo);
    this.#openChain(from, continues);
    this.#shippedTo = from;
    this.#needsSnapshot = !continues;
    if (continues) this.#publish({ sequence: end });
    if (diskLost) this.#storeLeftovers(former, leftovers);
  }

  /** The head's position and the segments of its chain that follow. */
  #storedEnd(): number {
    let end = this.#head.sequence;
    for (const { chain, from, to } of this.segments.toSorted((a, b) => a.from - b.from)) {
      if (chain === this.#head.chain && from === end) end = to;
    }
    return end;
  }

  #storeLeftovers(
    former: { readonly spool: readonly Spooled[]; readonly chain: number },
    count: number,
  ): void {
    const current = this.#head;
    this.#head = { ...current, chain: former.chain };
    for (const one of former.spool.slice(-count)) if (count > 0) this.#store(one);
    this.#head = current;
  }

  #openChain(from: number, continues: boolean): void {
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
