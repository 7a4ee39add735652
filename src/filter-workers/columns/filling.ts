/**
 * Further columns for slots that are there already: their resources are read once more. It takes a
 * while, and may be ended between slices; what was read then is kept, and the next search goes on.
 */
import type { JsonValue } from '../../scim/json.ts';
import type { ResourceType } from '../../scim/schema/attribute.ts';
import type { ReadColumnsRow } from '../../sqlite/change-reader.ts';
import { AttributeTable } from './attribute-table.ts';
import { RowValues } from './row-values.ts';
import type { Wanted } from './wanted.ts';

type Values = readonly (JsonValue | undefined)[];

export class Filling {
  readonly wanted: Wanted;
  readonly tables: readonly AttributeTable[];
  readonly #values: RowValues;
  /** Of slots that come later than their row does. */
  readonly #aside = new Map<number, Values>();
  /** Slots that are in the tables. */
  #slots = 0;
  /** Rows up to this one have been read. */
  #readTo = 0;

  constructor(type: ResourceType, wanted: Wanted) {
    this.wanted = wanted;
    this.#values = new RowValues(type, wanted);
    this.tables = [...wanted.values()].map(
      ({ attribute, keys }) => new AttributeTable(attribute, keys),
    );
  }

  get readTo(): number {
    return this.#readTo;
  }

  get bytes(): number {
    return this.tables.reduce((sum, table) => sum + table.bytes, this.#aside.size * 500);
  }

  /** A slot that came while this was on its way. */
  note(slot: number, row: ReadColumnsRow): void {
    this.#aside.set(slot, this.#values.of(row));
  }

  /** The next resource in the order of rows. @param slot its own */
  add(slot: number, row: ReadColumnsRow): void {
    this.#readTo = row.row;
    // One that came meanwhile is there already.
    if (slot >= this.#slots && !this.#aside.has(slot)) this.note(slot, row);
  }

  /**
   * Puts in what has its turn.
   * @param isLive whether a slot is of a resource that is still to come
   */
  flush(isLive: (slot: number) => boolean): void {
    while (this.#aside.size > 0) {
      if (!this.#aside.has(this.#slots) && isLive(this.#slots)) return;
      this.#push();
    }
  }

  /** Puts in all others, when every resource has been read. */
  finish(slots: number): void {
    while (this.#slots < slots) this.#push();
  }

  /** A dead slot has nothing in it. */
  #push(): void {
    const values = this.#aside.get(this.#slots);
    this.#aside.delete(this.#slots);
    for (const [index, table] of this.tables.entries()) table.push(values?.[index]);
    this.#slots += 1;
  }
}
