/**
 * What a bulk tells of each of its operations (RFC 7644 §3.7.3): of those that were begun, in the
 * order of the request. One that was left out because enough had failed is not in the answer; one
 * that the store, or time, did not get to is, because nobody else would tell.
 */
import { type ScimError, badRequest, errorBody } from '../../scim/errors.ts';
import type { BulkAnswer } from '../../scim/messages/bulk-response.ts';
import { resourceLocation } from '../../scim/resource/rendered.ts';
import { quoted } from '../../scim/resource/wording.ts';
import type { BulkOutcome, BulkResult } from '../../store/results.ts';
import { failureOf } from '../failure.ts';
import { tryAgain } from '../http-error.ts';
import type { BulkJob, JobOperation } from './bulk-job.ts';
import { patchReturnsBody } from './patch.ts';
import type { ScimRequest } from './request.ts';

export function bulkAnswers(request: ScimRequest, job: BulkJob, result: BulkResult): BulkAnswer[] {
  const rendering = new Rendering(request, job);
  const endsEarly = result.interrupted !== undefined || job.outOfTime;
  const notBegun = tryAgain(
    'the bulk ended before this operation was begun; nothing of it was done, send it again',
  );
  const answers: BulkAnswer[] = [];
  for (const operation of job.operations) {
    const outcome = result.outcomes.get(operation.position);
    if (outcome !== undefined) answers.push(rendering.answer(operation, outcome));
    else if (endsEarly) answers.push(rendering.failed(operation, notBegun));
  }
  return answers;
}

class Rendering {
  readonly #request: ScimRequest;
  readonly #job: BulkJob;
  /** A slice that fails gives all of its operations one error, which is logged once. */
  readonly #told = new Map<unknown, ScimError>();

  constructor(request: ScimRequest, job: BulkJob) {
    this.#request = request;
    this.#job = job;
  }

  answer(operation: JobOperation, outcome: BulkOutcome): BulkAnswer {
    switch (outcome.kind) {
      case 'done':
        return this.#done(operation, outcome.result.version);
      case 'failed':
        return this.failed(operation, outcome.error);
      case 'wrong':
        return this.failed(operation, this.#job.wrong.get(operation.position));
      case 'needsFailed':
        return this.failed(operation, this.#missing(outcome.position));
    }
  }

  failed({ message, type, id }: JobOperation, error: unknown): BulkAnswer {
    const told = this.#errorOf(error);
    const { method, bulkId } = message;
    const location = method === 'POST' ? undefined : this.#location(message.path, type, id);
    const { status, message: detail, scimType } = told;
    const response = errorBody(status, detail, scimType);
    return { method, bulkId, location, version: undefined, status, response };
  }

  #done({ message, type, id }: JobOperation, version: number): BulkAnswer {
    const { method, bulkId, path } = message;
    return {
      method,
      bulkId,
      location: this.#location(path, type, id),
      version: method === 'DELETE' ? undefined : version,
      status: this.#statusOf(method, type),
      response: undefined,
    };
  }

  /** As a single request without `attributes` would be answered. */
  #statusOf(method: BulkAnswer['method'], type: JobOperation['type']): number {
    if (method === 'POST') return 201;
    if (method === 'DELETE') return 204;
    const { endpoint } = this.#request;
    const hasBody =
      method === 'PUT' || type === undefined || patchReturnsBody(endpoint, type, false);
    return hasBody ? 200 : 204;
  }

  /** @param path as given, for what the endpoint does not serve */
  #location(path: string, type: JobOperation['type'], id: string): string {
    const { base } = this.#request;
    if (type !== undefined) return resourceLocation(base, type.endpoint, id);
    return path.startsWith('/') ? base + path : `${base}/${path}`;
  }

  #missing(position: number): ScimError {
    const bulkId = this.#job.operations[position]?.message.bulkId ?? '';
    return badRequest('invalidValue', `it refers to bulkId ${quoted(bulkId)}, which failed`);
  }

  #errorOf(error: unknown): ScimError {
    const known = this.#told.get(error);
    if (known !== undefined) return known;
    const { record, log } = this.#request;
    const told = failureOf(error, record.requestId, log);
    this.#told.set(error, told);
    return told;
  }
}
