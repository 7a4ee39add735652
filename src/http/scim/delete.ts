/** DELETE (RFC 7644 §3.6): gone at once, and from every group with it. */
import type { ResourceType } from '../../scim/schema/attribute.ts';
import { type Answer, emptyAnswer } from '../answer.ts';
import { ifMatchOf } from './precondition-header.ts';
import type { ScimRequest } from './request.ts';

export async function deleteResource(
  request: ScimRequest,
  type: ResourceType,
  id: string,
): Promise<Answer> {
  const { endpoint, record } = request;
  await record.write({
    kind: 'delete',
    endpointId: endpoint.id,
    type: type.name,
    id,
    now: record.now,
    ifMatch: ifMatchOf(request),
    log: record.onSuccess(204),
  });
  return emptyAnswer(204);
}
