/** Every resource of one type, page by page, as a client would fetch them. */
import type { JsonObject } from '../../src/scim/json.ts';
import type { ScimClient } from './client.ts';

const PAGE = 500;

export async function readAll(scim: ScimClient, kind: 'Users' | 'Groups'): Promise<JsonObject[]> {
  const all: JsonObject[] = [];
  for (let total = 1; all.length < total;) {
    const page = await scim.get(`/${kind}?startIndex=${all.length + 1}&count=${PAGE}`);
    total = Number(page.body['totalResults']);
    if (page.resources.length === 0) break;
    all.push(...page.resources);
  }
  return all;
}
