/**
 * POST /Bulk (RFC 7644 §3.7): many operations in one request, each atomic by itself and answered by
 * itself. Operations are made into commands while the store already works on those before them.
 */
import { bulkText } from '../../scim/messages/bulk-response.ts';
import { parseBulkRequest } from '../../scim/messages/bulk-request.ts';
import { type Answer, scimAnswer } from '../answer.ts';
import { bulkLimits } from '../options.ts';
import { bulkAnswers } from './bulk-answers.ts';
import { BulkJob } from './bulk-job.ts';
import type { ScimBodyRequest } from './request.ts';

/** @throws ScimError 400 for the request as a whole, 413; StoreError when nothing at all was done */
export async function runBulk(request: ScimBodyRequest): Promise<Answer> {
  const { record, endpoint, body } = request;
  const { operations, failOnErrors } = parseBulkRequest(body, bulkLimits(request.limits));
  request.admitOperations(operations.length);
  const job = new BulkJob(request, operations);
  const result = await record.writeBulk({
    kind: 'bulk',
    endpointId: endpoint.id,
    count: operations.length,
    units: job.units(),
    failOnErrors,
    log: record.onSuccess(200),
  });
  return scimAnswer(200, bulkText(bulkAnswers(request, job, result)));
}
