/**
 * Walks by cursor through all users, 100 a page, one walk on each connection: each answer says what
 * the next request is. A walk must find each user once, then it begins anew.
 */
import { PAGE_USERS, walkUsers } from '../list-load.ts';
import { requestBytes } from '../requests.ts';
import type { Scenario } from '../scenario.ts';

interface Walk {
  readonly cursor: string;
  /** Ids of the pages before. */
  readonly seen: Set<string>;
}

const fresh = (): Walk => ({ cursor: '', seen: new Set() });

const NEXT_CURSOR = /"nextCursor":"([^"]+)"/;
const ID = /"id":"([^"]+)"/g;

export const cursorWalk: Scenario = {
  name: 'cursor-walk',
  question: 'How many pages of 100 users a second does a walk through everything read?',
  limit: 'get',
  connectionsMax: 10,
  prepare: async ({ client, server }) => {
    const total = await client.total('/Users');
    const idle: Walk[] = [];
    const byRequest = new Map<number, Walk>();
    return {
      load: {
        capacity: Infinity,
        request: (n) => {
          // One is lost with each connection that a warm-up leaves with a request in flight.
          const walk = idle.pop() ?? fresh();
          byRequest.set(n, walk);
          const path = `/scim/v2/Users?count=${PAGE_USERS}&cursor=${walk.cursor}`;
          return requestBytes({ method: 'GET', path, token: server.token });
        },
        check: (n, status, body) => {
          const { seen } = byRequest.get(n) ?? fresh();
          byRequest.delete(n);
          if (status !== 200) return `walk: ${status} ${body.slice(0, 300)}`;
          const before = seen.size;
          const ids = [...body.matchAll(ID)].map(([, id = '']) => id);
          for (const id of ids) seen.add(id);
          const next = NEXT_CURSOR.exec(body)?.[1];
          idle.push(next === undefined ? fresh() : { cursor: encodeURIComponent(next), seen });
          if (seen.size !== before + ids.length) return 'walk: a user was on two pages';
          return next !== undefined || seen.size === total
            ? undefined
            : `walk: ended with ${seen.size} of ${total} users`;
        },
      },
      verify: async () => {
        await walkUsers(client);
        return [];
      },
    };
  },
};
