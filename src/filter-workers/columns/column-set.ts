/**
 * The resources of one type of one endpoint, as columns. A resource has a slot; what changes gets a
 * new slot behind all others, and its old one is dead, so that columns only ever grow at their end.
 * Places are the resources in the order of lists. Whoever reads calls `refresh` first, in the
 * snapshot that the request sees.
 */
import { assert } from '../../platform/assert.ts';
import type { FilterNode } from '../../scim/filter/ast.ts';
import { isObject, type JsonValue } from '../../scim/json.ts';
import { beforeFirst, isNamed, nameBytes, nextMember } from '../../scim/resource/json-members.ts';
import type { ResourceType } from '../../scim/schema/attribute.ts';
import type { Reader } from '../../sqlite/reader.ts';
import { AttributeTable } from './attribute-table.ts';
import { IntList } from './numbers.ts';
import { slotMask } from './predicate.ts';
import { lacking, type Wanted } from './wanted.ts';

/** About what a map entry and the numbers of a resource take. */
const RESOURCE_BYTES = 80;
const NOWHERE = -1;

export interface Reading {
  /** Resources read at a time. */
  readonly sliceRows: number;
  /** Called before each slice; throws to end the reading. */
  readonly keepGoing: () => void;
}

/** A member of stored documents, and the tables that hold something of it. */
interface Source {
  readonly name: Uint8Array;
  /** A table is of the member itself, or of one in it, which is an extension's object. */
  readonly parts: readonly SourcePart[];
}

interface SourcePart {
  readonly inner: string | undefined;
  /** Of its table. */
  readonly index: number;
}

