/**
 * Operations on `schemas` (RFC 7644 §3.5.2 lets clients manage it). What is stored lists a schema if
 * and only if its data is there: so adding a URN, or naming those there are, changes nothing, and
 * removing the URN of an extension removes its data. Nothing is removed for being left out of a
 * list: clients echo lists that know less than the resource holds.
 */
import { badRequest, type ScimError } from '../errors.ts';
import { foldAscii } from '../fold.ts';
import type { JsonValue } from '../json.ts';
import { checkKnown, checkSchemas, textList } from '../resource/schemas.ts';
import type { Extension, ResourceType } from '../schema/attribute.ts';
import type { Draft } from './draft.ts';
import type { PatchOperation } from './operation.ts';
import { immutable, type PatchRules, type Target } from './target.ts';

/** @throws ScimError 400 invalidSyntax, invalidValue; mutability for what cannot be missing */
export function changeSchemas(
  type: ResourceType,
  draft: Draft,
  { selects }: Target,
  { op, value }: PatchOperation,
  rules: PatchRules,
): void {
  if (op !== 'remove') {
    checkGiven(type, op, value ?? null, rules);
    return;
  }
  const isListed = value !== undefined && value !== null;
  if (selects === undefined && !isListed) throw baseSchema(type);
  const listed = new Set(isListed ? textList(inList(value)).map(foldAscii) : []);
  const goes = (urn: string): boolean => selects?.(urn) ?? listed.has(foldAscii(urn));
  if (goes(type.schema)) throw baseSchema(type);
  for (const extension of type.extensions.values()) {
    if (goes(extension.urn)) removeExtension(draft, extension);
  }
}

/** A path that is an extension's URN alone, its object given as null, or its URN removed. */
export function removeExtension(draft: Draft, { urn, required, attributes }: Extension): void {
  if (required)
    throw badRequest(
      'mutability',
      `${urn} is required and cannot be removed; change its attributes instead`,
    );
  for (const attribute of attributes.values()) {
    const current = draft.get(urn, attribute.name);
    if (attribute.mutability === 'immutable' && current !== undefined) throw immutable(attribute);
  }
  draft.set(undefined, urn, undefined);
}

/** One URN may be added without an array, as one element of any attribute may. */
function checkGiven(
  type: ResourceType,
  op: 'add' | 'replace',
  value: JsonValue,
  rules: PatchRules,
): void {
  const given = op === 'add' || rules.bareValues ? inList(value) : value;
  if (op === 'add') {
    const urns = textList(given);
    if (rules.unknownSchemas === 'refuse') checkKnown(type, urns);
  } else {
    if (value === null) throw baseSchema(type);
    checkSchemas(type, given, rules);
  }
}

function inList(value: JsonValue): JsonValue {
  return typeof value === 'string' ? [value] : value;
}

function baseSchema(type: ResourceType): ScimError {
  return badRequest(
    'mutability',
    `schemas is required and cannot be removed: it holds "${type.schema}" and each extension that has data`,
  );
}
