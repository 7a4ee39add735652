/** Secrets in every header and body position, good requests and bad: none is in any row, download or file. */
import Database from 'better-sqlite3';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { unpackContents } from '../../src/sqlite/request-contents.ts';
import { SECRET, Server } from '../support/server.ts';
import { until } from '../support/until.ts';

const PLANTED = 'pLaNtEd-sEcReT-0123456789';
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

const server = await Server.start(t);

async function send(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const response = await fetch(`${server.origin}${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${SECRET}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/scim+json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}

/** What a stream tells, up to so many rows. */
async function streamed(path: string, count: number): Promise<{ status: number; text: string }> {
  const headers = { Authorization: `Bearer ${SECRET}` };
  const response = await fetch(`${server.origin}${path}`, { headers });
  let text = '';
  for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += piece;
    // Leaving the loop closes the connection.
    if (text.split('\nid: ').length > count) break;
  }
  return { status: response.status, text };
}

/** A secret that its name does not give away. */
const SCHEMA = {
  id: 'urn:acme:User',
  name: 'Acme',
  attributes: [
    { name: 'pin', type: 'string', returned: 'never', mutability: 'writeOnly' },
    {
      name: 'badge',
      type: 'complex',
      subAttributes: [{ name: 'code', type: 'string', returned: 'never', mutability: 'writeOnly' }],
    },
  ],
};

t.test('nothing that was planted is anywhere', async (t) => {
  const made = await send('POST', '/scim/admin/endpoints', {
    name: 'acme',
    config: {
      requestLog: 'full',
      unknownAttributes: 'keep',
      schemas: [SCHEMA],
      resourceTypes: [
        {
          name: 'User',
          endpoint: '/Users',
          schema: USER,
          schemaExtensions: [{ schema: 'urn:acme:User', required: false }],
        },
      ],
    },
  });
  t.equal(made.status, 201, made.text);
  const root = '/scim/endpoints/acme';
  const runs = `/scim/admin/endpoints/${(JSON.parse(made.text) as { id: string }).id}/runs`;
  const begun = await send('POST', runs);
  const run = `${runs}/${(JSON.parse(begun.text) as { id: string }).id}`;
  const user = (fields: object): object => ({ schemas: [USER], userName: 'ada', ...fields });
  const patch = (...Operations: object[]): object => ({ schemas: [PATCH], Operations });

  const created = await send('POST', `${root}/Users`, user({ password: PLANTED }));
  t.equal(created.status, 201, created.text);
  const { id } = JSON.parse(created.text) as { id: string };
  const one = `${root}/Users/${id}`;
  const bodies: [method: string, path: string, body: unknown][] = [
    ['POST', `${root}/Users`, user({ password: PLANTED })],
    ['POST', `${root}/Users`, user({ PassWord: { deep: [PLANTED] } })],
    ['POST', `${root}/Users`, user({ userName: 'b', [`${USER}:password`]: PLANTED })],
    ['POST', `${root}/Users`, user({ userName: 'c', 'urn:acme:User': { pin: PLANTED } })],
    [
      'POST',
      `${root}/Users`,
      user({ userName: 'd', 'urn:acme:User': { badge: { code: PLANTED } } }),
    ],
    ['POST', `${root}/Users`, user({ userName: 'e', apiKey: PLANTED, myToken: [PLANTED] })],
    ['POST', `${root}/Users`, `{"userName":"f","pass\\u0077ord":"${PLANTED}"}`],
    ['POST', `${root}/Users`, `{"userName":"g","password":"${PLANTED}"`],
    ['POST', `${root}/Users`, `{"userName":5,"password":"${PLANTED}"}`],
    ['POST', `${root}/Users`, `password=${PLANTED}`],
    ['PUT', one, user({ password: PLANTED })],
    ['PATCH', one, patch({ op: 'replace', path: 'password', value: PLANTED })],
    ['PATCH', one, patch({ value: PLANTED, path: `${USER}:password`, op: 'Add' })],
    [
      'PATCH',
      one,
      patch({ op: 'add', value: { password: PLANTED, 'urn:acme:User:pin': PLANTED } }),
    ],
    ['PATCH', one, patch({ op: 'replace', path: 'urn:acme:User:badge.code', value: PLANTED })],
    ['PATCH', one, patch({ op: 'remove', path: `urn:acme:User:badge[code eq "${PLANTED}"]` })],
    ['PATCH', one, patch({ op: 'remove', path: `password[value eq ${PLANTED}]` })],
    ['PATCH', one, patch({ op: 'remove', path: `password eq ${PLANTED} and` })],
    ['POST', `${root}/.search`, { filter: `password eq ${PLANTED}` }],
    ['PATCH', one, patch({ op: 'bad', path: 'password', value: PLANTED })],
    ['POST', `${root}/.search`, { filter: `password eq "${PLANTED}"` }],
    ['POST', `${root}/Users/.search`, { filter: `urn:acme:User:pin eq "${PLANTED}"` }],
    [
      'POST',
      `${root}/Bulk`,
      {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
        Operations: [
          { method: 'POST', bulkId: '1', path: '/Users', data: user({ password: PLANTED }) },
          {
            method: 'PATCH',
            path: `/Users/${id}`,
            data: patch({ op: 'add', path: 'password', value: PLANTED }),
          },
        ],
      },
    ],
    ['POST', `${root}/Nothing`, user({ password: PLANTED })],
    ['POST', '/scim/oauth/token', `client_id=x&client_secret=${PLANTED}`],
  ];
  for (const [method, path, body] of bodies) await send(method, path, body);
  const queries = [
    `filter=password+eq+%22${PLANTED}%22`,
    `filter=urn:acme:User:pin%20eq%20%22${PLANTED}%22`,
    `filter=p%61ssword+eq+%22${PLANTED}%22`,
    `access_token=${PLANTED}`,
    `p%61ssword=${PLANTED}`,
    `filter=password+eq+%22${PLANTED}`,
    `filter=password+eq+${PLANTED}`,
  ];
  for (const query of queries) {
    await send('GET', `${root}/Users?${query}`);
    await send('GET', `${root}/Users?${query}`, undefined, { Authorization: 'Bearer wrong' });
    await send('GET', `/nowhere?${query}`);
  }
  const names = [
    'authorization',
    'proxy-authorization',
    'cookie',
    'x-api-key',
    'x-anything',
    'x-scim-token',
  ];
  for (const name of names) await send('GET', one, undefined, { [name]: PLANTED });
  const token = { Authorization: `Bearer ${PLANTED}`, 'User-Agent': `agent with ${PLANTED}` };
  await send('GET', `${root}/Users?count=1&note=${PLANTED}`, undefined, token);
  await send('POST', `${root}/Users`, user({ displayName: PLANTED }), token);
  await send('POST', `${root}/.search`, { filter: `userName eq "${PLANTED}"` }, token);
  await send('GET', one, undefined, { ...token, 'X-Request-Id': PLANTED });

  const own = { userName: `own ${SECRET}` };
  t.equal((await send('POST', `${root}/Users`, user(own))).status, 201);
  t.equal((await send('POST', `${root}/Users`, user(own))).status, 409);

  const expected = bodies.length + queries.length * 3 + names.length + 6;
  const rows = await until('all rows in the log', async () => {
    const page = await send('GET', '/scim/admin/logs?pageSize=500&includeAdmin=true');
    return (JSON.parse(page.text) as { count: number }).count >= expected && page;
  });
  const downloads = await Promise.all(
    ['ndjson', 'csv', 'har'].map((format) =>
      send('GET', `/scim/admin/logs/download?includeAdmin=true&format=${format}`),
    ),
  );
  t.equal((await send('POST', runs)).status, 200, 'the run ends');
  const told = await Promise.all([
    send('GET', '/scim/admin/activity?pageSize=500'),
    send('GET', `${root}/activity?pageSize=500`),
    send('GET', '/scim/admin/activity/summary'),
    ...['json', 'har', 'html'].map((format) => send('GET', `${run}?format=${format}`)),
    streamed('/scim/admin/logs/stream?lastEventId=0&includeAdmin=true', expected),
  ]);
  for (const { text, status } of told) {
    t.equal(status, 200);
    t.ok(text.includes('ada') || text.includes('summary'), 'it tells something');
  }
  for (const { text } of [rows, ...downloads, ...told]) {
    t.notOk(text.includes(PLANTED));
    t.notOk(text.includes(SECRET));
  }
  t.match(downloads[0]?.text, /\(hidden\)/);

  t.equal((await server.stop()).code, 0);
  const db = new Database(join(server.folder, 'scimlane.logs.db'), { readonly: true });
  const chunks = db.prepare<[], Uint8Array>('SELECT data FROM request_contents').pluck().all();
  db.close();
  t.ok(chunks.length > 0);
  const contents = JSON.stringify(chunks.map(unpackContents));
  t.ok(contents.includes('ada'), 'contents are there');
  for (const secret of [PLANTED, SECRET]) t.notOk(contents.includes(secret));
  for (const file of readdirSync(server.folder)) {
    if (!file.includes('logs')) continue;
    const bytes = readFileSync(join(server.folder, file));
    for (const secret of [PLANTED, SECRET]) t.notOk(bytes.includes(secret), file);
  }
  t.notOk(`${server.stdout}${server.stderr}`.includes(PLANTED));
});
