/** Queries that a walk repeats page by page, and walking them by cursor (RFC 9865) or by index. */
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import { idOf, type Answer } from '../support/answer.ts';
import type { ScimClient } from '../support/client.ts';
import type { Random } from '../support/random.ts';
import { same } from './compare.ts';

export interface WalkQuery {
  /** `/Users`, `/Groups`, or '' for all types. */
  readonly of: string;
  /** What is asked besides the paging. */
  readonly parameters: JsonObject;
}

const TITLE_SORTS: readonly JsonObject[] = [
  {},
  { sortBy: 'title' },
  { sortBy: 'title', sortOrder: 'descending' },
  { sortBy: 'userName' },
  { sortBy: 'meta.created', sortOrder: 'descending' },
];

const FILTERS: readonly JsonObject[] = [
  {},
  { filter: 'active eq true' },
  { filter: 'userType eq "walked" and active eq true' },
  { filter: 'title co "a" or not (title pr)' },
];

/** Of users and of all types; none of them asks for what the writers change. */
export const WALK_QUERIES: readonly WalkQuery[] = [
  ...TITLE_SORTS.flatMap((sort) =>
    FILTERS.map((filter) => ({ of: '/Users', parameters: { ...filter, ...sort } })),
  ),
  { of: '', parameters: {} },
  { of: '', parameters: { filter: 'displayName sw "d"' } },
  { of: '/Groups', parameters: { sortBy: 'displayName' } },
];

/** One page; by GET or by POST, which are the same query. */
export function page(
  scim: ScimClient,
  random: Random,
  { of, parameters }: WalkQuery,
  paging: JsonObject,
): Promise<Answer> {
  const all = { ...parameters, ...paging };
  if (random.below(4) === 0) return scim.post(`${of}/.search`, all);
  return scim.get(`${of === '' ? '/' : of}?${queryString(all)}`);
}

/** Without the question mark. */
export function queryString(parameters: JsonObject): string {
  const pairs = Object.entries(parameters).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return `${name}=${encodeURIComponent(text)}`;
  });
  return pairs.join('&');
}

/** All pages from the first to the last, and then back from the last to the first. */
export async function walkByCursor(
  scim: ScimClient,
  random: Random,
  query: WalkQuery,
  count: number,
): Promise<{ readonly forth: readonly JsonObject[]; readonly back: readonly JsonObject[] }> {
  const forth: JsonObject[] = [];
  let answer = await page(scim, random, query, { count, cursor: '' });
  let last = answer;
  for (;;) {
    // What followed may have gone: an empty page has no result that another could end before.
    if (answer.resources.length > 0) last = answer;
    same('status', answer.status, 200);
    same('startIndex of a page by cursor', answer.body['startIndex'], undefined);
    forth.push(...answer.resources);
    const cursor = answer.body['nextCursor'];
    if (cursor === undefined) break;
    answer = await page(scim, random, query, { count, cursor });
  }
  answer = last;
  const back: JsonObject[] = answer.resources.toReversed();
  for (;;) {
    const cursor: JsonValue | undefined = answer.body['previousCursor'];
    if (cursor === undefined) return { forth, back };
    answer = await page(scim, random, query, { count, cursor });
    same('status', answer.status, 200);
    back.push(...answer.resources.toReversed());
  }
}

/** All pages by index, as long as there are some. */
export async function walkByIndex(
  scim: ScimClient,
  random: Random,
  query: WalkQuery,
  count: number,
): Promise<JsonObject[]> {
  const all: JsonObject[] = [];
  for (;;) {
    const startIndex = all.length + 1;
    const answer = await page(scim, random, query, { count, startIndex });
    same('status', answer.status, 200);
    same('startIndex', answer.body['startIndex'], startIndex);
    same('itemsPerPage', answer.body['itemsPerPage'], answer.resources.length);
    all.push(...answer.resources);
    if (answer.resources.length > 0) continue;
    same('totalResults', answer.body['totalResults'], all.length);
    return all;
  }
}

export function idsIn(resources: readonly JsonObject[]): string[] {
  return resources.map(idOf);
}
