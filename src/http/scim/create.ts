/** POST: creates a resource (RFC 7644 §3.3). The id is ours, whatever the client sent. */
import { canonicalizeResource } from '../../scim/resource/canonicalize.ts';
import { toStored } from '../../scim/resource/stored.ts';
import type { ResourceType } from '../../scim/schema/attribute.ts';
import type { Answer } from '../answer.ts';
import { linksAfterWrite } from './links-after-write.ts';
import type { ScimBodyRequest } from './request.ts';
import { locationOf, resourceAnswer, viewOf } from './view.ts';

export async function createResource(
  request: ScimBodyRequest,
  type: ResourceType,
): Promise<Answer> {
  const { endpoint, record } = request;
  const view = viewOf(request, type);
  const id = request.ids.next();
  const canonical = canonicalizeResource(type, request.body, request.tenant.canonicalize);
  const { document, name, externalId, display, members } = toStored(type, id, canonical);
  const result = await record.write({
    kind: 'create',
    endpointId: endpoint.id,
    type: type.name,
    id,
    now: record.now,
    document,
    name,
    externalId,
    display,
    members,
    log: record.onSuccess(201),
  });
  // A new resource is in no group yet; only members that it brought itself can be shown.
  const hasLinks = members !== undefined && members.length > 0;
  const links = hasLinks ? await linksAfterWrite(request, view, id) : undefined;
  const { created, lastModified, version } = result;
  const shown = { id, document, created, lastModified, version, links };
  return resourceAnswer(201, view, shown, [['Location', locationOf(view, id)]]);
}
