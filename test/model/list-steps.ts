/** Queries by GET and by POST, paged by index and by cursor, against what the model finds. */
import type { JsonObject } from '../../src/scim/json.ts';
import type { Answer } from '../support/answer.ts';
import { NOBODY, type Actor } from './actor.ts';
import { same, sameResource } from './compare.ts';
import {
  anyCommonFilter,
  anyUserFilter,
  anyUserSort,
  sorted,
  type Filter,
} from './random-filters.ts';
import { without } from './user-document.ts';
import { queryString } from './walk-queries.ts';
import type { Resource, World } from './world.ts';

const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';
const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const WHOLE = 1000;

interface Query {
  /** `/Users`, or '' for all types. */
  readonly of: string;
  readonly parameters: JsonObject;
  /** All that it finds, in order. */
  readonly found: readonly Resource[];
}

/** A page by index; of users only, or of everything. */
export async function list(actor: Actor): Promise<void> {
  const { random, world } = actor;
  const query = anyQuery(actor);
  const startIndex = random.below(6) - 1;
  const count = random.below(5) === 0 ? random.below(3) - 1 : 1 + random.below(30);
  const paging: JsonObject = random.below(3) === 0 ? {} : { startIndex, count };
  const answer = await send(actor, query, paging);
  const from = 'count' in paging ? Math.max(startIndex, 1) : 1;
  const size = 'count' in paging ? Math.max(count, 0) : 100;
  const page = query.found.slice(from - 1, from - 1 + size);
  sameList(world, answer, page, { startIndex: from, totalResults: query.found.length });
}

/** All pages by cursor, while nothing is written to what they show. */
export async function walk(actor: Actor): Promise<void> {
  const query = anyQuery(actor);
  const count = 1 + actor.random.below(20);
  let cursor: string | undefined = '';
  for (let from = 0; cursor !== undefined; from += count) {
    const answer: Answer = await send(actor, query, { count, cursor });
    const page = query.found.slice(from, from + count);
    sameList(actor.world, answer, page, {});
    const next = answer.body['nextCursor'];
    cursor = typeof next === 'string' ? next : undefined;
    const isLast = from + count >= query.found.length;
    same('whether it is the last page', cursor === undefined, isLast);
  }
}

/** Every resource of the type in the server is in the model, and the other way round. */
export async function sameContent(actor: Actor, type: 'User' | 'Group'): Promise<void> {
  const query = { of: `/${type}s`, parameters: {}, found: actor.world.all(type) };
  const answer = await send(actor, query, { count: WHOLE });
  const paging = { startIndex: 1, totalResults: query.found.length };
  sameList(actor.world, answer, query.found, paging);
}

function anyQuery(actor: Actor): Query {
  const { random, world, prefix } = actor;
  const names = actor.names();
  if (prefix === '' && random.below(6) === 0) {
    const filter = anyCommonFilter(random, names);
    const all = [...world.all('User'), ...world.all('Group')];
    return { of: '', parameters: { filter: filter.text }, found: all.filter(filter.holds) };
  }
  if (prefix === '' && random.below(6) === 0) return anyLinkQuery(actor);
  const filter = own(anyUserFilter(random, names), prefix);
  const isFiltered = prefix !== '' || random.below(5) > 0;
  const found = isFiltered ? world.all('User').filter(filter.holds) : world.all('User');
  const parameters: JsonObject = isFiltered ? { filter: filter.text } : {};
  if (random.below(3) > 0) return { of: '/Users', parameters, found };
  const sort = anyUserSort(random);
  parameters['sortBy'] = sort.by;
  if (sort.descending || random.below(2) === 0) {
    parameters['sortOrder'] = sort.descending ? 'descending' : 'ascending';
  }
  return { of: '/Users', parameters, found: sorted(found, sort) };
}

/** Who is in which group, asked from either side, or as Entra probes for one member. */
function anyLinkQuery(actor: Actor): Query {
  const { random, world } = actor;
  const group = actor.any('Group');
  const id = actor.any(random.below(4) === 0 ? 'Group' : 'User')?.id ?? NOBODY;
  if (group !== undefined && random.below(3) === 0) {
    const found = world.all('User').filter((user) => world.groupsOf(user.id).has(group.id));
    return { of: '/Users', parameters: { filter: `groups.value eq "${group.id}"` }, found };
  }
  const holders = world.all('Group').filter(({ members }) => members.has(id));
  if (group === undefined || random.below(2) === 0) {
    const name = random.pick(['members', 'members.value']);
    return { of: '/Groups', parameters: { filter: `${name} eq "${id}"` }, found: holders };
  }
  const filter = `id eq "${group.id}" and members eq "${id}"`;
  return { of: '/Groups', parameters: { filter }, found: holders.filter((it) => it === group) };
}

/** Of users that other clients do not touch. */
function own({ text, holds }: Filter, prefix: string): Filter {
  if (prefix === '') return { text, holds };
  return { text: `userName sw "${prefix}" and (${text})`, holds };
}

function send(actor: Actor, query: Query, paging: JsonObject): Promise<Answer> {
  const parameters: JsonObject = { ...query.parameters, ...paging };
  if (actor.random.below(3) === 0) {
    return actor.send('POST', `${query.of}/.search`, { schemas: [SEARCH], ...parameters });
  }
  return actor.send('GET', `${query.of === '' ? '/' : query.of}?${queryString(parameters)}`);
}

function sameList(
  world: World,
  answer: Answer,
  page: readonly Resource[],
  paging: { startIndex?: number; totalResults?: number },
): void {
  same('status', answer.status, 200);
  const { totalResults, ...rest } = answer.body;
  const others = without(rest, 'Resources', 'nextCursor', 'previousCursor');
  const { totalResults: expectedTotal, ...index } = paging;
  if (expectedTotal !== undefined) same('totalResults', totalResults, expectedTotal);
  same('the list', others, { schemas: [LIST], itemsPerPage: page.length, ...index });
  same(
    'the ids',
    answer.resources.map(({ id }) => id),
    page.map(({ id }) => id),
  );
  for (const [at, resource] of page.entries()) {
    const shown = answer.resources[at];
    if (shown !== undefined) sameResource(world, shown, resource);
  }
}
