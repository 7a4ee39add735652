/** The request log of a real server, as the operator and an endpoint's own token read it. */
import t from 'tap';
import { SECRET, Server } from '../support/server.ts';
import { until } from '../support/until.ts';

interface Item {
  readonly [name: string]: unknown;
  readonly id: string;
  readonly url: string;
  readonly method: string;
  readonly status: number;
}
interface Page {
  readonly items: readonly Item[];
  readonly next: number | null;
  readonly total: number | null;
  readonly hasNext: boolean;
}

const server = await Server.start(t);
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';

async function send(
  method: string,
  path: string,
  body?: unknown,
  token: string | undefined = SECRET,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string; json: unknown; headers: Headers }> {
  const response = await fetch(`${server.origin}${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/scim+json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const json: unknown = /\/(scim\+)?json$/.test(response.headers.get('content-type') ?? '')
    ? JSON.parse(text)
    : undefined;
  return { status: response.status, text, json, headers: response.headers };
}

async function page(query: string, base = '/scim/admin/logs', token?: string): Promise<Page> {
  const { status, json, text } = await send('GET', `${base}${query}`, undefined, token);
  // No assertion: before the first subtest it would be the whole test.
  if (status !== 200) throw new Error(text);
  return json as Page;
}

/** Rows of reads come a few milliseconds late. */
async function logged(query: string, count: number): Promise<readonly Item[]> {
  let items: readonly Item[] = [];
  await until('a row of the log', async () => {
    ({ items } = await page(query));
    return items.length >= count;
  });
  return items;
}

async function whole(id: string): Promise<Record<string, unknown>> {
  let row: Record<string, unknown> = {};
  await until('a row of the log', async () => {
    row = (await send('GET', `/scim/admin/logs/${id}`)).json as Record<string, unknown>;
    return row['requestHeaders'] !== null;
  });
  return row;
}

const acme = (await send('POST', '/scim/admin/endpoints', { name: 'acme' })).json as { id: string };
const other = (await send('POST', '/scim/admin/endpoints', { name: 'other' })).json as {
  id: string;
};
const made = await send('POST', `/scim/admin/endpoints/${acme.id}/credentials`, {
  label: 'logs',
  scopes: ['scim.read', 'scim.manage'],
});
const { token } = made.json as { token: string };
const narrow = await send('POST', `/scim/admin/endpoints/${acme.id}/credentials`, {
  label: 'reads only',
  scopes: ['scim.read'],
});
const base = `/scim/endpoints/${acme.id}`;
const ada = (
  await send('POST', `${base}/Users`, { schemas: [USER], userName: 'ada', password: 'Pa55-word!' })
).json as { id: string };
await send('POST', `${base}/Users`, { schemas: [USER], userName: 'ada' });
await send('PATCH', `${base}/Users/${ada.id}`, {
  Operations: [{ op: 'replace', path: 'title', value: 'Countess' }],
});
await send('GET', `${base}/Users?filter=userName%20eq%20%22grace%22`);
await send('GET', `${base}/Users?filter=userName+eq+%222b9a0c1e-1111-4222-8333-abcdefabcdef%22`);
await send('POST', `/scim/endpoints/${other.id}/Users`, { schemas: [USER], userName: 'elsewhere' });
await logged(`?endpointId=${acme.id}&urlContains=2b9a0c1e`, 1);

t.test('a write’s row tells who, what, how long and what was said', async (t) => {
  const [row] = await logged(`?endpointId=acme&method=post&status=201`, 1);
  t.match(row, {
    method: 'POST',
    url: `${base}/Users`,
    identifier: 'ada',
    resourceType: 'User',
    resourceId: ada.id,
    credentialId: 'operator',
    endpointId: acme.id,
    address: '127.0.0.1',
    userAgent: /node/,
  });
  for (const name of ['durationMs', 'queueMs', 'commitMs']) {
    t.ok(Number(row?.[name]) >= 0, name);
  }
  const full = await whole(row?.id ?? '');
  t.match(full, {
    requestBody: { userName: 'ada', password: '(hidden)' },
    requestHeaders: { authorization: /hidden/, 'content-type': 'application/scim+json' },
    responseBody: { id: ada.id, userName: 'ada' },
    responseHeaders: { 'Content-Type': 'application/scim+json', Location: new RegExp(ada.id) },
  });
  t.equal(full['responseBytes'], JSON.stringify(full['responseBody']).length);
});

t.test('what the writer refused has its answer too', async (t) => {
  const [row] = await logged('?status=409&endpointId=acme', 1);
  t.match(row, { identifier: 'ada', errorMessage: /ada/ });
  t.match(await whole(row?.id ?? ''), { responseBody: { scimType: 'uniqueness' } });
});

t.test('a PATCH and a look-up name whom they were about; a read keeps no bodies', async (t) => {
  t.match(await logged('?method=PATCH', 1), [{ identifier: 'ada', status: 200 }]);
  const [row] = await logged('?search=grace&endpointId=acme', 1);
  t.match(row, { identifier: 'grace', method: 'GET', resourceType: 'User' });
  t.ok(Number(row?.['responseBytes']) > 0);
  const { json } = await send('GET', `/scim/admin/logs/${row?.id ?? ''}`);
  t.match(json, { requestBody: null, responseBody: null, requestHeaders: null });
});

t.test('filters', async (t) => {
  const count = async (query: string): Promise<number> => (await page(query)).items.length;
  t.equal(await count('?endpointId=acme&hasError=true'), 1);
  t.equal(await count('?endpointId=acme&status=2xx'), 4);
  t.equal(await count('?endpointId=acme&hideKeepalive=true&method=GET'), 1);
  t.equal(await count('?since=2999-01-01T00:00:00Z'), 0);
  t.equal(await count('?endpointId=acme&until=2999-01-01T00:00:00Z'), 5);
  t.ok((await count('?includeAdmin=true&urlContains=/scim/admin/endpoints')) >= 2);
  t.equal(await count('?urlContains=/scim/admin/endpoints'), 0);
  for (const query of [
    '?page=0',
    '?pageSize=501',
    '?status=9',
    '?since=now',
    '?foo=1',
    '?hasError=1',
  ]) {
    const { status, json } = await send('GET', `/scim/admin/logs${query}`);
    t.equal(status, 400, query);
    t.match(json, { scimType: 'invalidValue' });
  }
});

t.test('pages by number and by place are the same rows', async (t) => {
  const query = '?endpointId=acme&pageSize=2';
  const byNumber: string[] = [];
  for (const number of [1, 2, 3]) {
    const { items } = await page(`${query}&page=${number}`);
    byNumber.push(...items.map(({ id }) => id));
  }
  const byPlace: string[] = [];
  let next: number | null = null;
  do {
    const found: Page = await page(`${query}${next === null ? '' : `&before=${next}`}`);
    byPlace.push(...found.items.map(({ id }) => id));
    next = found.next;
  } while (next !== null);
  t.equal(byPlace.length, 5);
  t.same(byNumber, byPlace);
  t.equal((await page('?endpointId=acme')).total, 5);
});

t.test('an endpoint’s token sees its own rows and no other', async (t) => {
  const own = await page('/logs?pageSize=500', base, token);
  t.ok(own.items.length >= 5);
  t.ok(own.items.every(({ endpointId }) => endpointId === acme.id));
  const [foreign] = (await page(`?endpointId=${other.id}`)).items;
  const theirs = await send('GET', `${base}/logs/${foreign?.id ?? ''}`, undefined, token);
  t.equal(theirs.status, 404);
  const ours = await send('GET', `${base}/logs/${own.items[0]?.id ?? ''}`, undefined, token);
  t.equal(ours.status, 200);
  const asked = await send('GET', `${base}/logs?endpointId=${other.id}`, undefined, token);
  t.equal(asked.status, 400);
  for (const path of [`/scim/endpoints/${other.id}/logs`, '/scim/admin/logs']) {
    t.equal((await send('GET', path, undefined, token)).status, 401, path);
  }
  const reader = (narrow.json as { token: string }).token;
  t.equal((await send('GET', `${base}/logs`, undefined, reader)).status, 403);
});

t.test('downloads', async (t) => {
  const lines = await send('GET', '/scim/admin/logs/download?endpointId=acme');
  t.equal(lines.headers.get('content-type'), 'application/x-ndjson');
  t.match(lines.headers.get('content-disposition'), /attachment/);
  const rows = lines.text.trim().split('\n');
  t.ok(rows.length >= 5);
  t.ok(rows.every((row) => typeof (JSON.parse(row) as Item).id === 'string'));
  const csv = await send('GET', '/scim/admin/logs/download?format=csv&endpointId=acme');
  t.match(csv.text, /^id,createdAt,method/);
  const har = await send('GET', `${base}/logs/download?format=har&method=POST`, undefined, token);
  t.match(har.json, {
    log: {
      version: '1.2',
      creator: { name: 'Scimlane' },
      entries: [
        { request: { method: 'POST' }, response: { status: 409 } },
        {
          startedDateTime: /T.*Z$/,
          request: {
            method: 'POST',
            url: `${server.origin}${base}/Users`,
            postData: { mimeType: 'application/scim+json', text: /ada/ },
          },
          response: { status: 201, statusText: 'Created', content: { text: /ada/ } },
          timings: { send: 0 },
        },
      ],
    },
  });
  t.notMatch(har.text, /Pa55-word/);
  t.equal((await send('GET', '/scim/admin/logs/download?format=xml')).status, 400);
});

t.test('levels', async (t) => {
  const set = (requestLog: string): Promise<unknown> =>
    send('PATCH', `/scim/admin/endpoints/${other.id}`, { config: { requestLog } });
  const root = `/scim/endpoints/${other.id}`;
  await set('off');
  await send('POST', `${root}/Users`, { schemas: [USER], userName: 'unseen' });
  await send('GET', `${root}/Users/nobody`);
  await set('summary');
  await send('POST', `${root}/Users`, { schemas: [USER], userName: 'short' });
  await set('full');
  await send('GET', `${root}/Users?filter=userName%20eq%20%22full%22`);
  const [full] = await logged(`?endpointId=${other.id}&search=full`, 1);
  t.match(await whole(full?.id ?? ''), { responseBody: { totalResults: 0 } });
  const [short] = await logged(`?endpointId=${other.id}&search=short`, 1);
  const { json } = await send('GET', `/scim/admin/logs/${short?.id ?? ''}`);
  t.match(json, { identifier: 'short', requestBody: null, requestHeaders: null });
  t.same((await page('?search=unseen')).items, []);
  t.same((await page('?search=nobody')).items, []);
  t.equal(
    (await send('PATCH', `/scim/admin/endpoints/${other.id}`, { config: { requestLog: 'loud' } }))
      .status,
    400,
  );
});

t.test('clearing', async (t) => {
  t.equal((await send('POST', `${base}/logs/clear`, undefined, token)).status, 204);
  const left = await page('?endpointId=acme&includeAdmin=true');
  t.ok(left.items.length <= 1 && left.items.every(({ url }) => url.endsWith('/logs/clear')));
  t.ok((await page(`?endpointId=${other.id}`)).items.length > 0, 'others keep theirs');
  t.equal((await send('POST', '/scim/admin/logs/clear')).status, 204);
  t.same((await page('')).items, []);
  t.equal((await send('GET', '/scim/admin/logs/1')).status, 404);
});
