/**
 * Finds on the main thread what is wrong with an operation whatever resource it is applied to:
 * types of values, filters, readOnly targets. It applies the operation to a resource that has
 * nothing, with the very code of the writer, so that the two cannot disagree.
 */
import type { ResourceType } from '../schema/attribute.ts';
import { applyOperation } from './apply.ts';
import { Draft } from './draft.ts';
import type { MembershipEditor, PatchOperation, PatchOptions } from './operation.ts';
import type { PatchRules } from './target.ts';

/** @throws ScimError 400, as applying the operation would */
export function rehearse(type: ResourceType, operation: PatchOperation, rules: PatchRules): void {
  applyOperation(type, new Draft({}), operation, rules, NOBODY);
}

/** The endpoint's rules, but for those that decide by what a resource holds. */
export function rehearsalRules(options: PatchOptions): PatchRules {
  const { unknownAttributes } = options;
  return {
    ...options,
    allowRemoveAllMembers: true,
    unknownAttributes: unknownAttributes === 'refuse' ? 'refuse' : 'drop',
    ignoresNoMatch: true,
  };
}

const NOBODY: MembershipEditor = {
  add: () => false,
  remove: () => false,
  replace: () => false,
  list: () => [],
};
