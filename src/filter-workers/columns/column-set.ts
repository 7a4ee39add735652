/**
 * The resources of one type of one endpoint, as columns. A resource has a slot; what changes gets a
 * new slot behind all others, and its old one is dead, so that columns only ever grow at their end.
 * Places are the resources in the order of lists. Whoever reads calls `bring` first, in the snapshot
 * that the request sees.
 */
import { assert } from '../../platform/assert.ts';
import type { FilterNode } from '../../scim/filter/ast.ts';
import type { ResourceType } from '../../scim/schema/attribute.ts';
import type { CompiledSort } from '../../scim/sort/compile.ts';
import type { ReadColumnsRow } from '../../sqlite/change-reader.ts';
import type { Reader } from '../../sqlite/reader.ts';
import type { AttributeTable } from './attribute-table.ts';
import { catchUp } from './catch-up.ts';
import { Filling } from './filling.ts';
import { goneRows } from './gone-rows.ts';
import { MaskPool } from './mask.ts';
import { KnownMatches, placesIn, type Matches } from './matches.ts';
import { Places } from './places.ts';
import { slotMask } from './predicate.ts';
import { RowValues } from './row-values.ts';
import { sortOrder, type SortOrder } from './sort-order.ts';
import { lacking, type Wanted } from './wanted.ts';

/** About what a set takes that has nothing in it. */
const SET_BYTES = 2000;
/** What matches may take of a set's memory: ten times all of 100,000 resources. */
const MATCHES_BYTES = 4 * 1024 * 1024;

export interface Reading {
  /** Resources read at a time. */
  readonly sliceRows: number;
  /** Called before each slice and each condition; throws to end the reading. */
  readonly keepGoing: () => void;
}

interface Followed {
  readonly tables: readonly AttributeTable[];
  /** In the order of the tables. */
  readonly values: RowValues;
}

export class ColumnSet {
  readonly type: ResourceType;
  readonly #endpoint: number;
  /** What there are tables of, least recently used first. */
  #wanted: Wanted = new Map();
  readonly #tables = new Map<string, AttributeTable>();
  /** What the search at hand names gets each new slot; it has all slots before. */
  #followed: Followed;
  #filling: Filling | undefined;
  readonly #places = new Places();
  readonly #matches = new KnownMatches(MATCHES_BYTES);
  readonly #pool = new MaskPool();
  #slots = 0;
  /** Everything up to this change sequence has been seen. */
  #sequence = -1;
  /** The shape that the list had then. */
  #shape = -1;
  /** While reading: the last row read of those created, the last version of those changed. */
  #createdTo = 0;
  #changedTo = 0;

  /** @param endpoint its row */
  constructor(endpoint: number, type: ResourceType) {
    this.#endpoint = endpoint;
    this.type = type;
    this.#followed = { tables: [], values: new RowValues(type, new Map()) };
  }

