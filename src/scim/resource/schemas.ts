/**
 * The `schemas` of a body (RFC 7643 §3, §3.1). What is stored is derived from the data that is
 * there, so that nothing of a client's list is ever kept; whether it must be right is the setting
 * `unknownSchemas`. Entra lists a URN for groups that nobody defines.
 */
import type { Dialect } from '../dialect.ts';
import { badRequest } from '../errors.ts';
import { foldAscii } from '../fold.ts';
import type { JsonValue } from '../json.ts';
import type { ResourceType } from '../schema/attribute.ts';
import { kindOf, quoted } from './wording.ts';

const NONE: readonly string[] = [];

export type SchemasOptions = Pick<Dialect, 'unknownSchemas'>;

/**
 * @param schemas null when the body has none
 * @throws ScimError 400 invalidSyntax for what is no list of strings; 400 invalidValue, by the
 *   setting, when the type's own URN is not in it, or one that it does not have, or one twice
 */
export function checkSchemas(
  type: ResourceType,
  schemas: JsonValue,
  options: SchemasOptions,
): void {
  const urns = textList(schemas);
  if (options.unknownSchemas === 'ignore') return;
  checkKnown(type, urns);
  if (urns.some((urn) => foldAscii(urn) === foldAscii(type.schema))) return;
  throw badRequest('invalidValue', `schemas must hold ${quoted(type.schema)}`);
}

/** @throws ScimError 400 invalidValue for a URN that the type does not have, or has been given twice */
export function checkKnown(type: ResourceType, urns: readonly string[]): void {
  const seen = new Set<string>();
  for (const urn of urns) {
    const folded = foldAscii(urn);
    if (folded !== foldAscii(type.schema) && !type.extensions.has(folded)) {
      const known = [type.schema, ...[...type.extensions.values()].map((each) => each.urn)];
      throw badRequest(
        'invalidValue',
        `schemas: ${type.name} has no schema ${quoted(urn)}; it has ${known.join(', ')}`,
      );
    }
    if (seen.has(folded))
      throw badRequest('invalidValue', `schemas holds ${quoted(urn)} twice; list it once`);
    seen.add(folded);
  }
}

/** @throws ScimError 400 invalidSyntax for anything but an array of strings; null is an empty one */
export function textList(schemas: JsonValue): readonly string[] {
  if (schemas === null) return NONE;
  if (isTextList(schemas)) return schemas;
  const given = Array.isArray(schemas) ? 'holds something else' : `is ${kindOf(schemas)}`;
  throw badRequest('invalidSyntax', `schemas must be an array of strings, but ${given}`);
}

function isTextList(value: JsonValue): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
