/**
 * One attribute over all slots: its values as elements, none, one or several a slot, and a column for
 * each sub-attribute that a filter has named, so that a value path is evaluated element by element.
 */
import { isPresent } from '../../scim/filter/target.ts';
import { comparisonKey } from '../../scim/filter/compare.ts';
import { isObject, type JsonValue } from '../../scim/json.ts';
import type { Attribute } from '../../scim/schema/attribute.ts';
import { IntList } from './numbers.ts';
import { ScalarColumn } from './scalar-column.ts';

/** Stands for the element itself, of an attribute that is not complex. */
export const ITSELF = '';

/** A value that is none of its attribute's type cannot be put into a column. */
export class IrregularValue extends Error {
  override readonly name = 'IrregularValue';
}

interface SubColumn {
  /** Undefined for the element itself. */
  readonly sub: Attribute | undefined;
  readonly column: ScalarColumn;
}

export class AttributeTable {
  readonly attribute: Attribute;
  /** Elements before each slot, and in all behind the last. */
  readonly #offsets = new IntList();
  /** By element: 1 when there is something in it (RFC 7643 §2.5). */
  readonly #present = new IntList();
  readonly #columns = new Map<string, SubColumn>();

  /** @param keys of the sub-attributes, or ITSELF */
  constructor(attribute: Attribute, keys: Iterable<string>) {
    this.attribute = attribute;
    this.#offsets.push(0);
    for (const key of keys) {
      this.#columns.set(key, { sub: attribute.subs.get(key), column: new ScalarColumn() });
    }
  }

  get offsets(): Int32Array {
    return this.#offsets.all;
  }

  get present(): Int32Array {
    return this.#present.all;
  }

  get bytes(): number {
    let bytes = this.#offsets.bytes + this.#present.bytes;
    for (const { column } of this.#columns.values()) bytes += column.bytes;
    return bytes;
  }

  column(key: string): ScalarColumn | undefined {
    return this.#columns.get(key)?.column;
  }

  /**
   * Adds the next slot.
   * @throws IrregularValue
   */
  push(value: JsonValue | undefined): void {
    if (Array.isArray(value)) for (const element of value) this.#pushElement(element);
    else this.#pushElement(value);
    this.#offsets.push(this.#present.length);
  }

  #pushElement(element: JsonValue | undefined): void {
    if (element === undefined || element === null) return;
    this.#present.push(isPresent(element) ? 1 : 0);
    const isComplex = this.attribute.type === 'complex';
    if (isComplex !== isObject(element)) throw new IrregularValue(this.attribute.path);
    for (const { sub, column } of this.#columns.values()) {
      const value = sub !== undefined && isObject(element) ? element[sub.name] : element;
      column.push(scalar(sub ?? this.attribute, value));
    }
  }
}

function scalar(
  attribute: Attribute,
  value: JsonValue | undefined,
): string | number | boolean | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object') throw new IrregularValue(attribute.path);
  return typeof value === 'string' ? comparisonKey(attribute, value) : value;
}
