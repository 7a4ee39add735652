/** Walks by cursor (RFC 9865) over HTTP: to the end, back, over a restart, beside writes. */
import t from 'tap';
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import type { Answer } from '../support/answer.ts';
import { ScimClient } from '../support/client.ts';
import { entraGroup, entraUser } from '../support/entra.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const server = await Server.start(t);
const scim = ScimClient.of(t, server);
const ids: string[] = [];
for (let n = 0; n < 9; n += 1) {
  ids.push((await scim.post('/Users', { ...entraUser(`user${n}`), title: `T${n % 3}` })).id);
}

const QUERIES = [
  '/Users?',
  '/Users?sortBy=userName&sortOrder=descending&',
  '/Users?sortBy=title&',
  '/Users?filter=active+eq+true&',
  '/Users?filter=active+eq+true&sortBy=meta.lastModified&sortOrder=descending&',
  '/?filter=meta.resourceType+eq+"User"&',
];

t.test('a walk has the order of the list by index, and ends without nextCursor', async (t) => {
  for (const query of QUERIES) {
    const list = succeeded(t, await scim.get(`${query}count=100`), 200);
    const pages = await walk(query, 4);
    t.same(pages.flatMap(idsOf), idsOf(list), query);
    t.same(
      pages.map((page) => page.body['itemsPerPage']),
      [4, 4, 1],
      query,
    );
    t.notOk(pages.some((page) => 'startIndex' in page.body));
    t.notOk('previousCursor' in (pages[0]?.body ?? {}));
    for (const page of pages) {
      const total = page.body['totalResults'];
      t.ok(total === undefined || total === 9, `totalResults of ${query} is right or left out`);
    }
    const back = await scim.get(`${query}count=4&cursor=${cursorOf(pages[2], 'previousCursor')}`);
    t.same(idsOf(back), idsOf(pages[1]), `${query} back`);
  }
});

t.test('cursors use the unreserved characters of RFC 3986 only', async (t) => {
  for (const query of QUERIES) {
    const { body } = await scim.get(`${query}count=4&cursor`);
    t.match(body['nextCursor'], /^[A-Za-z0-9\-._~]+$/, query);
  }
});

t.test(
  'a cursor is refused by another query, type, endpoint, and when it was made up',
  async (t) => {
    const { body } = await scim.get('/Users?count=2&cursor=');
    const cursor = textOf(body['nextCursor']);
    await scim.under('').post('/scim/admin/endpoints', { name: 'other' });
    const other = scim.under('/scim/endpoints/other');
    const changed = cursor.slice(0, -1) + (cursor.endsWith('A') ? 'B' : 'A');
    for (const [client, target] of [
      [scim, `/Users?filter=active+eq+true&cursor=${cursor}`],
      [scim, `/Users?sortBy=id&cursor=${cursor}`],
      [scim, `/Groups?cursor=${cursor}`],
      [scim, `/?cursor=${cursor}`],
      [other, `/Users?cursor=${cursor}`],
      [scim, `/Users?cursor=${changed}`],
      [scim, '/Users?cursor=1'],
      [scim, '/Users?cursor=%20'],
    ] as const) {
      scimError(t, await client.get(target), 400, 'invalidCursor', 'cursor');
    }
    succeeded(t, await scim.get(`/Users?count=100&cursor=${cursor}`), 200);
    scimError(t, await scim.get('/Users?cursor&count=x'), 400, 'invalidCount', 'count');
    scimError(t, await scim.get('/Users?cursor&startIndex=1'), 400, 'invalidValue', 'startIndex');
  },
);

t.test('a count of 0 tells the total and gives no cursor', async (t) => {
  for (const query of QUERIES) {
    const { body } = await scim.get(`${query}count=0&cursor`);
    t.match(body, { totalResults: 9, itemsPerPage: 0, Resources: [] }, query);
    t.notOk('nextCursor' in body);
  }
});

t.test('a search by POST walks alike', async (t) => {
  const body: JsonObject = { filter: 'active eq true', count: 5, cursor: '' };
  const first = succeeded(t, await scim.post('/Users/.search', body), 200);
  const cursor = first.body['nextCursor'] ?? null;
  const second = await scim.post('/Users/.search', { ...body, cursor });
  t.same([...idsOf(first), ...idsOf(second)], ids);
  t.notOk('nextCursor' in second.body);
});

t.test('while others write, nothing comes twice and nothing is missed', async (t) => {
  for (const query of QUERIES) {
    const before = idsOf(await scim.get(`${query}count=100`));
    const seen: unknown[] = [];
    const gone: unknown[] = [];
    let page = await scim.get(`${query}count=2&cursor`);
    for (let n = 0; ; n += 1) {
      seen.push(...idsOf(page));
      const next = page.body['nextCursor'];
      if (typeof next !== 'string') break;
      // The row that the cursor names goes, and others come before and behind it.
      const last = String(seen.at(-1));
      gone.push(last);
      succeeded(t, await scim.delete(`/Users/${last}`), 204);
      for (const name of ['a', 'zz']) {
        const added = { ...entraUser(`${name}${query.length}x${n}`), title: name };
        if (n < 4) succeeded(t, await scim.post('/Users', added), 201);
      }
      page = await scim.get(`${query}count=2&cursor=${next}`);
    }
    t.equal(new Set(seen).size, seen.length, `${query}: none twice`);
    const missed = before.filter((id) => !gone.includes(id) && !seen.includes(id));
    t.same(missed, [], `${query}: none missed`);
  }
});

t.test('a cursor outlives a restart of the server', async (t) => {
  await scim.post('/Groups', entraGroup('one'));
  await scim.post('/Groups', entraGroup('two'));
  const first = await scim.get('/Groups?count=1&cursor');
  await server.stop();
  await server.startAgain();
  const next = await scim.get(`/Groups?count=1&cursor=${cursorOf(first, 'nextCursor')}`);
  t.equal(succeeded(t, next, 200).resources[0]?.['displayName'], 'two');
});

async function walk(query: string, count: number): Promise<Answer[]> {
  const pages = [await scim.get(`${query}count=${count}&cursor`)];
  for (;;) {
    const cursor = pages.at(-1)?.body['nextCursor'];
    if (typeof cursor !== 'string') return pages;
    pages.push(await scim.get(`${query}count=${count}&cursor=${cursor}`));
  }
}

function idsOf(page: Answer | undefined): unknown[] {
  return page?.resources.map(({ id }) => id) ?? [];
}

function cursorOf(page: Answer | undefined, name: 'nextCursor' | 'previousCursor'): string {
  return textOf(page?.body[name]);
}

function textOf(cursor: JsonValue | undefined): string {
  if (typeof cursor !== 'string') throw new Error('there is no such cursor');
  return cursor;
}
