/**
 * Assertions on SCIM answers. The shape of every error is checked by the client already
 * (conformance.ts); these say which error, or which resources, a test expects.
 */
import type { JsonObject } from '../../src/scim/json.ts';
import type { Answer } from './answer.ts';
import type { Asserts } from './asserts.ts';

/** An error of this status and scimType (undefined: none), whose detail names each of `mentions`. */
export function scimError(
  t: Asserts,
  answer: Answer,
  status: number,
  scimType?: string,
  ...mentions: readonly string[]
): void {
  t.equal(answer.status, status, shown(answer));
  t.equal(answer.body['scimType'], scimType, `scimType of ${shown(answer)}`);
  const detail = answer.detail.toLowerCase();
  for (const mention of mentions) {
    t.ok(detail.includes(mention.toLowerCase()), `"${answer.detail}" names ${mention}`);
  }
}

/** A list of exactly these ids, in any order. */
export function listsIds(t: Asserts, answer: Answer, ids: readonly string[]): void {
  t.equal(answer.status, 200, shown(answer));
  t.equal(answer.body['totalResults'], ids.length, 'totalResults');
  const found = answer.resources.map((resource) => resource['id']);
  t.same(new Set(found), new Set(ids), 'ids of the list');
}

/** The one resource of a list. */
export function onlyResource(t: Asserts, answer: Answer): JsonObject {
  t.equal(answer.status, 200, shown(answer));
  t.equal(answer.body['totalResults'], 1, 'totalResults');
  const [resource, ...others] = answer.resources;
  t.equal(others.length, 0, 'one resource');
  if (resource === undefined) throw new Error(`the list is empty: ${shown(answer)}`);
  return resource;
}

/** A success; the text of the answer is shown otherwise. */
export function succeeded(t: Asserts, answer: Answer, status: number): Answer {
  t.equal(answer.status, status, shown(answer));
  return answer;
}

/** The start of an answer, for messages. TAP breaks at the line separators of Unicode. */
function shown(answer: Answer): string {
  return answer.text.slice(0, 400).replaceAll(/[\u2028\u2029]/g, '?');
}
