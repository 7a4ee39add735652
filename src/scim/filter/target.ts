/**
 * What a path in a filter leads to, from a resource or from one element of a multi-valued
 * attribute, and how its values are visited. Whatever the data look like, visiting never throws.
 */
import { foldAscii } from '../fold.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import type { Attribute, ResourceType } from '../schema/attribute.ts';
import { resolvePath } from '../schema/resolve.ts';
import type { PathText } from './ast.ts';
import { filterFault, type ValueTest } from './compare.ts';
import { quoted } from './lexer.ts';

export interface Target<T> {
  /** The attribute's value; an array when it has several. */
  readonly read: (subject: T) => JsonValue | undefined;
  /** Undefined when the path is an extension's URN and nothing more. */
  readonly attribute: Attribute | undefined;
  /** The sub-attribute that the path names, to be looked up in what `read` gives. */
  readonly sub: Attribute | undefined;
}

/** @throws ScimError 400 invalidFilter when the type has no such attribute */
export function resourceTarget(path: PathText, type: ResourceType): Target<JsonObject> {
  const resolved = resolvePath(type, path.text);
  if (resolved === undefined) {
    throw filterFault(`${type.name} has no attribute ${quoted(path.text)}`, path.at);
  }
  const { extension, attribute, sub } = resolved;
  return { read: follow(extension?.urn, attribute?.name), attribute, sub };
}

/** @throws ScimError 400 invalidFilter when the attribute has no such sub-attribute */
export function elementTarget(path: PathText, attribute: Attribute): Target<JsonValue> {
  const key = foldAscii(path.text);
  const sub = attribute.subs.get(key);
  if (sub === undefined && (attribute.type === 'complex' || key !== 'value')) {
    const names = [...attribute.subs.values()].map(({ name }) => name).join(', ') || 'value';
    throw filterFault(
      `${attribute.path} has no sub-attribute ${quoted(path.text)} (it has ${names})`,
      path.at,
    );
  }
  return { read: (element) => element, attribute, sub };
}

/** Whether any value there passes; of an absent attribute none does. */
export function someValue(value: JsonValue | undefined, test: ValueTest): boolean {
  if (value === undefined || value === null) return false;
  if (!Array.isArray(value)) return test(value);
  for (const element of value) if (element !== null && test(element)) return true;
  return false;
}

/**
 * The test of a sub-attribute as a test of the value that holds it.
 * @param assumed what an absent sub-attribute is taken for
 */
export function within(sub: Attribute, test: ValueTest, assumed?: JsonValue): ValueTest {
  const { name } = sub;
  return (holder) => isObject(holder) && someValue(holder[name] ?? assumed, test);
}

/** `pr`: neither null nor empty, nor made of such only (RFC 7644 §3.4.2.2, RFC 7643 §2.5). */
export function isPresent(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || value === '') return false;
  if (typeof value !== 'object') return true;
  return Array.isArray(value) ? value.some(isPresent) : Object.values(value).some(isPresent);
}

/** Looks up one key, or one behind the other: an extension's data are an object of their own. */
function follow(
  urn: string | undefined,
  name: string | undefined,
): (resource: JsonObject) => JsonValue | undefined {
  const [first = '', second] = [urn, name].filter((key) => key !== undefined);
  if (second === undefined) return (resource) => resource[first];
  return (resource) => {
    const data = resource[first];
    return isObject(data) ? data[second] : undefined;
  };
}