export class ColumnSet {
  readonly type: ResourceType;
  readonly #endpoint: number;
  #wanted: Wanted = new Map();
  #tables: readonly AttributeTable[] = [];
  #sources: readonly Source[] = [];
  /** By place. */
  readonly #slotAt = new IntList();
  readonly #placeOf = new Map<number, number>();
  readonly #rowOfPlace: number[] = [];
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
  }

  /** About what it takes in memory. */
  get bytes(): number {
    let bytes = this.#placeOf.size * RESOURCE_BYTES + this.#slotAt.bytes;
    for (const table of this.#tables) bytes += table.bytes;
    return bytes;
  }

  /** Whether so much of it is dead that it should be built anew. */
  get isWorn(): boolean {
    return this.#slots > 2 * this.#placeOf.size + 1000;
  }

  /**
   * Makes the set hold what is wanted, as of the reader's snapshot. When `keepGoing` ends it, the next
   * one goes on from there, but for columns of resources that the set had already.
   * @throws IrregularValue when a document holds what no column can: the set is of no use then
   */
  bring(reader: Reader, wanted: Wanted, reading: Reading): void {
    const missing = lacking(this.#wanted, wanted);
    const isNew = this.#slots === 0;
    if (isNew) this.#add(missing, emptyTables(missing));
    this.#refresh(reader, reading);
    if (!isNew && missing.size > 0)
      this.#add(missing, this.#filledTables(reader, missing, reading));
  }

  /** Whether the filter holds, by place. */
  matches(filter: FilterNode): (place: number) => boolean {
    const mask = slotMask(filter, this.type, this.#slots, (path) => this.#table(path));
    const slotAt = this.#slotAt.all;
    return (place) => mask[slotAt[place] ?? NOWHERE] === 1;
  }

  /** How many places there are. */
  get places(): number {
    return this.#slotAt.length;
  }

  placeOf(row: number): number | undefined {
    return this.#placeOf.get(row);
  }

  rowAt(place: number): number {
    const row = this.#rowOfPlace[place];
    assert(row !== undefined, 'a place has a row');
    return row;
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
    if (shape !== this.#shape || this.#placeOf.size !== count) this.#reorder(reader, count);
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
      for (const { row, document, version } of rows) {
        this.#changedTo = version;
        const place = this.#placeOf.get(row);
        if (place === undefined) continue;
        this.#slotAt.set(place, this.#slots);
        this.#addSlot(document);
      }
      if (rows.length < sliceRows) return;
    }
  }

  #readCreated({ changes }: Reader, { sliceRows, keepGoing }: Reading): void {
    for (;;) {
      keepGoing();
      const rows = changes.created(this.#endpoint, this.type.name, this.#createdTo, sliceRows);
      for (const { row, document } of rows) {
        this.#createdTo = row;
        this.#addPlace(row, this.#slots);
        this.#addSlot(document);
      }
      if (rows.length < sliceRows) return;
    }
  }

  /** Places as the list has them now: some are gone, or one came between others. */
  #reorder({ changes }: Reader, count: number): void {
    const slots = new Map<number, number>();
    const slotAt = this.#slotAt.all;
    for (const [row, place] of this.#placeOf) slots.set(row, slotAt[place] ?? NOWHERE);
    this.#slotAt.clear();
    this.#placeOf.clear();
    this.#rowOfPlace.length = 0;
    for (const row of changes.rowsById(this.#endpoint, this.type.name, count)) {
      const slot = slots.get(row);
      assert(slot !== undefined, 'every resource has been read');
      this.#addPlace(row, slot);
    }
  }

  #addPlace(row: number, slot: number): void {
    this.#placeOf.set(row, this.#slotAt.length);
    this.#slotAt.push(slot);
    this.#rowOfPlace.push(row);
  }

  #addSlot(document: Buffer): void {
    const values = valuesOf(document, this.#sources, this.#tables.length);
    for (const [index, table] of this.#tables.entries()) table.push(values[index]);
    this.#slots += 1;
  }

  #add(wanted: Wanted, tables: readonly AttributeTable[]): void {
    const replaced = new Set(tables.map(({ attribute }) => attribute.path));
    const kept = this.#tables.filter(({ attribute }) => !replaced.has(attribute.path));
    const added = new Map([...this.#wanted, ...wanted]);
    this.#tables = [...kept, ...tables];
    this.#wanted = new Map(
      this.#tables.flatMap(({ attribute: { path } }) => {
        const entry = added.get(path);
        return entry === undefined ? [] : [[path, entry] as const];
      }),
    );
    this.#sources = sourcesOf(this.#wanted);
  }

  /** Tables of more attributes, for the slots that there are. A dead slot has nothing in them. */
  #filledTables(
    { changes }: Reader,
    wanted: Wanted,
    { sliceRows, keepGoing }: Reading,
  ): AttributeTable[] {
    const tables = emptyTables(wanted);
    const sources = sourcesOf(wanted);
    const bySlot = new Array<(JsonValue | undefined)[] | undefined>(this.#slots);
    const slotAt = this.#slotAt.all;
    for (let from = 0, more = true; more;) {
      keepGoing();
      const rows = changes.created(this.#endpoint, this.type.name, from, sliceRows);
      for (const { row, document } of rows) {
        from = row;
        const slot = slotAt[this.#placeOf.get(row) ?? NOWHERE];
        if (slot !== undefined) bySlot[slot] = valuesOf(document, sources, tables.length);
      }
      more = rows.length === sliceRows;
    }
    for (let slot = 0; slot < this.#slots; slot += 1) {
      const values = bySlot[slot];
      for (const [index, table] of tables.entries()) table.push(values?.[index]);
    }
    return tables;
  }

  #table(path: string): AttributeTable {
    const table = this.#tables.find(({ attribute }) => attribute.path === path);
    assert(table !== undefined, 'the attribute was wanted');
    return table;
  }
}

function sourcesOf(wanted: Wanted): Source[] {
  const byMember = new Map<string, SourcePart[]>();
  for (const [index, { urn, attribute }] of [...wanted.values()].entries()) {
    const member = urn ?? attribute.name;
    const parts = byMember.get(member) ?? [];
    parts.push({ inner: urn === undefined ? undefined : attribute.name, index });
    byMember.set(member, parts);
  }
  return [...byMember].map(([name, parts]) => ({ name: nameBytes(name), parts }));
}

function emptyTables(wanted: Wanted): AttributeTable[] {
  return [...wanted.values()].map(({ attribute, keys }) => new AttributeTable(attribute, keys));
}

/** @returns by table */
function valuesOf(
  document: Buffer,
  sources: readonly Source[],
  tables: number,
): (JsonValue | undefined)[] {
  const values = new Array<JsonValue | undefined>(tables);
  const range = beforeFirst();
  let left = sources.length;
  while (left > 0 && nextMember(document, range)) {
    const source = sources.find(({ name }) => isNamed(document, range, name));
    if (source === undefined) continue;
    left -= 1;
    const text = document.toString('utf8', range.valueStart, range.valueEnd);
    const value = JSON.parse(text) as JsonValue;
    for (const { inner, index } of source.parts) {
      if (inner === undefined) values[index] = value;
      else if (isObject(value)) values[index] = value[inner];
    }
  }
  return values;
}