  /** About what it takes in memory. */
  get bytes(): number {
    let bytes = SET_BYTES + this.#places.bytes + this.#matches.bytes + this.#pool.bytes;
    for (const table of this.#tables.values()) bytes += table.bytes;
    return bytes + (this.#filling?.bytes ?? 0);
  }

  /** Whether so much of it is dead that it should be built anew. */
  get isWorn(): boolean {
    return this.#slots > 2 * this.#places.count + 1000;
  }

  has(wanted: Wanted): boolean {
    return this.#slots > 0 && lacking(this.#wanted, wanted).size === 0;
  }

  /**
   * Makes the set hold what is wanted, as of the reader's snapshot. When `keepGoing` ends it, the next
   * one goes on from there.
   * @throws IrregularValue when a document holds what no column can: the set is of no use then
   */
  bring(reader: Reader, wanted: Wanted, reading: Reading): void {
    if (this.#slots === 0) this.#take(new Filling(this.type, lacking(this.#wanted, wanted)));
    this.#follow(reader, wanted, reading);
    this.#refresh(reader, reading);
    for (;;) {
      const missing = lacking(this.#wanted, wanted);
      if (missing.size === 0) break;
      // One that was ended is brought to its end first: else two could hinder each other for ever.
      this.#filling ??= new Filling(this.type, missing);
      this.#fill(reader, this.#filling, reading);
    }
    for (const path of wanted.keys()) this.#use(path);
  }

  /**
   * Lets go of what is not wanted and is made anew soonest: matches, then a reading that was ended,
   * then the attribute that was not used for longest.
   * @returns false when there is no such thing
   */
  forgetSome(wanted: Wanted): boolean {
    if (this.#matches.bytes > 0) {
      this.#matches.clear();
      return true;
    }
    if (this.#filling !== undefined && lacking(this.#wanted, wanted).size === 0) {
      this.#filling = undefined;
      return true;
    }
    for (const path of this.#wanted.keys()) {
      if (wanted.has(path)) continue;
      this.#wanted.delete(path);
      this.#tables.delete(path);
      return true;
    }
    return false;
  }

  /**
   * @param filter undefined for all
   * @param sort undefined for the order of lists
   */
  find(
    filter: FilterNode | undefined,
    sort: CompiledSort | undefined,
    keepGoing: () => void,
  ): Matches {
    const order = sort && this.#orderOf(sort);
    const key = JSON.stringify([filter, sort && sortName(sort)]);
    const known = this.#matches.get(key);
    if (known !== undefined) return known;
    const matches = { places: this.#placesOf(filter, order, keepGoing), order };
    this.#matches.keep(key, matches);
    return matches;
  }

  /** How many places there are. */
  get places(): number {
    return this.#places.count;
  }

  placeOf(row: number): number | undefined {
    return this.#places.placeOf(row);
  }

  rowAt(place: number): number {
    return this.#places.rowAt(place);
  }

  /** Reads what changed since the last time. */
  #refresh(reader: Reader, reading: Reading): void {
    const { changes, lists } = reader;
    const sequence = changes.sequence();
    if (sequence === this.#sequence) return;
    const { count, shape } = lists.open(this.#endpoint, this.type.name);
    // Whatever is read from now on is as new as this, or is told of again.
    if (this.#createdTo === 0) this.#changedTo = sequence;
    this.#readChanged(reader, reading);
    this.#readCreated(reader, reading);
    if (shape !== this.#shape || this.#places.count !== count)
      this.#reorder(reader, count, reading);
    this.#sequence = sequence;
    this.#createdTo = sequence;
    this.#changedTo = sequence;
    this.#shape = shape;
  }

  /** Of what was there before: a resource created since is read as it is now, by `#readCreated`. */
  #readChanged({ changes }: Reader, { sliceRows, keepGoing }: Reading): void {
    for (;;) {
      keepGoing();
      const rows = changes.changed(this.#endpoint, this.type.name, this.#changedTo, sliceRows);
      for (const row of rows) {
        this.#changedTo = row.version;
        if (this.#places.move(row.row, this.#slots)) this.#addSlot(row);
      }
      if (rows.length < sliceRows) return;
    }
  }

  #readCreated({ changes }: Reader, { sliceRows, keepGoing }: Reading): void {
    for (;;) {
      keepGoing();
      const rows = changes.created(this.#endpoint, this.type.name, this.#createdTo, sliceRows);
      for (const row of rows) {
        this.#createdTo = row.row;
        this.#places.add(row.row, this.#slots);
        this.#addSlot(row);
      }
      if (rows.length < sliceRows) return;
    }
  }

  /** Places as the list has them now: some are gone, or one came between others. */
  #reorder({ changes }: Reader, count: number, { keepGoing }: Reading): void {
    this.#matches.clear();
    const list = { endpoint: this.#endpoint, type: this.type.name };
    const isInOrder = !changes.isScrambled(list.endpoint, list.type);
    if (isInOrder && this.#places.count > count) {
      const missing = this.#places.count - count;
      this.#places.remove(goneRows(changes, list, this.#places.rows, missing, keepGoing));
    }
    if (isInOrder && this.#places.count === count) return;
    this.#places.arrange(changes.rowsById(list.endpoint, list.type, count));
  }

  #addSlot(row: ReadColumnsRow): void {
    this.#matches.clear();
    const { tables, values } = this.#followed;
    const found = values.of(row);
    for (const [index, table] of tables.entries()) table.push(found[index]);
    this.#filling?.note(this.#slots, row);
    this.#slots += 1;
  }

  /** Reads more attributes of the resources that there are. */
  #fill({ changes }: Reader, filling: Filling, { sliceRows, keepGoing }: Reading): void {
    const isLive = new Uint8Array(this.#slots);
    for (const slot of this.#places.slotAt) isLive[slot] = 1;
    for (let more = true; more;) {
      keepGoing();
      const rows = changes.created(this.#endpoint, this.type.name, filling.readTo, sliceRows);
      for (const row of rows) {
        const slot = this.#places.slotOf(row.row);
        assert(slot !== undefined, 'what is there has been read');
        filling.add(slot, row);
      }
      filling.flush((slot) => isLive[slot] === 1);
      more = rows.length === sliceRows;
    }
    filling.finish(this.#slots);
    this.#take(filling);
  }

  /** Its tables have all slots. */
  #take({ wanted, tables }: Filling): void {
    this.#filling = undefined;
    for (const table of tables) this.#tables.set(table.attribute.path, table);
    for (const [path, entry] of wanted) this.#wanted.set(path, entry);
  }

  #follow({ changes }: Reader, wanted: Wanted, { sliceRows, keepGoing }: Reading): void {
    const there = new Map([...this.#wanted].filter(([path]) => wanted.has(path)));
    const tables = [...there.keys()].map((path) => this.#tableOf(path));
    const values = new RowValues(this.type, there);
    const behind = { tables, values, slots: this.#slots, places: this.#places };
    catchUp(behind, changes, sliceRows, keepGoing);
    this.#followed = { tables, values };
  }

  #use(path: string): void {
    const entry = this.#wanted.get(path);
    assert(entry !== undefined, 'what is used is there');
    this.#wanted = new Map([...this.#wanted].filter(([each]) => each !== path)).set(path, entry);
  }

  #orderOf(sort: CompiledSort): SortOrder {
    const { attribute, sub } = sort;
    return this.#matches.orderOf(sortName(sort), () =>
      sortOrder(this.#places.slotAt, this.#tableOf(attribute.path), sub),
    );
  }

  #placesOf(
    filter: FilterNode | undefined,
    order: SortOrder | undefined,
    keepGoing: () => void,
  ): Int32Array {
    if (filter === undefined) {
      return order?.places ?? Int32Array.from(this.#places.slotAt, (_, place) => place);
    }
    const { type } = this;
    const tableOf = (path: string): AttributeTable => this.#tableOf(path);
    const view = { type, slots: this.#slots, tableOf, pool: this.#pool, keepGoing };
    const mask = slotMask(filter, view);
    const found = placesIn(mask, this.#places.slotAt, order);
    this.#pool.give(mask);
    return found;
  }

  #tableOf(path: string): AttributeTable {
    const table = this.#tables.get(path);
    assert(table !== undefined, 'the attribute was wanted');
    return table;
  }
}

function sortName({ attribute, sub }: CompiledSort): string {
  return `${attribute.path} ${sub?.key ?? ''}`;
}
