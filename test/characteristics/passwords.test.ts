/**
 * Passwords (RFC 7643 §4.1.1, §9.2): kept as salted hashes, shown to nobody. Each is sent with a word
 * of its own, and no byte of it is found in any answer, file or line of the server afterwards.
 */
import { scryptSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import type { JsonObject } from '../../src/scim/json.ts';
import type { Answer } from '../support/answer.ts';
import { ScimClient } from '../support/client.ts';
import { ENTERPRISE, patchOp, USER } from '../support/entra.ts';
import { onlyResource, scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const server = await Server.start(t);
const scim = ScimClient.of(t, server);

/** Every clear text of this file begins so; nothing else does. */
const MARK = 'hunter2-';
let secrets = 0;
function secret(): string {
  return `${MARK}${secrets++}-ünïcode`;
}

const created = (userName: string, more: JsonObject = {}): JsonObject => ({
  schemas: [USER],
  userName,
  ...more,
});

function lastModified(answer: Answer): number {
  const text = answer.at('meta', 'lastModified');
  return typeof text === 'string' ? Date.parse(text) : NaN;
}

/** The hash of each user's password, by id; read from the file, where no request looks. */
function hashes(): Map<string, string> {
  const db = new Database(server.databaseFile, { readonly: true });
  try {
    const rows = db
      .prepare<[], { id: string; place: string; hash: string }>(
        'SELECT id, place, hash FROM secrets JOIN resources USING (row)',
      )
      .all();
    t.ok(rows.every(({ place }) => place === 'password'));
    return new Map(rows.map(({ id, hash }) => [id, hash]));
  } finally {
    db.close();
  }
}

/** As whoever signs users in would: by the parameters that stand in the text. */
function matches(hash: string | undefined, clear: string): boolean {
  const [, , parameters = '', salt = '', key = ''] = (hash ?? '').split('$');
  const [ln = 0, r = 0, p = 0] = [...parameters.matchAll(/\d+/g)].map(Number);
  const bytes = Buffer.from(key, 'base64');
  const options = { N: 2 ** ln, r, p, maxmem: 2 ** 28 };
  const made = scryptSync(clear, Buffer.from(salt, 'base64'), bytes.length, options);
  return made.equals(bytes);
}

t.test('each way to set one leaves a hash of it, a new version and no trace', async (t) => {
  const first = secret();
  const user = succeeded(t, await scim.post('/Users', created('ways', { password: first })), 201);
  t.ok(matches(hashes().get(user.id), first));
  const path = `/Users/${user.id}`;
  let version = user.version;
  let modified = lastModified(user);
  const ways = [
    (password: string) => scim.put(path, created('ways', { password })),
    (value: string) => scim.patch(path, patchOp({ op: 'add', path: 'password', value })),
    (value: string) => scim.patch(path, patchOp({ op: 'Replace', path: 'Password', value })),
    (password: string) => scim.patch(path, patchOp({ op: 'replace', value: { password } })),
    (value: string) =>
      scim.patch(path, patchOp({ op: 'add', value: { [`${USER}:password`]: value } })),
  ];
  for (const way of ways) {
    const clear = secret();
    const answer = succeeded(t, await way(clear), 200);
    t.ok(matches(hashes().get(user.id), clear), 'the new one');
    t.notOk('password' in answer.body);
    t.not(answer.version, version);
    t.ok(lastModified(answer) > modified);
    version = answer.version;
    modified = lastModified(answer);
    t.same((await scim.get(path)).body, answer.body);
  }
});

t.test('a PUT leaves what it cannot know, and takes away what it says is empty', async (t) => {
  const clear = secret();
  const user = await scim.post('/Users', created('left', { password: clear }));
  const path = `/Users/${user.id}`;
  succeeded(t, await scim.put(path, created('left', { title: 'x' })), 200);
  succeeded(t, await scim.put(path, created('left', { title: 'y', password: null })), 200);
  t.ok(matches(hashes().get(user.id), clear));
  const again = await scim.put(path, created('left', { title: 'y' }));
  t.equal(again.version, (await scim.get(path)).version, 'nothing has changed');
  const gone = succeeded(
    t,
    await scim.put(path, created('left', { title: 'y', password: '' })),
    200,
  );
  t.not(gone.version, again.version);
  t.equal(hashes().get(user.id), undefined);
});

t.test('a PATCH takes it away by remove, null and empty text, and only once', async (t) => {
  for (const operation of [
    { op: 'remove', path: 'password' },
    { op: 'replace', path: 'password', value: null },
    { op: 'add', path: 'password', value: '' },
    { op: 'replace', value: { password: null } },
  ]) {
    const body = created(`gone-${secrets}`, { password: secret() });
    const user = await scim.post('/Users', body);
    const answer = succeeded(t, await scim.patch(`/Users/${user.id}`, patchOp(operation)), 200);
    t.not(answer.version, user.version);
    t.equal(hashes().get(user.id), undefined);
    const again = await scim.patch(`/Users/${user.id}`, patchOp(operation));
    t.equal(again.version, answer.version);
  }
});

t.test('it goes with its user', async (t) => {
  const before = hashes().size;
  const user = await scim.post('/Users', created('leaver', { password: secret() }));
  t.equal(hashes().size, before + 1);
  succeeded(t, await scim.delete(`/Users/${user.id}`), 204);
  t.equal(hashes().size, before);
});

t.test('one that is no text is refused, and not repeated', async (t) => {
  for (const password of [7, [secret()], { value: secret() }]) {
    const refusal = await scim.post('/Users', created('odd', { password }));
    scimError(t, refusal, 400, 'invalidValue', 'password must be a string');
  }
  const user = await scim.post('/Users', created('odd'));
  const path = `password[value eq "${secret()}"]`;
  const operation = patchOp({ op: 'remove', path });
  scimError(t, await scim.patch(`/Users/${user.id}`, operation), 400, 'invalidPath', 'password');
});

t.test('nobody can look for one', async (t) => {
  const clear = secret();
  await scim.post('/Users', created('sought', { password: clear }));
  for (const filter of [
    `password eq "${clear}"`,
    `userName pr and ${USER}:PASSWORD sw "${clear}"`,
    `password "${clear}"`,
    `(password eq "${clear}`,
    `password eq ${clear}`,
  ]) {
    const refusal = await scim.get(`/Users?filter=${encodeURIComponent(filter)}`);
    scimError(t, refusal, 400, 'invalidFilter', 'password is never returned');
    const search = { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], filter };
    scimError(t, await scim.post('/Users/.search', search), 400, 'invalidFilter', 'password');
  }
  // The word alone is no secret's name.
  const about = await scim.get(
    '/Users?filter=displayName+eq+"the+password+is+old"+or+title+co+"x"',
  );
  t.equal(about.status, 200, about.text);
  const asked = await scim.get('/Users?attributes=password&sortBy=userName');
  t.notMatch(asked.text, /password|scrypt/);
});

t.test('a burst of them is served', async (t) => {
  const clears = Array.from({ length: 8 }, () => secret());
  const answers = await Promise.all(
    clears.map((password, at) => scim.post('/Users', created(`burst-${at}`, { password }))),
  );
  for (const answer of answers) succeeded(t, answer, 201);
  const found = hashes();
  const texts = answers.map((answer) => found.get(answer.id));
  t.equal(new Set(texts).size, 8);
  t.ok(texts.every((text, at) => matches(text, String(clears[at]))));
});

t.test('in a bulk, too', async (t) => {
  const password = secret();
  const data = created('bulk', { password, [ENTERPRISE]: { department: 'd' } });
  const body = {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
    Operations: [{ method: 'POST', path: '/Users', bulkId: 'u', data }],
  };
  const answer = succeeded(t, await scim.post('/Bulk', body), 200);
  t.equal(answer.at('Operations', 0, 'status'), '201', answer.text);
  const found = onlyResource(t, await scim.get('/Users?filter=userName+eq+"bulk"'));
  const id = found['id'];
  t.ok(typeof id === 'string' && matches(hashes().get(id), password));
});

t.test('in the end, no file and no line of the server holds one', async (t) => {
  const listed = await scim.get('/Users?count=1000');
  t.notMatch(listed.text, /password|scrypt|hunter2/);
  // While it runs, with what is in the write-ahead logs; and after, when all is in place.
  t.same(filesWithMark(), []);
  t.match(await server.stop(), { code: 0 });
  t.same(filesWithMark(), []);
  t.notMatch(server.stdout + server.stderr, MARK);
  const log = new Database(join(server.folder, 'scimlane.logs.db'), { readonly: true });
  const rows = log.prepare<[], { target: string }>('SELECT target FROM request_log').all();
  log.close();
  t.ok(rows.some(({ target }) => target.endsWith('/Users?(hidden)')));
});

function filesWithMark(): string[] {
  const names = readdirSync(server.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  t.ok(names.some((name) => name.endsWith('scimlane.db')));
  return names.filter((name) => readFileSync(name).includes(MARK));
}
