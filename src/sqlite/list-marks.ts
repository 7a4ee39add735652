/**
 * Marks in long lists: the id at every so-many-th place of a type's resources, so that a deep page is
 * reached by skipping few index entries. Marks of a list are exact for as long as its `shape` stays:
 * the writer gives it a greater one, never used before, whenever a resource goes or one comes that is
 * not the last by id. So marks of one snapshot serve any other of the same shape.
 */

/** Index entries between two marks. Walking them costs about 10 µs. */
export const MARK_STEP = 256;

/** The resources of a type as one snapshot has them. */
export interface List {
  /** Row of the endpoint. */
  readonly endpoint: number;
  readonly type: string;
  readonly count: number;
  /** Tells whether marks hold. */
  readonly shape: number;
}

/** Marks of one list, as plain data that crosses threads. */
export interface KnownMarks extends Omit<List, 'count'> {
  /** At the places 0, MARK_STEP, 2 × MARK_STEP and so on, without a gap. */
  readonly ids: readonly string[];
}

/** A place in a list: `skip` resources behind the one with the id; `''` is the first. */
export interface Approach {
  readonly id: string;
  readonly skip: number;
}

interface Marks {
  readonly shape: number;
  readonly ids: string[];
}

export class ListMarks {
  readonly #idsMax: number;
  /** Least recently used first. */
  readonly #lists = new Map<string, Marks>();
  #idsHeld = 0;

  /** @param idsMax marks held over all lists; beyond, lists not used for longest are forgotten */
  constructor(idsMax: number) {
    this.#idsMax = idsMax;
  }

  /** The nearest known way to a resource. @param offset from 0 */
  approach(list: List, offset: number): Approach {
    const ids = this.#marks(list)?.ids ?? [];
    const at = Math.min(Math.floor(offset / MARK_STEP), ids.length - 1);
    const id = ids[at];
    return id === undefined ? { id: '', skip: offset } : { id, skip: offset - at * MARK_STEP };
  }

  /** Where the next mark belongs, and how it is found: it lies a step behind the last one. */
  next(list: List): { place: number; from: Approach } {
    const ids = this.#marks(list)?.ids ?? [];
    const last = ids.at(-1);
    const from = last === undefined ? { id: '', skip: 0 } : { id: last, skip: MARK_STEP };
    return { place: ids.length * MARK_STEP, from };
  }

  /**
   * Takes the marks that a page happens to hold.
   * @param offset of its first resource, from 0
   */
  learn(list: List, offset: number, page: readonly { readonly id: string }[]): void {
    const marks = this.#marks(list);
    if (marks === undefined) return;
    for (;;) {
      const next = page[marks.ids.length * MARK_STEP - offset];
      if (next === undefined) break;
      marks.ids.push(next.id);
      this.#idsHeld += 1;
    }
    this.#makeRoom();
  }

  /** All marks of a list, for another thread; undefined when none is known. */
  known(endpoint: number, type: string): KnownMarks | undefined {
    const marks = this.#lists.get(keyOf(endpoint, type));
    return marks && { endpoint, type, shape: marks.shape, ids: marks.ids };
  }

  /** Takes another thread's marks, unless those here are more or newer. */
  take({ endpoint, type, shape, ids }: KnownMarks): void {
    const key = keyOf(endpoint, type);
    const own = this.#lists.get(key);
    if (own !== undefined && own.shape > shape) return;
    if (own?.shape === shape && own.ids.length >= ids.length) return;
    this.#forget(key);
    this.#lists.set(key, { shape, ids: [...ids] });
    this.#idsHeld += ids.length;
    this.#makeRoom();
  }

  /** Undefined for a list too short to need any, and for a snapshot older than the marks. */
  #marks({ endpoint, type, count, shape }: List): Marks | undefined {
    if (count <= MARK_STEP) return undefined;
    const key = keyOf(endpoint, type);
    const known = this.#lists.get(key);
    if (known !== undefined && known.shape > shape) return undefined;
    const marks = known?.shape === shape ? known : { shape, ids: [] };
    if (known !== marks) this.#forget(key);
    this.#lists.delete(key);
    this.#lists.set(key, marks);
    return marks;
  }

  #makeRoom(): void {
    for (const key of this.#lists.keys()) {
      if (this.#idsHeld <= this.#idsMax) return;
      this.#forget(key);
    }
  }

  #forget(key: string): void {
    this.#idsHeld -= this.#lists.get(key)?.ids.length ?? 0;
    this.#lists.delete(key);
  }
}

function keyOf(endpoint: number, type: string): string {
  return `${endpoint} ${type}`;
}
