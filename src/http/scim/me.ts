/**
 * `/Me` (RFC 7644 §3.11): another name for the user that the token's subject names. Whatever is
 * answered carries the Location of the user itself. The shared secret and most clients are nobody.
 */
import { ScimError, notFound } from '../../scim/errors.ts';
import { parseFilter } from '../../scim/filter/parse.ts';
import type { JsonValue } from '../../scim/json.ts';
import { resourceLocation } from '../../scim/resource/rendered.ts';
import type { ResourceType } from '../../scim/schema/attribute.ts';
import type { Answer, Header } from '../answer.ts';
import { HttpError } from '../http-error.ts';
import { filterLimits } from '../options.ts';
import { isPlain } from '../path-token.ts';
import { deleteResource } from './delete.ts';
import { patchResource } from './patch.ts';
import { readResource } from './read.ts';
import { replaceResource } from './replace.ts';
import type { ScimRequest } from './request.ts';

/**
 * @param body undefined when the method takes none
 * @throws ScimError 501 without a subject and for POST, 404 when the subject has no resource
 */
export async function answerMe(
  request: ScimRequest,
  method: string,
  body: JsonValue | undefined,
): Promise<Answer> {
  const { subject, tenant } = request;
  if (subject === undefined) {
    throw new ScimError(501, '/Me is not served: the token belongs to a client, not to a user');
  }
  // Who may create whom is not a subject's to decide; what it would create is there, or 404.
  if (method === 'POST') {
    throw new ScimError(501, '/Me takes no POST; create users with POST /Users');
  }
  const type = tenant.registry.typesByName.get('User');
  if (type === undefined) throw new ScimError(501, '/Me is not served: there are no users here');
  const id = await idOf(request, type, subject);
  // For the log: the path names nobody.
  request.record.resourceType = type.name;
  request.record.resourceId = id;
  const location: Header = ['Location', resourceLocation(request.base, type.endpoint, id)];
  try {
    const answer = await answerFor(request, type, id, method, body);
    return { ...answer, headers: [...answer.headers, location] };
  } catch (error) {
    throw error instanceof ScimError ? located(error, location) : error;
  }
}

function answerFor(
  request: ScimRequest,
  type: ResourceType,
  id: string,
  method: string,
  body: JsonValue | undefined,
): Promise<Answer> {
  if (method === 'DELETE') return deleteResource(request, type, id);
  if (body === undefined) return readResource(request, type, id);
  const change = method === 'PUT' ? replaceResource : patchResource;
  return change({ ...request, body }, type, id);
}

/** @throws ScimError 404 when nobody, or not one alone, is so called */
async function idOf(request: ScimRequest, type: ResourceType, subject: string): Promise<string> {
  const { meAttribute } = request.endpoint.settings;
  if (meAttribute === 'id') {
    // Who issues tokens may name anything; what is no id is nobody's, and fits no header.
    if (isPlain(subject)) return subject;
    throw notFound(`no ${type.name} has the token's subject as id`);
  }
  const filter = parseFilter(
    `${meAttribute} eq ${JSON.stringify(subject)}`,
    filterLimits(request.limits),
  );
  const { resources } = await request.store.search(
    {
      endpointId: request.endpoint.id,
      types: [{ name: type.name, filter, links: false }],
      sort: undefined,
      start: { by: 'index', startIndex: 1 },
      count: 2,
      base: request.base,
    },
    request.caller,
  );
  const [found, another] = resources;
  if (found === undefined)
    throw notFound(`no ${type.name} has the token's subject as ${meAttribute}`);
  if (another === undefined) return found.id;
  throw notFound(`several of type ${type.name} have the token's subject as ${meAttribute}`);
}

/** The RFC wants it in any response. */
function located(error: ScimError, location: Header): HttpError {
  const { status, message, scimType } = error;
  const more = error instanceof HttpError ? error : undefined;
  return new HttpError(status, message, {
    ...(scimType === undefined ? {} : { scimType }),
    headers: [...(more?.headers ?? []), location],
    closesConnection: more?.closesConnection ?? false,
  });
}
