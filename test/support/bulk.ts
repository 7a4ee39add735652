/** Bulk requests as tests write them, and their answers operation by operation. */
import { isObject, type JsonObject, type JsonValue } from '../../src/scim/json.ts';
import type { Answer } from './answer.ts';
import { valueAt } from './answer.ts';
import { GROUP, USER } from './entra.ts';

export const BULK_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';

export function bulk(...operations: readonly JsonObject[]): JsonObject {
  return { schemas: [BULK_REQUEST], Operations: [...operations] };
}

export function postUser(bulkId: string, userName: string, rest: JsonObject = {}): JsonObject {
  const data = { schemas: [USER], userName, ...rest };
  return { method: 'POST', path: '/Users', bulkId, data };
}

/** @param members ids or `bulkId:` references */
export function postGroup(
  bulkId: string,
  displayName: string,
  members: readonly string[] = [],
): JsonObject {
  const data = { schemas: [GROUP], displayName, members: members.map((value) => ({ value })) };
  return { method: 'POST', path: '/Groups', bulkId, data };
}

export function operationsOf(answer: Answer): JsonObject[] {
  const operations = answer.body['Operations'];
  if (!Array.isArray(operations)) throw new Error(`no Operations: ${answer.text.slice(0, 300)}`);
  return operations.filter(isObject);
}

export function statusesOf(answer: Answer): JsonValue[] {
  return operationsOf(answer).map(({ status }) => status ?? null);
}

/** The id in an operation's location. */
export function idAt(answer: Answer, index: number): string {
  const location = operationsOf(answer)[index]?.['location'];
  if (typeof location !== 'string') {
    throw new Error(`operation ${index} has no location: ${answer.text.slice(0, 300)}`);
  }
  return location.slice(location.lastIndexOf('/') + 1);
}

export function detailAt(answer: Answer, index: number): string {
  const detail = valueAt(operationsOf(answer)[index], 'response', 'detail');
  return typeof detail === 'string' ? detail : '';
}
