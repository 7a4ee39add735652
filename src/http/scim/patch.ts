/**
 * PATCH: changes a resource by operations (RFC 7644 §3.5.2). They are parsed here and applied in
 * the writer. Groups are answered without their body unless it is asked for: a group may have
 * 100,000 members and the client wanted to add one.
 */
import { type PatchLimits, parsePatch } from '../../scim/patch/parse.ts';
import { entityTag } from '../../scim/resource/rendered.ts';
import type { ResourceType } from '../../scim/schema/attribute.ts';
import { type Answer, emptyAnswer } from '../answer.ts';
import { type HttpLimits, filterLimits } from '../options.ts';
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
  const operations = parsePatch(request.body, type, patchLimits(request.limits));
  const returnsBody = answersWithBody(request, type);
  const result = await record.write({
    kind: 'patch',
    endpointId: endpoint.id,
    type: type.name,
    id,
    now: record.now,
    ifMatch,
    operations: JSON.stringify(operations),
    log: record.onSuccess(returnsBody ? 200 : 204),
  });
  const { created, lastModified, version, document } = result;
  if (!returnsBody) return emptyAnswer(204, [['ETag', entityTag(version)]]);
  if (document === undefined) throw new Error('the store answered a PATCH without the document');
  const links = await linksAfterWrite(request, view, id);
  return resourceAnswer(200, view, { id, document, created, lastModified, version, links });
}

function answersWithBody(request: ScimBodyRequest, type: ResourceType): boolean {
  if (type.membership === undefined) return true;
  return request.query.has('attributes') || request.endpoint.settings.groupPatchReturnsBody;
}

function patchLimits(limits: HttpLimits): PatchLimits {
  return { ...filterLimits(limits), maxOperations: limits.patchOperations };
}
