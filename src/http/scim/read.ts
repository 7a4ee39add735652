/** GET of one resource (RFC 7644 §3.4.1), conditional with If-None-Match (§3.14). */
import { notFound } from '../../scim/errors.ts';
import { ifNoneMatchHolds } from '../../scim/resource/precondition.ts';
import { entityTag } from '../../scim/resource/rendered.ts';
import type { ResourceType } from '../../scim/schema/attribute.ts';
import type { LinksQuery } from '../../store/queries.ts';
import type { StoredResource } from '../../store/results.ts';
import { type Answer, emptyAnswer } from '../answer.ts';
import type { ScimRequest } from './request.ts';
import { resourceAnswer, viewOf } from './view.ts';

export async function readResource(
  request: ScimRequest,
  type: ResourceType,
  id: string,
): Promise<Answer> {
  const view = viewOf(request, type);
  const ifNoneMatch = request.headers.get('if-none-match');
  if (ifNoneMatch !== undefined) {
    // Without members: a client that has the group already must not make us read them.
    const { version } = await get(request, type, id, undefined);
    if (ifNoneMatchHolds(ifNoneMatch, version)) {
      return emptyAnswer(304, [['ETag', entityTag(version)]]);
    }
  }
  return resourceAnswer(200, view, await get(request, type, id, view.links));
}

async function get(
  request: ScimRequest,
  type: ResourceType,
  id: string,
  links: LinksQuery | undefined,
): Promise<StoredResource> {
  const query = { endpointId: request.endpoint.id, type: type.name, id, links };
  const resource = await request.store.get(query, request.caller);
  if (resource === undefined) throw notFound(`no ${type.name} has the id ${JSON.stringify(id)}`);
  return resource;
}
