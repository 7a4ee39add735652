/**
 * Lists of 100 users, the same page each time, and the reads that check it. Which users are on a
 * page is told by a walk by cursor over all of them, so that pages by index and by cursor check
 * each other.
 */
import type { JsonObject, JsonValue } from '../src/scim/json.ts';
import { isObject } from '../src/scim/json.ts';
import { requestBytes } from './requests.ts';
import type { Stage, Trial } from './scenario.ts';
import type { ScimClient } from './scim-client.ts';
import { holds } from './scim-client.ts';
import { expectedUser } from './users.ts';

export const PAGE_USERS = 100;
/** What the server gives at most. */
const WALK_PAGE_USERS = 1000;

export interface ListQuery {
  /** Of the list, behind `?count=100`. */
  readonly query: string;
  /** Ids of the page, in order. */
  readonly ids: readonly string[];
  /** What a user is shown as, of all that was sent; the default is all of it. */
  readonly shown?: (user: JsonObject) => JsonObject;
}

/** @param shown projection of a whole user */
export function prepareList(stage: Stage, { query, ids, shown = whole }: ListQuery): Trial {
  const { client, population, server } = stage;
  const path = `/Users?count=${PAGE_USERS}${query}`;
  const request = requestBytes({ method: 'GET', path: `/scim/v2${path}`, token: server.token });
  const first = `"id":"${ids[0] ?? ''}"`;
  const last = `"id":"${ids.at(-1) ?? ''}"`;
  return {
    load: {
      capacity: Infinity,
      request: () => request,
      check: (_n, status, body) => {
        if (status !== 200) return `GET ${path}: ${status} ${body.slice(0, 300)}`;
        const full = body.includes(`"itemsPerPage":${ids.length},`);
        return full && body.includes(first) && body.lastIndexOf(last) !== -1
          ? undefined
          : `GET ${path}: answered ${body.slice(0, 300)}`;
      },
    },
    verify: async () => {
      const { Resources } = await client.get(path);
      const users = Array.isArray(Resources) ? Resources.filter(isObject) : [];
      const serials = new Map(population.ids.map((id, serial) => [id, serial]));
      const complaints: string[] = [];
      for (const [at, id] of ids.entries()) {
        const serial = serials.get(id);
        const sent = serial === undefined ? {} : expectedUser(population.users, serial);
        if (!holds(users[at], { ...shown(sent), id })) {
          complaints.push(`GET ${path}: resource ${at + 1} is not user ${id} as it was sent`);
        }
      }
      return complaints;
    },
  };
}

function whole(user: JsonObject): JsonObject {
  return user;
}

export interface Walk {
  /** Of all users, in the order of the list. */
  readonly ids: readonly string[];
  /** Leads to the last page. */
  readonly lastCursor: string;
}

/** All users by cursor, and the cursor of their last 100. @throws Error when the walk is not whole */
export async function walkUsers(client: ScimClient): Promise<Walk> {
  const total = await client.total('/Users');
  const ids: string[] = [];
  let cursor = '';
  let lastCursor = '';
  while (ids.length < total) {
    const left = total - PAGE_USERS - ids.length;
    if (left === 0) lastCursor = cursor;
    const count = left > 0 ? Math.min(left, WALK_PAGE_USERS) : PAGE_USERS;
    const page = await client.get(
      `/Users?attributes=userName&count=${count}&cursor=${encodeURIComponent(cursor)}`,
    );
    const found = Array.isArray(page['Resources']) ? page['Resources'].filter(isObject) : [];
    if (found.length === 0) break;
    ids.push(...found.map(({ id }) => textOf(id)));
    cursor = textOf(page['nextCursor']);
  }
  if (ids.length !== total) throw new Error(`${ids.length} of ${total} users walked by cursor`);
  return { ids, lastCursor };
}

/** '' for what is no text: behind the last page there is no cursor. */
function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
