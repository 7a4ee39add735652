/**
 * One attribute over all slots: its values as elements, none, one or several a slot, and a column for
 * each sub-attribute that a filter or a sort has named, so that a value path is evaluated element by
 * element.
 */
import { isPresent } from '../../scim/filter/target.ts';
import { isObject, type JsonValue } from '../../scim/json.ts';
import type { Attribute } from '../../scim/schema/attribute.ts';
import type { Column, Scalar } from './column.ts';
import { InstantColumn } from './instant-column.ts';
import type { Mask } from './mask.ts';
import { ByteList, IntList } from './numbers.ts';
import { ScalarColumn } from './scalar-column.ts';
import { TextColumn } from './text-column.ts';

/** Stands for the element itself, of an attribute that is not complex. */
export const ITSELF = '';

const PRESENT = 1;
const PRIMARY = 2;
const NONE = -1;

/** A value that is none of its attribute's type cannot be put into a column. */
export class IrregularValue extends Error {
  override readonly name = 'IrregularValue';
}

interface SubColumn {
  /** Undefined for the element itself. */
  readonly sub: Attribute | undefined;
  readonly column: Column;
}

export class AttributeTable {
  readonly attribute: Attribute;
  /** Elements before each slot, and in all behind the last. */
  readonly #offsets = new IntList();
  /** By element: PRESENT and PRIMARY, or neither. */
  readonly #flags = new ByteList();
  readonly #columns = new Map<string, SubColumn>();
  #elements = 0;
  #isOnePerSlot = true;

  /** @param keys of the sub-attributes, or ITSELF */
  constructor(attribute: Attribute, keys: Iterable<string>) {
    this.attribute = attribute;
    this.#offsets.push(0);
    for (const key of keys) {
      const sub = attribute.subs.get(key);
      this.#columns.set(key, { sub, column: emptyColumn(attribute, sub) });
    }
  }

  /** Until the next `push`. */
  get offsets(): Int32Array {
    return this.#offsets.data;
  }

  get slots(): number {
    return this.#offsets.length - 1;
  }

  get elements(): number {
    return this.#elements;
  }

  /** Whether elements and slots have the same numbers. */
  get isOnePerSlot(): boolean {
    return this.#isOnePerSlot;
  }

  get bytes(): number {
    let bytes = this.#offsets.bytes + this.#flags.bytes;
    for (const { column } of this.#columns.values()) bytes += column.bytes;
    return bytes;
  }

  /** Writes for each element whether there is something in it (RFC 7643 §2.5). */
  presence(mask: Mask): void {
    const flags = this.#flags.data;
    for (let at = 0; at < this.#elements; at += 1) mask[at] = (flags[at] ?? 0) & PRESENT;
  }

  /** Of the elements of a slot, the primary one (RFC 7643 §2.4), else the first; -1 without any. */
  chosenOf(slot: number): number {
    const first = this.#offsets.data[slot] ?? 0;
    const end = this.#offsets.data[slot + 1] ?? 0;
    const flags = this.#flags.data;
    for (let element = first; element < end; element += 1) {
      if (((flags[element] ?? 0) & PRIMARY) !== 0) return element;
    }
    return first < end ? first : NONE;
  }

  column(key: string): Column | undefined {
    return this.#columns.get(key)?.column;
  }

  /**
   * Adds the next slot.
   * @throws IrregularValue
   */
  push(value: JsonValue | undefined): void {
    const before = this.#elements;
    if (Array.isArray(value)) for (const element of value) this.#pushElement(element);
    else if (value !== undefined && value !== null) this.#pushElement(value);
    if (this.#elements !== before + 1) this.#isOnePerSlot = false;
    this.#offsets.push(this.#elements);
  }

  #pushElement(element: JsonValue): void {
    const isComplex = this.attribute.type === 'complex';
    // Null in a list is nothing to a filter, but the first of them to a sort.
    if (element === null || isComplex !== isObject(element)) {
      throw new IrregularValue(this.attribute.path);
    }
    const isPrimary = isObject(element) && element['primary'] === true;
    this.#flags.push((isPresent(element) ? PRESENT : 0) | (isPrimary ? PRIMARY : 0));
    this.#elements += 1;
    for (const { sub, column } of this.#columns.values()) {
      const value = sub !== undefined && isObject(element) ? element[sub.name] : element;
      column.push(scalar(sub ?? this.attribute, value));
    }
  }
}

function emptyColumn(attribute: Attribute, sub: Attribute | undefined): Column {
  const leaf = sub ?? attribute;
  switch (leaf.type) {
    case 'string':
    case 'reference':
    case 'binary':
      return new TextColumn(leaf);
    case 'dateTime':
      // Those of `meta` have columns of the store; a client's are texts of any form.
      return attribute.derived ? new InstantColumn(leaf) : new ScalarColumn(leaf);
    default:
      return new ScalarColumn(leaf);
  }
}

function scalar(attribute: Attribute, value: JsonValue | undefined): Scalar | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object') throw new IrregularValue(attribute.path);
  return value;
}
