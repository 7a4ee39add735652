/**
 * What wanted attributes are in a row: members of its document, few of them found in its bytes and
 * parsed alone, and `meta`, which is made of the row's own columns.
 */
import { assert } from '../../platform/assert.ts';
import { isObject, type JsonObject, type JsonValue } from '../../scim/json.ts';
import { beforeFirst, isNamed, nameBytes, nextMember } from '../../scim/resource/json-members.ts';
import { entityTag } from '../../scim/resource/rendered.ts';
import type { ResourceType } from '../../scim/schema/attribute.ts';
import type { ReadColumnsRow } from '../../sqlite/change-reader.ts';
import { metaOf, type Wanted } from './wanted.ts';

/** Members from which on parsing the whole document is faster than finding and parsing each. */
const PARSED_WHOLE = 4;

/** A member of stored documents, and the attributes that hold something of it. */
interface Member {
  readonly name: string;
  readonly nameBytes: Uint8Array;
  /** An attribute is the member itself, or one in it, which is an extension's object. */
  readonly parts: readonly { readonly inner: string | undefined; readonly index: number }[];
}

export class RowValues {
  readonly #typeName: string;
  readonly #count: number;
  readonly #members: readonly Member[];
  /** Where `meta` is wanted, or -1. */
  readonly #metaIndex: number;

  constructor(type: ResourceType, wanted: Wanted) {
    const attributes = [...wanted.values()];
    const meta = metaOf(type);
    this.#typeName = type.name;
    this.#count = attributes.length;
    this.#metaIndex = attributes.findIndex(({ attribute }) => attribute === meta);
    this.#members = membersOf(wanted, this.#metaIndex);
  }

  /** In the order of what was wanted. */
  of(row: ReadColumnsRow): (JsonValue | undefined)[] {
    const values = new Array<JsonValue | undefined>(this.#count);
    if (this.#metaIndex >= 0) values[this.#metaIndex] = metaValue(this.#typeName, row);
    if (this.#members.length < PARSED_WHOLE) this.#findIn(row.document, values);
    else this.#parseWhole(row.document, values);
    return values;
  }

  #findIn(document: Buffer, values: (JsonValue | undefined)[]): void {
    const range = beforeFirst();
    let left = this.#members.length;
    while (left > 0 && nextMember(document, range)) {
      const member = this.#members.find(({ nameBytes }) => isNamed(document, range, nameBytes));
      if (member === undefined) continue;
      left -= 1;
      const text = document.toString('utf8', range.valueStart, range.valueEnd);
      take(member, JSON.parse(text) as JsonValue, values);
    }
  }

  #parseWhole(document: Buffer, values: (JsonValue | undefined)[]): void {
    const resource = JSON.parse(document.toString('utf8')) as JsonValue;
    assert(isObject(resource), 'a stored document is an object');
    for (const member of this.#members) take(member, ownMember(resource, member.name), values);
  }
}

function take(
  { parts }: Member,
  value: JsonValue | undefined,
  values: (JsonValue | undefined)[],
): void {
  for (const { inner, index } of parts) {
    if (inner === undefined) values[index] = value;
    else if (isObject(value)) values[index] = ownMember(value, inner);
  }
}

/** A schema may name an attribute `constructor`. */
function ownMember(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function membersOf(wanted: Wanted, metaIndex: number): Member[] {
  const byName = new Map<string, { inner: string | undefined; index: number }[]>();
  for (const [index, { urn, attribute }] of [...wanted.values()].entries()) {
    if (index === metaIndex) continue;
    const name = urn ?? attribute.name;
    const parts = byName.get(name) ?? [];
    parts.push({ inner: urn === undefined ? undefined : attribute.name, index });
    byName.set(name, parts);
  }
  return [...byName].map(([name, parts]) => ({ name, nameBytes: nameBytes(name), parts }));
}

/** As `metaText` has it, but for times, which stay numbers, and the location, which no column has. */
function metaValue(resourceType: string, row: ReadColumnsRow): JsonObject {
  const { created, lastModified, version } = row;
  return { resourceType, created, lastModified, version: entityTag(version) };
}
