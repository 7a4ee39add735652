/**
 * Canonical form of single attribute values: checked against the schema, in the schema's spelling,
 * without what is unassigned, readOnly or derived. It never changes its input and never descends
 * into what it drops. POST, PUT and PATCH all read values here.
 */
import type { ValueDialect } from '../dialect.ts';
import { badRequest, type ScimError } from '../errors.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import type { Attribute, Attributes } from '../schema/attribute.ts';
import { normalizeElements } from './elements.ts';
import { checkRequiredSubs } from './required.ts';
import { canonicalizeScalar, wrongType } from './scalar.ts';
import { noteKept, unknownValue, type UnknownAttributes } from './unknown.ts';

/** What an endpoint's settings say about values. */
export interface ValueOptions extends ValueDialect {
  readonly unknownAttributes: UnknownAttributes;
}

/**
 * The whole value of an attribute: an array for a multi-valued one, of which a single element may
 * come without its array (`bareValues`).
 * @returns undefined when the value means unassigned (RFC 7643 §2.5)
 * @throws ScimError 400 invalidSyntax, invalidValue
 */
export function canonicalizeValue(
  attribute: Attribute,
  value: JsonValue,
  options: ValueOptions,
): JsonValue | undefined {
  if (!attribute.multiValued) {
    if (value === null) return undefined;
    if (attribute.type !== 'complex') return canonicalizeScalar(attribute, value, options);
    return canonicalizeSingleComplex(attribute, value, options);
  }
  if (Array.isArray(value)) return canonicalizeElements(attribute, value, options);
  if (!options.bareValues && value !== null) throw wrongType(attribute, 'an array', value);
  const element = canonicalizeElement(attribute, value, options);
  return element === undefined ? undefined : [element];
}

/**
 * Elements of a multi-valued attribute: each once, one of them primary at most.
 * @returns undefined when there is none
 * @throws ScimError 400 invalidSyntax, invalidValue
 */
export function canonicalizeElements(
  attribute: Attribute,
  given: readonly JsonValue[],
  options: ValueOptions,
): JsonValue[] | undefined {
  const elements: JsonValue[] = [];
  for (const each of given) {
    const element = canonicalizeElement(attribute, each, options);
    if (element !== undefined) elements.push(element);
  }
  return elements.length === 0 ? undefined : normalizeElements(attribute, elements, options);
}

/**
 * One element of a multi-valued attribute.
 * @returns undefined for null and for an empty object
 * @throws ScimError 400 invalidSyntax, invalidValue
 */
export function canonicalizeElement(
  attribute: Attribute,
  value: JsonValue,
  options: ValueOptions,
): JsonValue | undefined {
  if (value === null) return undefined;
  if (attribute.type !== 'complex') return canonicalizeScalar(attribute, value, options);
  const element = canonicalizeComplex(attribute, value, options);
  if (attribute.requiredSubs.length > 0) checkRequiredSubs(attribute, element ?? {});
  return element;
}

/** Entra unassigns a manager with "" and with {"value":""}: a reference to nothing is none. */
function canonicalizeSingleComplex(
  attribute: Attribute,
  value: JsonValue,
  options: ValueOptions,
): JsonObject | undefined {
  if (options.bareValues && Array.isArray(value) && value.length === 0) return undefined;
  const object = canonicalizeComplex(attribute, value, options);
  if (object === undefined) return undefined;
  const reference = attribute.subs.get('value');
  return reference !== undefined && object[reference.name] === '' ? undefined : object;
}

/** A bare string stands for `{value}` (`bareValues`): Entra sends managers so, others addresses. */
function canonicalizeComplex(
  attribute: Attribute,
  value: JsonValue,
  options: ValueOptions,
): JsonObject | undefined {
  if (isObject(value)) {
    return readAttributes(value, attribute.subs, attribute.path, '.', options);
  }
  const sub = attribute.subs.get('value');
  if (typeof value !== 'string' || sub === undefined || !options.bareValues) {
    throw notAnObject(attribute, value);
  }
  return value === '' ? undefined : { [sub.name]: canonicalizeScalar(sub, value, options) };
}

function notAnObject(attribute: Attribute, value: JsonValue): ScimError {
  const { path, multiValued } = attribute;
  return wrongType({ path: multiValued ? `each element of ${path}` : path }, 'an object', value);
}

/**
 * The attributes of an extension or the sub-attributes of a complex value. It recurses from an
 * extension into its attributes and from these into their sub-attributes, never further: a
 * registry has no complex sub-attributes.
 */
export function readAttributes(
  source: JsonObject,
  attributes: Attributes,
  owner: string,
  separator: '.' | ':',
  options: ValueOptions,
): JsonObject | undefined {
  const result: JsonObject = {};
  let respelled: Set<string> | undefined;
  let kept: Set<string> | undefined;
  let empty = true;
  for (const key in source) {
    const value = source[key];
    if (value === undefined) continue;
    const attribute = attributes.named(key);
    let canonical: JsonValue | undefined;
    let name = key;
    if (attribute === undefined) {
      canonical = unknownValue(owner + separator, key, value, options.unknownAttributes);
      if (canonical !== undefined) kept = noteKept(kept, owner + separator, key);
    } else {
      name = attribute.name;
      if (key !== name) respelled = noteRespelled(respelled, source, attribute);
      if (attribute.mutability === 'readOnly' || attribute.derived) continue;
      canonical = canonicalizeValue(attribute, value, options);
    }
    if (canonical === undefined) continue;
    result[name] = canonical;
    empty = false;
  }
  return empty ? undefined : result;
}

/**
 * Refuses `userName` beside `USERNAME`. Of equal keys JSON.parse has kept the last, so that only a
 * key in another spelling than the schema's can be a second one.
 */
export function noteRespelled(
  seen: Set<string> | undefined,
  source: JsonObject,
  { name, path }: Pick<Attribute, 'name' | 'path'>,
): Set<string> {
  if (Object.hasOwn(source, name) || seen?.has(name) === true) {
    throw badRequest('invalidSyntax', `${path} is given twice, in different case; give it once`);
  }
  return (seen ?? new Set()).add(name);
}
