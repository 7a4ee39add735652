/**
 * Finds on the main thread what is wrong with an operation whatever resource it is applied to:
 * types of values, filters, readOnly targets. It applies the operation to a resource that has
 * nothing, with the very code of the writer, so that the two cannot disagree.
 */
import type { ResourceType } from '../schema/attribute.ts';
import { applyOperation } from './apply.ts';
import { Draft } from './draft.ts';
import type { MembershipEditor, PatchOperation } from './operation.ts';
import type { PatchRules } from './target.ts';

/** @throws ScimError 400, as applying the operation would */
export function rehearse(type: ResourceType, operation: PatchOperation): void {
  applyOperation(type, new Draft({}), operation, RULES, NOBODY);
}

/** The most lenient of settings: what depends on them is decided where they are known. */
const RULES: PatchRules = {
  createsValuePathTarget: true,
  allowRemoveAllMembers: true,
  unknownAttributes: 'drop',
  whenNothingMatches: 'ignore',
};

const NOBODY: MembershipEditor = {
  add: () => false,
  remove: () => false,
  replace: () => false,
  list: () => [],
};
