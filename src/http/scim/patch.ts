/**
 * PATCH: changes a resource by operations (RFC 7644 §3.5.2). They are parsed here and applied in
 * the writer. Groups are answered without their body unless it is asked for: a group may have
 * 100,000 members and the client wanted to add one.
 */
import { entityTag } from '../../scim/resource/rendered.ts';
import type { ResourceType } from '../../scim/schema/attribute.ts';
import type { Endpoint } from '../../store/endpoint.ts';
import { type Answer, emptyAnswer } from '../answer.ts';
import { patchCommand } from './commands.ts';
import { linksAfterWrite } from './links-after-write.ts';
import { ifMatchOf } from './precondition-header.ts';
import type { ScimBodyRequest } from './request.ts';
import { resourceAnswer, viewOf } from './view.ts';

export async function patchResource(
  request: ScimBodyRequest,
  type: ResourceType,
  id: string,
): Promise<Answer> {
  const { endpoint, record } = request;
  const view = viewOf(request, type);
  const ifMatch = ifMatchOf(request);
  const returnsBody = patchReturnsBody(endpoint, type, request.query.has('attributes'));
  const log = record.onSuccess(returnsBody ? 200 : 204);
  const made = patchCommand(request, { type, id, ifMatch, log }, request.body);
  const command = made instanceof Promise ? await made : made;
  const result = await record.write(command);
  const { created, lastModified, version, document } = result;
  if (!returnsBody) return emptyAnswer(204, [['ETag', entityTag(version)]]);
  if (document === undefined) throw new Error('the store answered a PATCH without the document');
  const links = await linksAfterWrite(request, view, id);
  return resourceAnswer(200, view, { id, document, created, lastModified, version, links });
}

/** @param asksForAttributes whether the client has named `attributes` */
export function patchReturnsBody(
  endpoint: Endpoint,
  type: ResourceType,
  asksForAttributes: boolean,
): boolean {
  return (
    type.membership === undefined || asksForAttributes || endpoint.settings.groupPatchReturnsBody
  );
}
