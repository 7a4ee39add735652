/**
 * "å€😀", CR and LF in everything that an answer reflects: each comes back as the same text in
 * JSON, and never as a header or a line of its own.
 */
import t from 'tap';
import { ScimClient } from '../support/client.ts';
import { entraUser, GROUP, patchOp, USER } from '../support/entra.ts';
import { RawConnection, requestText } from '../support/raw.ts';
import { onlyResource, scimError, succeeded } from '../support/scim-asserts.ts';
import { SECRET, Server } from '../support/server.ts';

const TEXT = 'å€😀';
const LINES = 'a\r\nX-Evil: 1\r\n\r\nb';
const server = await Server.start(t);
const scim = ScimClient.of(t, server);

for (const text of [TEXT, LINES, `"\\/${TEXT}`, '\u2028\u2029', '\u0000', 'e\u0301']) {
  // TAP itself breaks at U+2028.
  const shown = encodeURIComponent(text);
  t.test(`${shown} as names and values`, async (t) => {
    const user = { schemas: [USER], userName: `${text}@x.example`, displayName: text };
    const created = succeeded(t, await scim.post('/Users', user), 201);
    t.equal(created.body['userName'], `${text}@x.example`);
    const read = succeeded(t, await scim.get(`/Users/${created.id}`), 200);
    t.equal(read.body['displayName'], text);
    t.notOk('x-evil' in read.headers);

    const filter = encodeURIComponent(`userName eq ${JSON.stringify(`${text}@x.example`)}`);
    t.equal(onlyResource(t, await scim.get(`/Users?filter=${filter}`))['id'], created.id);
    const group = { schemas: [GROUP], displayName: text, members: [{ value: created.id }] };
    const grouped = succeeded(t, await scim.post('/Groups', group), 201);
    t.equal((await scim.get(`/Groups/${grouped.id}`)).at('members', 0, 'display'), text);
    const patch = patchOp({ op: 'replace', path: 'title', value: text });
    t.equal((await scim.patch(`/Users/${created.id}`, patch)).body['title'], text);
    scimError(t, await scim.post('/Users', user), 409, 'uniqueness');
    succeeded(t, await scim.delete(`/Users/${created.id}`), 204);
    succeeded(t, await scim.delete(`/Groups/${grouped.id}`), 204);
  });
}

t.test('half a surrogate pair is served as valid UTF-8, the same each time', async (t) => {
  const created = await scim.post('/Users', { schemas: [USER], userName: 'half', title: '\ud83d' });
  if (created.status !== 201) scimError(t, created, 400, 'invalidValue');
  else t.equal((await scim.get(`/Users/${created.id}`)).text, created.text);
});

t.test('in paths', async (t) => {
  for (const value of [TEXT, LINES, '%', '\u0000']) {
    const encoded = encodeURIComponent(value);
    const answer = await scim.get(`/Users/${encoded}`);
    scimError(t, answer, 404);
    t.notOk('x-evil' in answer.headers);
    scimError(t, await scim.get(`/${encoded}`), 404);
    scimError(t, await scim.under('/scim/endpoints').get(`/${encoded}/Users`), 404);
    scimError(t, await scim.get(`/Schemas/${encoded}`), 404);
  }
  for (const path of ['/Users/%', '/Users/%zz', '/Users/%ff', '/Users/%c0%af']) {
    t.ok([400, 404].includes((await scim.get(path)).status), path);
  }
});

t.test('in filters and their error details', async (t) => {
  for (const value of [TEXT, LINES]) {
    for (const filter of [`userName eq "${value}`, `${value} eq "x"`, `userName ${value} "x"`]) {
      const answer = await scim.get(`/Users?filter=${encodeURIComponent(filter)}`);
      scimError(t, answer, 400, 'invalidFilter');
    }
    const nothing = await scim.get(`/Users?filter=${encodeURIComponent(`title eq "${TEXT}"`)}`);
    t.equal(succeeded(t, nothing, 200).body['totalResults'], 0);
  }
  for (const query of ['filter=%', 'filter=%ff', 'filter=userName+eq+"%c3"', 'count=%zz']) {
    t.equal((await scim.get(`/Users?${query}`)).status, 400, query);
  }
});

t.test('raw UTF-8 in a query, as some clients send it', async (t) => {
  succeeded(t, await scim.post('/Users', { ...entraUser('raw'), title: TEXT }), 201);
  const connection = await RawConnection.open(t, server);
  const target = `/scim/v2/Users?filter=title+eq+"${TEXT}"`;
  await connection.write(requestText('GET', target));
  const answer = await connection.answer();
  t.ok(answer === undefined || [200, 400].includes(answer.status), String(answer?.status));
  if (answer?.status === 200) t.equal(answer.body['totalResults'], 1);
});

t.test('in paths and values of PATCH', async (t) => {
  const { id } = await scim.post('/Users', entraUser('patched'));
  for (const value of [TEXT, LINES]) {
    const unknown = patchOp({ op: 'replace', path: `emails[type eq "${value}`, value: 'x' });
    scimError(t, await scim.patch(`/Users/${id}`, unknown), 400, 'invalidFilter');
    const operation = patchOp({ op: value, path: 'title', value: 'x' });
    scimError(t, await scim.patch(`/Users/${id}`, operation), 400, 'invalidSyntax');
    const member = { schemas: [GROUP], displayName: 'G', members: [{ value }] };
    scimError(t, await scim.post('/Groups', member), 400, 'invalidValue');
  }
});

t.test('a sane X-Request-Id comes back, any other is replaced', async (t) => {
  for (const id of ['abc-123', '0190c1de-7c2f-7bbb-8000-1234567890ab', 'A.b_c~d:e']) {
    const answer = await scim.get('/Users?count=0', { headers: { 'x-request-id': id } });
    t.equal(answer.headers['x-request-id'], id);
  }
  for (const id of ['', 'a'.repeat(500), 'with space', '"quoted"', '<b>', 'a,b;c=d\te']) {
    const answer = await scim.get('/Users?count=0', { headers: { 'x-request-id': id } });
    t.not(answer.headers['x-request-id'], id, JSON.stringify(id));
    t.match(answer.headers['x-request-id'], /^[\w.-]{8,64}$/);
  }
  const connection = await RawConnection.open(t, server);
  await connection.write(
    requestText('GET', '/scim/v2/Users?count=0', undefined, [`X-Request-Id: ${TEXT}`]),
  );
  const answer = await connection.answer();
  t.match(answer?.headers['x-request-id'] ?? 'replaced', /^[\x21-\x7e]+$/);
});

t.test('a Host that is none never reaches a location', async (t) => {
  for (const host of [
    TEXT,
    'a b',
    'x"><script>',
    'user:pass@evil.example',
    'evil.example/path?x#y',
  ]) {
    const connection = await RawConnection.open(t, server);
    const body = JSON.stringify({ schemas: [USER], userName: `host-${host.length}-${host}` });
    await connection.write(
      `POST /scim/v2/Users HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${SECRET}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    const answer = await connection.answer();
    if (answer === undefined) t.pass('the connection is closed');
    else if (answer.status === 201) {
      t.match(answer.headers.location, /^https?:\/\/[A-Za-z0-9.:[\]-]+\/scim\/v2\/Users\/[\w-]+$/);
      t.equal(answer.headers.location, answer.location);
    } else scimError(t, answer, 400, 'invalidValue');
  }
  succeeded(t, await scim.get('/Users?count=0'), 200);
});
