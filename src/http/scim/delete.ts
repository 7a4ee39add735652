/** DELETE (RFC 7644 §3.6): gone at once, and from every group with it. */
import type { ResourceType } from '../../scim/schema/attribute.ts';
import { type Answer, emptyAnswer } from '../answer.ts';
import { deleteCommand } from './commands.ts';
import { ifMatchOf } from './precondition-header.ts';
import type { ScimRequest } from './request.ts';

export async function deleteResource(
  request: ScimRequest,
  type: ResourceType,
  id: string,
): Promise<Answer> {
  const { record } = request;
  const ifMatch = ifMatchOf(request);
  await record.write(deleteCommand(request, { type, id, ifMatch, log: record.onSuccess(204) }));
  return emptyAnswer(204);
}
