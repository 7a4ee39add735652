/**
 * Resources of a type in order: by id, which is the order of every list, or by name. Pages by index,
 * and slices behind or before a resource; marks keep deep pages near.
 */
import { LIMITS } from '../platform/limits.ts';
import { ListMarks, type KnownMarks, type List } from './list-marks.ts';
import { ListStatement } from './list-statement.ts';
import type { Connection } from './open.ts';
import * as sql from './plan/sql.ts';
import type { NamedRow, ReadRow } from './read-row.ts';

type Extent = Pick<List, 'count' | 'shape'>;

export class ListReader {
  readonly #extent;
  readonly #page;
  readonly #slice;
  readonly #sliceBackwards;
  readonly #idFurtherOn;
  readonly #pageByName;
  readonly #pageByNameBackwards;
  readonly #sliceByName;
  readonly #sliceByNameBackwards;
  readonly #marks = new ListMarks(LIMITS.listMarks);

  constructor(db: Connection) {
    type Slice = [endpoint: number, type: string, from: string | Buffer, limit: number];
    type PageFrom = [endpoint: number, type: string, id: string, limit: number, offset: number];
    type Page = [endpoint: number, type: string, limit: number, offset: number];
    this.#extent = db.prepare<[number, string], Extent>(sql.LIST_EXTENT);
    this.#page = new ListStatement<PageFrom, ReadRow>(db, sql.RESOURCE_PAGE);
    this.#slice = new ListStatement<Slice, ReadRow>(db, sql.RESOURCE_SLICE);
    this.#sliceBackwards = new ListStatement<Slice, ReadRow>(db, sql.RESOURCE_SLICE_BACKWARDS);
    this.#idFurtherOn = db.prepare<Slice, string>(sql.ID_FURTHER_ON).pluck();
    this.#pageByName = new ListStatement<Page, NamedRow>(db, sql.RESOURCE_PAGE_BY_NAME);
    this.#pageByNameBackwards = new ListStatement<Page, NamedRow>(
      db,
      sql.RESOURCE_PAGE_BY_NAME_BACKWARDS,
    );
    this.#sliceByName = new ListStatement<Slice, NamedRow>(db, sql.RESOURCE_SLICE_BY_NAME);
    this.#sliceByNameBackwards = new ListStatement<Slice, NamedRow>(
      db,
      sql.RESOURCE_SLICE_BY_NAME_BACKWARDS,
    );
  }

  /** The list as it is in this snapshot, and no longer. */
  open(endpoint: number, type: string): List {
    const { count, shape } = this.#extent.get(endpoint, type) ?? NONE;
    return { endpoint, type, count, shape };
  }

  /**
   * Resources `offset` + 1 to `offset` + `limit`, by id.
   * @returns undefined when more than `skipMax` index entries would have to be skipped
   */
  page(list: List, offset: number, limit: number, skipMax: number): ReadRow[] | undefined {
    const { id, skip } = this.#marks.approach(list, offset);
    if (skip > skipMax) return undefined;
    const rows = this.#page.all(list.endpoint, list.type, id, limit, skip);
    this.#marks.learn(list, offset, rows);
    return rows;
  }

  /** Sets marks up to a place, so that pages there need no long skips. */
  mark(list: List, offset: number, keepGoing: () => void): void {
    // A mark that was not kept, for want of room or need, is not looked for twice.
    for (let reached = -1; ;) {
      const { place, from } = this.#marks.next(list);
      if (place > offset || place <= reached) return;
      reached = place;
      keepGoing();
      const id = this.#idFurtherOn.get(list.endpoint, list.type, from.id, from.skip);
      if (id === undefined) return;
      this.#marks.learn(list, place, [{ id }]);
    }
  }

  /** What this reader has marked, for another one; undefined for nothing. */
  knownMarks(endpoint: number, type: string): KnownMarks | undefined {
    return this.#marks.known(endpoint, type);
  }

  takeMarks(marks: KnownMarks): void {
    this.#marks.take(marks);
  }

  /** The next resources by id, behind one; backwards: those before it, downwards. */
  slice(
    { endpoint, type }: Pick<List, 'endpoint' | 'type'>,
    from: string | undefined,
    backwards: boolean,
    limit: number,
  ): ReadRow[] {
    return backwards
      ? this.#sliceBackwards.all(endpoint, type, from ?? BEHIND_ALL_TEXT, limit)
      : this.#slice.all(endpoint, type, from ?? '', limit);
  }

  /** As `page`, by name, backwards from the end. All that is skipped is walked. */
  pageByName(list: List, offset: number, backwards: boolean, limit: number): NamedRow[] {
    const statement = backwards ? this.#pageByNameBackwards : this.#pageByName;
    return statement.all(list.endpoint, list.type, limit, offset);
  }

  /** As `slice`, by name, of the resources that have one. @param from key of a name */
  sliceByName(
    { endpoint, type }: List,
    from: string | undefined,
    backwards: boolean,
    limit: number,
  ): NamedRow[] {
    return backwards
      ? this.#sliceByNameBackwards.all(endpoint, type, from ?? BEHIND_ALL_TEXT, limit)
      : this.#sliceByName.all(endpoint, type, from ?? '', limit);
  }
}

/** SQLite orders blobs behind every text. */
const BEHIND_ALL_TEXT = Buffer.alloc(0);

/** Of a type that never had a resource. */
const NONE: Extent = { count: 0, shape: 0 };
