/**
 * The column sets of one thread, within a bound of memory: what was not used for longest goes first,
 * other lists before other attributes of the same list. What alone is too large is not built again
 * before its list has shrunk.
 */
import { AssertionFailed } from '../../platform/assert.ts';
import type { ResourceType } from '../../scim/schema/attribute.ts';
import type { Reader } from '../../sqlite/reader.ts';
import { ColumnSet, type Reading } from './column-set.ts';
import { IrregularValue } from './attribute-table.ts';
import { signatureOf, type Wanted } from './wanted.ts';

/** Refusals remembered; the oldest go first. */
const REFUSED_MAX = 1000;

interface Kept {
  readonly set: ColumnSet;
  /** Its bytes as they were counted last: to ask all sets would take long where they are many. */
  bytes: number;
}

interface Refused {
  readonly type: ResourceType;
  /** How many resources the list had. */
  readonly count: number;
}

/** What is wanted does not fit. */
class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

export class ColumnCache {
  readonly #bytesMax: number;
  /** Least recently used first. */
  readonly #sets = new Map<string, Kept>();
  #bytes = 0;
  /** By list and what was wanted of it. */
  readonly #refused = new Map<string, Refused>();

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** About what all sets take in memory. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether a set has what is wanted, as of some time. */
  has(endpoint: number, type: ResourceType, wanted: Wanted): boolean {
    return this.#usable(keyOf(endpoint, type), type)?.has(wanted) === true;
  }

  /**
   * A set that has what is wanted, as of the reader's snapshot.
   * @param endpoint its row
   * @returns undefined when the resources do not fit into columns
   */
  open(
    reader: Reader,
    endpoint: number,
    type: ResourceType,
    wanted: Wanted,
    reading: Reading,
  ): ColumnSet | undefined {
    const key = keyOf(endpoint, type);
    const refusal = `${key} ${signatureOf(wanted)}`;
    const { count } = reader.lists.open(endpoint, type.name);
    const refused = this.#refused.get(refusal);
    if (refused?.type === type && count > refused.count / 2) return undefined;
    this.#refused.delete(refusal);
    const kept = { set: this.#usable(key, type) ?? new ColumnSet(endpoint, type), bytes: 0 };
    this.#forget(key);
    this.#sets.set(key, kept);
    const keepGoing = (): void => {
      reading.keepGoing();
      this.#makeRoom(kept, wanted);
    };
    try {
      kept.set.bring(reader, wanted, { ...reading, keepGoing });
      this.#makeRoom(kept, wanted);
      return kept.set;
    } catch (error) {
      // What was wrong about it is wrong the next time too.
      if (error instanceof AssertionFailed) this.#forget(key);
      const isIrregular = error instanceof IrregularValue;
      if (!isIrregular && !(error instanceof TooLarge)) throw error;
      this.#forget(key);
      this.#refuse(refusal, { type, count: isIrregular ? 0 : count });
      return undefined;
    }
  }

  #refuse(refusal: string, refused: Refused): void {
    this.#refused.set(refusal, refused);
    const [oldest] = this.#refused.keys();
    if (this.#refused.size > REFUSED_MAX && oldest !== undefined) this.#refused.delete(oldest);
  }

  #usable(key: string, type: ResourceType): ColumnSet | undefined {
    const known = this.#sets.get(key)?.set;
    return known?.type === type && !known.isWorn ? known : undefined;
  }

  /** @throws TooLarge when what is wanted of the set takes too much by itself */
  #makeRoom(kept: Kept, wanted: Wanted): void {
    this.#count(kept);
    for (const [key, other] of this.#sets) {
      if (this.#bytes <= this.#bytesMax) return;
      if (other !== kept) this.#forget(key);
    }
    while (this.#bytes > this.#bytesMax) {
      if (!kept.set.forgetSome(wanted)) throw new TooLarge();
      this.#count(kept);
    }
  }

  #count(kept: Kept): void {
    const { bytes } = kept.set;
    this.#bytes += bytes - kept.bytes;
    kept.bytes = bytes;
  }

  #forget(key: string): void {
    this.#bytes -= this.#sets.get(key)?.bytes ?? 0;
    this.#sets.delete(key);
  }
}

function keyOf(endpoint: number, { name }: ResourceType): string {
  return `${endpoint} ${name}`;
}
