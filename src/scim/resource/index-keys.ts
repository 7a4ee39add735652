/**
 * Keys of attribute indexes: what a filter sees of a value, in a form that SQLite orders as filters
 * do. `eq`, `ne`, `gt`, `ge`, `lt` and `le` of a value and of its key hold alike, and `sw` of text:
 * text is folded unless it is caseExact and ordered by code point, times are milliseconds since 1970,
 * booleans 0 and 1. A value without a key (a time that there is not) passes none of these, `ne`
 * included; whether it is present the index does not tell. Nor has a value that is the resource's own
 * name a key, where `besideName` says so: who looks for it asks the index of names, too.
 */
import { comparisonKey } from '../filter/compare.ts';
import { parseInstant } from '../filter/instant.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { Attribute, AttributeType, IndexedPlace, ResourceType } from '../schema/attribute.ts';
import { valuesAt } from './unique-values.ts';

export type IndexKey = string | number;

/** The keys of one resource in all indexes of its type, made ahead for who writes them. */
export interface IndexKeys {
  /** What they were made for; who keeps other indexes makes its own keys. */
  readonly signatures: string;
  /** By index, in the order of `ResourceType.indexed`. */
  readonly keys: readonly (readonly IndexKey[])[];
}

/** Longer texts are cut, so that no client's text decides how large an index is. */
const KEY_UNITS_MAX = 256;

/**
 * Raised when the same values get other keys (a new fold, another length): then every index is of a
 * former signature, and is built anew.
 */
const KEY_FORM = 1;

/**
 * What an index holds: of which attribute, in the spelling that documents have it in, and how its
 * values compare. An index whose signature is another must not be used for the place.
 */
export function signatureOf({ leaf, besideName }: IndexedPlace): string {
  const beside = besideName === undefined ? '' : ` beside ${besideName.path}`;
  return `${leaf.path} ${comparisonOf(leaf)}${beside} ${KEY_FORM}`;
}

/**
 * Undefined for null, for what is not of the attribute's type, and for a time that there is not.
 * Lone surrogates, which JSON can escape and UTF-8 cannot write, become U+FFFD as SQLite would make
 * of them: keys of such texts are not exact.
 */
export function indexKey(attribute: Attribute, value: JsonValue): IndexKey | undefined {
  switch (typeof value) {
    case 'string':
      return textKey(attribute, value);
    case 'number':
      // -0 and 0 are one number.
      return isNumeric(attribute.type) ? value + 0 : undefined;
    case 'boolean':
      return attribute.type === 'boolean' ? Number(value) : undefined;
    default:
      return undefined;
  }
}

/** The keys of a resource in one index, each once. */
export function indexKeysAt(place: IndexedPlace, document: JsonObject): IndexKey[] {
  const keys = new Set<IndexKey>();
  const name = nameBeside(place, document);
  for (const value of valuesAt(place, document)) {
    const key = indexKey(place.leaf, value);
    if (key !== undefined && key !== name) keys.add(key);
  }
  return [...keys];
}

/** Undefined for a name that the index of names does not have, and for one that would be cut here. */
function nameBeside({ besideName }: IndexedPlace, document: JsonObject): IndexKey | undefined {
  if (besideName === undefined) return undefined;
  const key = indexKey(besideName, document[besideName.name] ?? null);
  return key === undefined || key === '' || !isExactKey(key) ? undefined : key;
}

/** Undefined when the type has no indexes. */
export function indexKeysOf(type: ResourceType, document: JsonObject): IndexKeys | undefined {
  const { indexed } = type;
  if (indexed.length === 0) return undefined;
  return {
    signatures: joinSignatures(indexed.map(signatureOf)),
    keys: indexed.map((place) => indexKeysAt(place, document)),
  };
}

/** As `IndexKeys.signatures` has them. */
export function joinSignatures(signatures: readonly string[]): string {
  return signatures.join('\n');
}

/**
 * Whether comparing keys with this one says the same as comparing the values: a literal of a filter
 * whose key is as long as a cut one cannot be probed, neither as a value nor as a prefix or a bound.
 * (A cut key may lack one unit, lest it end in half a character.)
 */
export function isExactKey(key: IndexKey): boolean {
  return typeof key === 'number' || key.length < KEY_UNITS_MAX - 1;
}

function textKey(attribute: Attribute, text: string): IndexKey | undefined {
  if (attribute.type === 'dateTime') {
    const instant = parseInstant(text);
    return Number.isNaN(instant) ? undefined : instant;
  }
  if (!isText(attribute.type)) return undefined;
  const key = comparisonKey(attribute, text).toWellFormed();
  return key.length <= KEY_UNITS_MAX ? key : cut(key);
}

function cut(key: string): string {
  const last = key.charCodeAt(KEY_UNITS_MAX - 1);
  const isHalf = last >= 0xd800 && last <= 0xdbff;
  return key.slice(0, isHalf ? KEY_UNITS_MAX - 1 : KEY_UNITS_MAX);
}

function comparisonOf({ type, caseExact }: Attribute): string {
  if (isNumeric(type)) return 'number';
  if (!isText(type)) return type;
  return caseExact || type === 'binary' ? 'exact' : 'folded';
}

function isNumeric(type: AttributeType): boolean {
  return type === 'integer' || type === 'decimal';
}

function isText(type: AttributeType): boolean {
  return type === 'string' || type === 'reference' || type === 'binary';
}
