/**
 * PUT: replaces a resource (RFC 7644 §3.5.1). It never creates; readOnly input is ignored, and a
 * changed immutable value is refused by the writer, which knows the old one.
 */
import { canonicalizeResource } from '../../scim/resource/canonicalize.ts';
import { toStored } from '../../scim/resource/stored.ts';
import type { ResourceType } from '../../scim/schema/attribute.ts';
import type { Answer } from '../answer.ts';
import { linksAfterWrite } from './links-after-write.ts';
import { ifMatchOf } from './precondition-header.ts';
import type { ScimBodyRequest } from './request.ts';
import { resourceAnswer, viewOf } from './view.ts';

export async function replaceResource(
  request: ScimBodyRequest,
  type: ResourceType,
  id: string,
): Promise<Answer> {
  const { endpoint, record } = request;
  const view = viewOf(request, type);
  const ifMatch = ifMatchOf(request);
  const canonical = canonicalizeResource(type, request.body, request.tenant.canonicalize);
  const { document, name, externalId, display, members } = toStored(type, id, canonical);
  const result = await record.write({
    kind: 'replace',
    endpointId: endpoint.id,
    type: type.name,
    id,
    now: record.now,
    ifMatch,
    document,
    name,
    externalId,
    display,
    members,
    log: record.onSuccess(200),
  });
  const links = await linksAfterWrite(request, view, id);
  const { created, lastModified, version } = result;
  return resourceAnswer(200, view, { id, document, created, lastModified, version, links });
}
