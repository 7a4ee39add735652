/**
 * Whether a resource has what its schema requires (RFC 7643 §2.2, §6). Runs over the whole
 * document, after it was read and after a PATCH: only then is it known what is missing.
 */
import { badRequest, type ScimError } from '../errors.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import type { Attribute, ResourceType } from '../schema/attribute.ts';

/**
 * An empty string counts as missing: a required value is non-empty (RFC 7643 §4.1.1).
 * @throws ScimError 400 invalidValue naming the attribute or the extension
 */
export function checkRequired(type: ResourceType, document: JsonObject): void {
  checkRequirements(type.requirements, document);
  for (const extension of type.extensions.values()) {
    const data = document[extension.urn];
    if (isObject(data)) checkRequirements(extension.requirements, data);
    else if (extension.required) throw missing(extension.urn);
  }
}

/** @throws ScimError 400 invalidValue when the value lacks a required sub-attribute */
export function checkRequiredSubs(attribute: Attribute, value: JsonValue): void {
  if (!isObject(value)) return;
  for (const sub of attribute.requiredSubs) {
    if (isMissing(value[sub.name])) throw missing(sub.path);
  }
}

function checkRequirements(requirements: readonly Attribute[], data: JsonObject): void {
  for (const attribute of requirements) {
    const value = data[attribute.name];
    if (value === undefined || isMissing(value)) {
      if (attribute.required) throw missing(attribute.path);
    } else if (Array.isArray(value)) {
      for (const element of value) checkRequiredSubs(attribute, element);
    } else {
      checkRequiredSubs(attribute, value);
    }
  }
}

function isMissing(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || value === '') return true;
  return Array.isArray(value) && value.length === 0;
}

function missing(path: string): ScimError {
  return badRequest('invalidValue', `${path} is required: give it a value`);
}
