/** Each setting of an endpoint, on and off, by what a client sees. */
import Database from 'better-sqlite3';
import t from 'tap';
import type { JsonObject } from '../../src/scim/json.ts';
import { valuesOf } from '../support/answer.ts';
import { ScimClient } from '../support/client.ts';
import { entraGroup, entraUser, GROUP, patchOp, USER, verbose } from '../support/entra.ts';
import { listsIds, scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';
import { until } from '../support/until.ts';

const server = await Server.start(t);
const scim = ScimClient.of(t, server);
const admin = scim.under('/scim/admin');
const NOBODY = '018f2f7e-0000-7000-8000-000000000000';
let count = 0;

/** A client of a new endpoint with this config. */
async function endpointWith(config: JsonObject): Promise<ScimClient> {
  const name = `tenant-${count++}`;
  const answer = await admin.post('/endpoints', { name, config });
  if (answer.status !== 201) throw new Error(answer.text);
  return scim.under(`/scim/endpoints/${name}`);
}

t.test('patchReplaceCreatesValuePathTarget', async (t) => {
  for (const op of ['add', 'replace'] as const) {
    const body = patchOp({ op, path: 'phoneNumbers[type eq "fax"].value', value: '123' });
    const lenient = await endpointWith({});
    const { id } = await lenient.post('/Users', entraUser('fax'));
    const answer = succeeded(t, await lenient.patch(`/Users/${id}`, body), 200);
    t.match(answer.at('phoneNumbers', 1), { type: 'fax', value: '123' });

    const strict = await endpointWith({ patchReplaceCreatesValuePathTarget: false });
    const before = await strict.post('/Users', entraUser('fax'));
    scimError(t, await strict.patch(`/Users/${before.id}`, body), 400, 'noTarget');
    t.same((await strict.get(`/Users/${before.id}`)).body, before.body);
  }
});

t.test('allowRemoveAllMembers', async (t) => {
  for (const [config, status] of [
    [{}, 204],
    [{ allowRemoveAllMembers: 'False' }, 400],
  ] as const) {
    const client = await endpointWith(config);
    const { id: user } = await client.post('/Users', entraUser('member'));
    const { id } = await client.post('/Groups', { ...entraGroup('G'), members: [{ value: user }] });
    const answer = await client.patch(`/Groups/${id}`, patchOp({ op: 'remove', path: 'members' }));
    t.equal(answer.status, status, answer.text);
    const left = valuesOf((await client.get(`/Groups/${id}`)).body['members']);
    t.same(left, status === 204 ? [] : [user]);
    const one = patchOp(verbose('Remove', 'members', [{ value: user }]));
    succeeded(t, await client.patch(`/Groups/${id}`, one), 204);
  }
});

t.test('requireIfMatch', async (t) => {
  const client = await endpointWith({ requireIfMatch: true });
  const created = succeeded(t, await client.post('/Users', entraUser('guarded')), 201);
  const path = `/Users/${created.id}`;
  const body = patchOp(verbose('Replace', 'title', 'New'));
  scimError(t, await client.patch(path, body), 428);
  scimError(t, await client.put(path, entraUser('guarded')), 428);
  scimError(t, await client.delete(path), 428);
  succeeded(t, await client.get(path), 200);
  const headers = { 'if-match': created.etag };
  const patched = succeeded(t, await client.patch(path, body, { headers }), 200);
  scimError(t, await client.delete(path, { headers }), 412);
  succeeded(t, await client.delete(path, { headers: { 'if-match': patched.etag } }), 204);
});

t.test('unknownAttributes', async (t) => {
  const body = {
    schemas: [USER],
    userName: 'unknown',
    favouriteColour: 'green',
    'urn:example:extension:1.0:User': { badge: 7 },
  };
  const patch = patchOp({ op: 'add', value: { favouriteFood: 'cheese' } });

  const dropping = await endpointWith({});
  const dropped = succeeded(t, await dropping.post('/Users', body), 201);
  t.same(Object.keys(dropped.body).sort(), ['id', 'meta', 'schemas', 'userName']);
  const ignored = succeeded(t, await dropping.patch(`/Users/${dropped.id}`, patch), 200);
  t.notOk('favouriteFood' in ignored.body);
  t.equal(ignored.version, dropped.version, 'nothing has changed');

  const keeping = await endpointWith({ unknownAttributes: 'keep' });
  const kept = succeeded(t, await keeping.post('/Users', body), 201);
  t.equal(kept.body['favouriteColour'], 'green');
  const more = succeeded(t, await keeping.patch(`/Users/${kept.id}`, patch), 200);
  t.match(more.body, { favouriteColour: 'green', favouriteFood: 'cheese' });
  t.same((await keeping.get(`/Users/${kept.id}`)).body, more.body);

  const refusing = await endpointWith({ unknownAttributes: 'refuse' });
  const refused = await refusing.post('/Users', body);
  scimError(t, refused, 400, 'invalidSyntax');
  t.match(refused.detail, /favouriteColour|urn:example/);
  t.equal((await refusing.get('/Users?count=0')).body['totalResults'], 0);
  const { id } = succeeded(t, await refusing.post('/Users', entraUser('known')), 201);
  t.equal((await refusing.patch(`/Users/${id}`, patch)).status, 400);
});

t.test('unknownMember: refuse names the ids', async (t) => {
  const client = await endpointWith({});
  const { id: user } = await client.post('/Users', entraUser('member'));
  const members = [{ value: user }, { value: NOBODY }, { value: 'who?' }];
  const body = { schemas: [GROUP], displayName: 'G', members };
  scimError(t, await client.post('/Groups', body), 400, 'invalidValue', NOBODY, 'who?');
  t.equal((await client.get('/Groups?count=0')).body['totalResults'], 0);
  const { id } = succeeded(t, await client.post('/Groups', entraGroup('G')), 201);
  for (const op of ['add', 'replace']) {
    const answer = await client.patch(
      `/Groups/${id}`,
      patchOp({ op, path: 'members', value: members }),
    );
    scimError(t, answer, 400, 'invalidValue', NOBODY);
  }
  scimError(t, await client.put(`/Groups/${id}`, body), 400, 'invalidValue', NOBODY);
  t.notOk('members' in (await client.get(`/Groups/${id}`)).body, 'not even the known one');
});

t.test('unknownMember: ignore leaves them out', async (t) => {
  const client = await endpointWith({ unknownMember: 'ignore' });
  const { id: user } = await client.post('/Users', entraUser('member'));
  const members = [{ value: user }, { value: NOBODY }];
  const created = await client.post('/Groups', { schemas: [GROUP], displayName: 'G', members });
  t.same(valuesOf(succeeded(t, created, 201).body['members']), [user]);
  const add = patchOp(verbose('Add', 'members', [{ value: NOBODY }]));
  succeeded(t, await client.patch(`/Groups/${created.id}`, add), 204);
  t.same(valuesOf((await client.get(`/Groups/${created.id}`)).body['members']), [user]);
});

t.test('unknownMember: keep keeps them, and they can be removed and found', async (t) => {
  const client = await endpointWith({ unknownMember: 'keep' });
  const { id: user } = await client.post('/Users', entraUser('member'));
  const members = [{ value: user }, { value: NOBODY }];
  const created = await client.post('/Groups', { schemas: [GROUP], displayName: 'G', members });
  t.same(new Set(valuesOf(succeeded(t, created, 201).body['members'])), new Set([user, NOBODY]));
  const found = await client.get(`/Groups?filter=members.value+eq+"${NOBODY}"`);
  listsIds(t, found, [created.id]);
  const remove = patchOp({ op: 'remove', path: `members[value eq "${NOBODY}"]` });
  succeeded(t, await client.patch(`/Groups/${created.id}`, remove), 204);
  t.same(valuesOf((await client.get(`/Groups/${created.id}`)).body['members']), [user]);
});

t.test('externalIdUnique', async (t) => {
  const twin = (name: string): JsonObject => ({ ...entraUser(name), externalId: 'twin' });
  const free = await endpointWith({});
  const first = succeeded(t, await free.post('/Users', twin('a')), 201);
  const second = succeeded(t, await free.post('/Users', twin('b')), 201);
  listsIds(t, await free.get('/Users?filter=externalId+eq+"twin"'), [first.id, second.id]);

  const unique = await endpointWith({ externalIdUnique: 'true' });
  succeeded(t, await unique.post('/Users', twin('a')), 201);
  scimError(t, await unique.post('/Users', twin('b')), 409, 'uniqueness', 'externalId');
  const { id } = succeeded(t, await unique.post('/Users', entraUser('c')), 201);
  scimError(t, await unique.put(`/Users/${id}`, twin('c')), 409, 'uniqueness', 'externalId');
  const patch = patchOp(verbose('Replace', 'externalId', 'twin'));
  scimError(t, await unique.patch(`/Users/${id}`, patch), 409, 'uniqueness', 'externalId');
  const group = { ...entraGroup('G'), externalId: 'twin' };
  succeeded(t, await unique.post('/Groups', group), 201);
});

t.test('groupPatchReturnsBody', async (t) => {
  const client = await endpointWith({ groupPatchReturnsBody: true });
  const { id } = await client.post('/Groups', entraGroup('G'));
  const body = patchOp(verbose('Replace', 'displayName', 'H'));
  const answer = succeeded(t, await client.patch(`/Groups/${id}`, body), 200);
  t.equal(answer.body['displayName'], 'H');
  t.same(answer.body, (await client.get(`/Groups/${id}`)).body);
});

t.test('indexedAttributes', async (t) => {
  const client = await endpointWith({ indexedAttributes: ['title'] });
  const name = `tenant-${count - 1}`;
  const { id } = await admin.get(`/endpoints/by-name/${name}`);
  for (const path of ['userName', 'nothing', 'name', 'password', 'meta.created']) {
    const config = { indexedAttributes: ['emails', path] };
    const refused = await admin.patch(`/endpoints/${id}`, { config });
    scimError(t, refused, 400, 'invalidValue', 'config.indexedAttributes', path);
    const none = await admin.post('/endpoints', { name: 'not-made', config });
    scimError(t, none, 400, 'invalidValue', path);
  }
  for (const user of ['a', 'b', 'c']) {
    const body = { ...entraUser(user), title: `T ${user}` };
    succeeded(t, await client.post('/Users', body), 201);
  }
  const config = { indexedAttributes: ['title', 'active'] };
  succeeded(t, await admin.patch(`/endpoints/${id}`, { config }), 200);
  const db = new Database(server.databaseFile, { readonly: true });
  t.teardown(() => db.close());
  const built = db.prepare<[string], { signature: string; keys: string }>(
    `SELECT signature, (SELECT group_concat(key) FROM attribute_keys WHERE attribute = number) keys
     FROM attribute_indexes i JOIN endpoints e ON e.row = i.endpoint
     WHERE e.name = ? AND built_to IS NULL ORDER BY number`,
  );
  await until('the new index is complete', () => built.all(name).length === 2);
  t.same(built.all(name), [
    { signature: 'title folded 1', keys: 't a,t b,t c' },
    { signature: 'active boolean 1', keys: '1.0,1.0,1.0' },
  ]);
});

t.test('a changed setting holds from the next request on', async (t) => {
  const client = await endpointWith({});
  const name = `tenant-${count - 1}`;
  const { id } = await admin.get(`/endpoints/by-name/${name}`);
  const { id: user } = await client.post('/Users', entraUser('u'));
  const patch = patchOp(verbose('Replace', 'title', 'New'));
  succeeded(t, await client.patch(`/Users/${user}`, patch), 200);
  await admin.patch(`/endpoints/${id}`, { config: { requireIfMatch: true } });
  scimError(t, await client.patch(`/Users/${user}`, patch), 428);
  await admin.patch(`/endpoints/${id}`, { config: {} });
  succeeded(t, await client.patch(`/Users/${user}`, patch), 200);
});

t.test('an ignored member is a warning in the request log', async (t) => {
  t.equal((await server.stop()).code, 0);
  const db = new Database(server.databaseFile.replace(/\.db$/, '.logs.db'), { readonly: true });
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  const [table] = tables.filter((name) => /request/i.test(String(name)));
  const rows = db.prepare(`SELECT * FROM "${String(table)}"`).all();
  db.close();
  const warned = rows.filter((row) => JSON.stringify(row).includes(NOBODY));
  t.ok(
    warned.some((row) => /"status":20[14]/.test(JSON.stringify(row))),
    'a request that succeeded names the member it left out',
  );
});
