/** PATCH operations from the text in which they crossed to the writer. */
import type { PatchOperation } from '../scim/patch/operation.ts';

/**
 * The text was made by `JSON.stringify` of what `parsePatch` had checked, in this process, so its
 * shape is trusted here; checking it again would cost the writer what the main thread has spare.
 */
export function decodeOperations(text: string): PatchOperation[] {
  return JSON.parse(text) as PatchOperation[];
}
