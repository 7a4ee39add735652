/**
 * POST of a search (RFC 7644 §3.4.3): the same query as a list, with its parameters in the body, of a
 * resource type or of the whole endpoint. It reads only; the query string says nothing.
 */
import { parseSearchRequest } from '../../scim/messages/search.ts';
import type { ResourceType } from '../../scim/schema/attribute.ts';
import type { Answer } from '../answer.ts';
import { answerQuery, everyType } from './list.ts';
import type { ScimBodyRequest } from './request.ts';

/** @param type undefined: all of them */
export async function searchResources(
  request: ScimBodyRequest,
  type: ResourceType | undefined,
): Promise<Answer> {
  const types = type === undefined ? everyType(request) : [type];
  return answerQuery(request, types, parseSearchRequest(request.body));
}
