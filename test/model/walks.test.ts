/**
 * Walks over lists while others create, change and delete what is listed: by cursor no row comes
 * twice and none is missed that was there throughout, forth and back (RFC 9865). Without writes,
 * pages by index and by cursor hold the same, and all of it. `SCIMLANE_WALK_RUNS=300` hunts.
 */
import t from 'tap';
import type { JsonObject } from '../../src/scim/json.ts';
import { ScimClient } from '../support/client.ts';
import { GROUP, patchOp, USER } from '../support/entra.ts';
import { huntOf, seedOfCase } from '../support/hunt.ts';
import { randomFrom, type Random } from '../support/random.ts';
import { succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';
import { refused, same } from './compare.ts';
import {
  idsIn,
  page,
  WALK_QUERIES,
  walkByCursor,
  walkByIndex,
  type WalkQuery,
} from './walk-queries.ts';

const STAYING = 50;
const WRITERS = 3;
const SIZES = [1, 3, 7, 20, 200] as const;
const [FIRST, ...OTHERS] = WALK_QUERIES;

const { seed, runs } = huntOf(t, 'WALK', { seed: 3, runs: 30 });
const server = await Server.start(t);
const scim = ScimClient.of(t, server);
const random = randomFrom(seed);

/** What is there throughout; its title, type and activity never change. */
const staying: string[] = [];

t.before(async () => {
  for (let n = 0; n < STAYING; n += 1) {
    staying.push((await scim.post('/Users', walked(random, `stays ${n}`))).id);
  }
  for (const [n, value] of staying.filter((_, at) => at % 5 === 0).entries()) {
    const group = { schemas: [GROUP], displayName: `d stays ${n}`, members: [{ value }] };
    staying.push((await scim.post('/Groups', group)).id);
  }
});

t.test(
  'without writes, pages by index hold what pages by cursor hold, and all of it',
  async (t) => {
    for (const query of WALK_QUERIES) {
      const whole = idsIn((await page(scim, random, query, { count: 1000 })).resources);
      const [small, large] = [random.pick([2, 7]), random.pick([20, 200])];
      const { forth, back } = await walkByCursor(scim, random, query, small);
      const { forth: inFew } = await walkByCursor(scim, random, query, large);
      const index = await walkByIndex(scim, random, query, random.pick([small, large]));
      const told = JSON.stringify(query);
      t.ok(whole.length > 5, `${told} finds something`);
      for (const walk of [forth, back.toReversed(), inFew, index])
        t.strictSame(idsIn(walk), whole, told);
    }
  },
);

t.test(`${runs} walks beside ${WRITERS} writers`, async (t) => {
  const expected = new Map<WalkQuery, string[]>();
  for (const query of WALK_QUERIES) {
    const listed = idsIn((await page(scim, random, query, { count: 1000 })).resources);
    expected.set(
      query,
      listed.filter((id) => staying.includes(id)),
    );
  }
  const stop = new AbortController();
  const writers = Array.from({ length: WRITERS }, (_, at) => write(at, stop.signal));
  let rows = 0;
  try {
    for (let run = 0; run < runs; run += 1) {
      const random = randomFrom(seedOfCase(seed, run));
      const query = random.pick([FIRST ?? { of: '/Users', parameters: {} }, ...OTHERS]);
      const count = random.pick(SIZES);
      const { forth, back } = await walkByCursor(scim, random, query, count);
      const told = `run ${run}, pages of ${count}, ${JSON.stringify(query)}`;
      for (const walk of [idsIn(forth), idsIn(back)]) {
        same(`rows that came twice in ${told}`, twice(walk), []);
        const missed = expected.get(query)?.filter((id) => !walk.includes(id));
        same(`rows that were missed in ${told}`, missed, []);
      }
      const kept = idsIn(forth).filter((id) => staying.includes(id));
      same(`the order of ${told}`, kept, expected.get(query));
      rows += forth.length + back.length;
    }
  } finally {
    stop.abort();
  }
  const written = (await Promise.all(writers)).reduce((sum, count) => sum + count, 0);
  t.comment(`${rows} rows walked beside ${written} writes`);
  t.ok(written > runs, 'there were writes');
});

t.test('a cursor is of its query, its type and its endpoint', async (t) => {
  const root = scim.under('');
  succeeded(t, await root.post('/scim/admin/endpoints', { name: 'elsewhere' }), 201);
  const elsewhere = scim.under('/scim/endpoints/elsewhere');
  for (const query of WALK_QUERIES) {
    const { body } = await page(scim, random, query, { count: 2, cursor: '' });
    const cursor = body['nextCursor'] ?? null;
    const told = JSON.stringify(query);
    same(`the cursor of ${told}`, typeof cursor, 'string');
    for (const other of WALK_QUERIES) {
      const answer = await page(scim, random, other, { count: 2, cursor });
      if (other === query) same(`status of ${told}`, answer.status, 200);
      else refused(answer, 400, 'invalidCursor');
    }
    refused(await page(elsewhere, random, query, { cursor }), 400, 'invalidCursor');
  }
});

/** Users come and go, and those that stay change in what no query asks for. @returns how often */
async function write(at: number, signal: AbortSignal): Promise<number> {
  const random = randomFrom(seedOfCase(seed, 10_000 + at));
  const own: string[] = [];
  let writes = 0;
  for (; !signal.aborted; writes += 1) {
    const oldest = own[random.below(own.length)];
    if (own.length > 15 && oldest !== undefined) {
      same('status', (await scim.delete(`/Users/${oldest}`)).status, 204);
      own.splice(own.indexOf(oldest), 1);
    } else if (random.below(2) === 0) {
      const created = await scim.post('/Users', walked(random, `moves ${at}-${writes}`));
      same('status', created.status, 201);
      own.push(created.id);
    } else {
      const id = staying[random.below(staying.length)] ?? '';
      const change = patchOp({ op: 'replace', path: 'externalId', value: `${at}-${writes}` });
      const path = (await scim.get(`/Users/${id}`)).status === 200 ? 'Users' : 'Groups';
      const { status } = await scim.patch(`/${path}/${id}`, change);
      same('status', status, path === 'Users' ? 200 : 204);
    }
  }
  return writes;
}

/** Titles that others have too, or none. */
function walked(random: Random, name: string): JsonObject {
  const title = random.pick(['a', 'A', 'b', 'Straße', 'strasse', 'za', '']);
  return {
    schemas: [USER],
    userName: `${random.pick(['a', 'm', 'Z'])} ${name}`,
    displayName: `d ${name}`,
    userType: 'walked',
    active: random.below(4) > 0,
    ...(title === '' ? {} : { title }),
  };
}

function twice(ids: readonly string[]): string[] {
  return ids.filter((id, at) => ids.indexOf(id) !== at);
}
