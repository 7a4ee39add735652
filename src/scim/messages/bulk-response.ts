/**
 * The BulkResponse message (RFC 7644 §3.7.3) as text. Resources are not repeated in it: an operation
 * that was carried out is answered by its location and version.
 */
import { entityTag } from '../resource/rendered.ts';

const BULK_RESPONSE_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';

export interface BulkAnswer {
  readonly method: string;
  /** As the client gave it. */
  readonly bulkId: string | undefined;
  /** Absolute; undefined for a POST that failed. */
  readonly location: string | undefined;
  /** Undefined for a DELETE, and when the operation failed. */
  readonly version: number | undefined;
  /** That a single request would have been answered with. */
  readonly status: number;
  /** The error body as JSON text; undefined when the operation was carried out. */
  readonly response: string | undefined;
}

/** @param answers in the order of the request */
export function bulkText(answers: readonly BulkAnswer[]): string {
  return `{"schemas":["${BULK_RESPONSE_SCHEMA}"],"Operations":[${answers.map(answerText).join(',')}]}`;
}

function answerText({ method, bulkId, location, version, status, response }: BulkAnswer): string {
  let text = '{';
  if (location !== undefined) text += `"location":${JSON.stringify(location)},`;
  text += `"method":"${method}"`;
  if (bulkId !== undefined) text += `,"bulkId":${JSON.stringify(bulkId)}`;
  if (version !== undefined) text += `,"version":${JSON.stringify(entityTag(version))}`;
  text += `,"status":"${status}"`;
  if (response !== undefined) text += `,"response":${response}`;
  return `${text}}`;
}
