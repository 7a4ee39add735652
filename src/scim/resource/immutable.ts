/**
 * Immutable attributes under PUT and, as a whole, under PATCH (RFC 7644 §3.5.1, §3.5.2): a value that
 * is there must come back as it is; where there is none, one may be set. Only schemas of an
 * administrator have such attributes; those of members never reach a document.
 */
import { badRequest } from '../errors.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { sameValue } from '../same-value.ts';
import type { Attribute, Attributes, ResourceType } from '../schema/attribute.ts';

/**
 * @param current the stored document
 * @param next what shall be stored instead
 * @throws ScimError 400 mutability naming the attribute
 */
export function checkImmutable(type: ResourceType, current: JsonObject, next: JsonObject): void {
  checkAttributes(type.attributes, current, next);
  for (const { urn, attributes } of type.extensions.values()) {
    checkAttributes(attributes, objectOf(current[urn]), objectOf(next[urn]));
  }
}

function checkAttributes(attributes: Attributes, current: JsonObject, next: JsonObject): void {
  for (const attribute of attributes.values()) {
    const before = current[attribute.name];
    if (before === undefined) continue;
    const after = next[attribute.name];
    if (attribute.mutability === 'immutable') checkSame(attribute, before, after);
    else if (attribute.multiValued) checkElements(attribute, before, after);
    else checkAttributes(attribute.subs, objectOf(before), objectOf(after));
  }
}

/** Elements come and go; one that stays, by its `value`, keeps its immutable sub-attributes. */
function checkElements(
  attribute: Attribute,
  before: JsonValue,
  after: JsonValue | undefined,
): void {
  if (!hasImmutable(attribute.subs) || !Array.isArray(before) || !Array.isArray(after)) return;
  const earlier = new Map<JsonValue | undefined, JsonObject>();
  for (const element of before) if (isObject(element)) earlier.set(element['value'], element);
  for (const element of after) {
    if (!isObject(element)) continue;
    const same = earlier.get(element['value']);
    if (same !== undefined) checkAttributes(attribute.subs, same, element);
  }
}

function hasImmutable(attributes: Attributes): boolean {
  for (const attribute of attributes.values()) {
    if (attribute.mutability === 'immutable') return true;
  }
  return false;
}

function checkSame(attribute: Attribute, before: JsonValue, after: JsonValue | undefined): void {
  if (after !== undefined && sameValue(before, after)) return;
  throw badRequest(
    'mutability',
    `${attribute.path} is immutable: send the value it has, it cannot be changed or left out`,
  );
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}
