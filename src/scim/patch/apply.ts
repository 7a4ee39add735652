/**
 * Applies PATCH operations to a resource (RFC 7644 §3.5.2), all of them or none: they work on a
 * draft, and whoever called rolls the membership back when this throws. It runs in the writer,
 * inside the transaction, so that it does nothing that parsing could have done before.
 */
import type { JsonObject, JsonValue } from '../json.ts';
import { checkImmutable } from '../resource/immutable.ts';
import { checkRequired } from '../resource/required.ts';
import { sameValue } from '../same-value.ts';
import type { ResourceType } from '../schema/attribute.ts';
import { added } from './add.ts';
import { assigned } from './assign.ts';
import { Draft } from './draft.ts';
import { changeMembers } from './members.ts';
import type { MembershipEditor, PatchOperation, PatchOptions } from './operation.ts';
import { removed } from './remove.ts';
import { replaced } from './replace.ts';
import { changeSchemas, removeExtension } from './schemas.ts';
import {
  checkWritable,
  findTarget,
  immutable,
  isTarget,
  isWholeList,
  requiredAttribute,
  type PatchRules,
  type Target,
} from './target.ts';
import { applyUnknown } from './unknown.ts';

export type { PatchOptions } from './operation.ts';

export interface PatchResult {
  /** The document given when nothing in it changed; never changed in place. */
  readonly document: JsonObject;
  readonly membershipChanged: boolean;
}

/**
 * @param document parsed stored form: with `schemas` and `id`, without meta, members, groups
 * @param members of the group; undefined for a type without members
 * @throws ScimError 400 invalidPath, invalidValue, invalidFilter, noTarget, mutability
 */
export function applyPatch(
  type: ResourceType,
  document: JsonObject,
  operations: readonly PatchOperation[],
  options: PatchOptions,
  members: MembershipEditor | undefined,
): PatchResult {
  const draft = new Draft(document);
  let membershipChanged = false;
  for (const operation of operations) {
    if (applyOperation(type, draft, operation, options, members)) membershipChanged = true;
  }
  if (draft.document !== document) {
    if (type.hasImmutable) checkImmutable(type, document, draft.document);
    checkRequired(type, draft.document);
  }
  return { document: draft.document, membershipChanged };
}

/** @returns whether the membership changed */
export function applyOperation(
  type: ResourceType,
  draft: Draft,
  operation: PatchOperation,
  rules: PatchRules,
  members: MembershipEditor | undefined,
): boolean {
  const target = findTarget(type, operation.path, rules);
  if (target === undefined) {
    applyUnknown(type, draft, operation, rules);
    return false;
  }
  if (!isTarget(target)) {
    if (operation.op !== 'add') removeExtension(draft, target);
    return false;
  }
  if (target.attribute.key === 'schemas') {
    changeSchemas(type, draft, target, operation, rules);
    return false;
  }
  checkWritable(target);
  if (target.attribute === type.membership) {
    if (members === undefined) throw new Error(`a ${type.name} is patched without its members`);
    return changeMembers(target, operation, rules, members);
  }
  const { attribute, extension } = target;
  const current = draft.get(extension?.urn, attribute.name);
  const next = nextValue(target, current, operation, rules);
  if (next === current) return false;
  checkTransition(target, current, next);
  draft.set(extension?.urn, attribute.name, next);
  return false;
}

function nextValue(
  target: Target,
  current: JsonValue | undefined,
  { op, value }: PatchOperation,
  rules: PatchRules,
): JsonValue | undefined {
  if (op !== 'remove' && !isWholeList(target))
    return assigned(target, current, value ?? null, rules);
  switch (op) {
    case 'add':
      return added(target, current, value ?? null, rules);
    case 'replace':
      return replaced(target, current, value ?? null, rules);
    case 'remove':
      return removed(target, current, value, rules);
  }
}

/** @throws ScimError 400 mutability */
function checkTransition(
  { attribute }: Target,
  current: JsonValue | undefined,
  next: JsonValue | undefined,
): void {
  if (current === undefined) return;
  if (attribute.mutability === 'immutable' && !sameValue(current, next)) throw immutable(attribute);
  if (attribute.required && next === undefined) throw requiredAttribute(attribute);
}
