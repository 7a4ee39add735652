/** What other servers store and should not, or refuse and should not. */
import t from 'tap';
import { valueAt, valuesOf } from '../support/answer.ts';
import { ScimClient } from '../support/client.ts';
import {
  ADSCIM_GROUP,
  ENTERPRISE,
  entraUser,
  GROUP,
  patchOp,
  USER,
  verbose,
} from '../support/entra.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const server = await Server.start(t);
const scim = ScimClient.of(t, server);

t.test('an extension goes, with its URN, when its last attribute goes', async (t) => {
  const { id } = await scim.post('/Users', {
    ...entraUser('extension'),
    [ENTERPRISE]: { department: 'Only' },
  });
  const remove = patchOp(verbose('Remove', `${ENTERPRISE}:department`));
  const answer = succeeded(t, await scim.patch(`/Users/${id}`, remove), 200);
  t.notOk(ENTERPRISE in answer.body);
  t.same(answer.body['schemas'], [USER]);
  const back = patchOp(verbose('Add', `${ENTERPRISE}:department`, 'Back'));
  const again = succeeded(t, await scim.patch(`/Users/${id}`, back), 200);
  t.same(again.body['schemas'], [USER, ENTERPRISE]);
});

t.test('an empty extension object is nothing', async (t) => {
  const body = { schemas: [USER, ENTERPRISE], userName: 'empty', [ENTERPRISE]: {} };
  const created = succeeded(t, await scim.post('/Users', body), 201);
  t.notOk(ENTERPRISE in created.body);
  t.same(created.body['schemas'], [USER]);
});

t.test('dotted paths never become literal keys', async (t) => {
  const { id } = await scim.post('/Users', entraUser('dotted'));
  const value = {
    'name.givenName': 'Dotted',
    [`${ENTERPRISE}:department`]: 'Dots',
    'emails[type eq "work"].value': 'dots@contoso.example',
  };
  const answer = succeeded(t, await scim.patch(`/Users/${id}`, patchOp({ op: 'add', value })), 200);
  t.equal(answer.at('name', 'givenName'), 'Dotted');
  t.equal(answer.at(ENTERPRISE, 'department'), 'Dots');
  t.equal(answer.at('emails', 0, 'value'), 'dots@contoso.example');
  const keys = [
    ...Object.keys(answer.body),
    ...Object.keys(Object(answer.body[ENTERPRISE]) as object),
  ];
  t.notOk(
    keys.some((key) => /[[.]/.test(key) && key !== ENTERPRISE),
    keys.join(' '),
  );
});

t.test('a deleted user is in no members list, and a deleted group in no groups list', async (t) => {
  const user = (await scim.post('/Users', entraUser('leaver'))).id;
  const inner = await scim.post('/Groups', {
    schemas: [GROUP],
    displayName: 'Inner',
    members: [{ value: user }],
  });
  const outer = await scim.post('/Groups', {
    schemas: [GROUP],
    displayName: 'Outer',
    members: [{ value: inner.id }],
  });
  const groups = (await scim.get(`/Users/${user}`)).body['groups'];
  t.same(new Set(valuesOf(groups)), new Set([inner.id, outer.id]), 'direct and nested');
  const types = new Map(
    (Array.isArray(groups) ? groups : []).map((group) => [
      valueAt(group, 'value'),
      valueAt(group, 'type'),
    ]),
  );
  t.equal(types.get(inner.id), 'direct');
  t.equal(types.get(outer.id), 'indirect');

  succeeded(t, await scim.delete(`/Groups/${inner.id}`), 204);
  t.notOk('members' in (await scim.get(`/Groups/${outer.id}`)).body);
  t.notOk('groups' in (await scim.get(`/Users/${user}`)).body);
  const add = patchOp(verbose('Add', 'members', [{ value: user }]));
  succeeded(t, await scim.patch(`/Groups/${outer.id}`, add), 204);
  succeeded(t, await scim.delete(`/Users/${user}`), 204);
  t.notOk('members' in (await scim.get(`/Groups/${outer.id}`)).body);
});

t.test('groups that contain each other are served', async (t) => {
  const group = async (displayName: string, members: string[]): Promise<string> =>
    (
      await scim.post('/Groups', {
        schemas: [GROUP],
        displayName,
        members: members.map((value) => ({ value })),
      })
    ).id;
  const user = (await scim.post('/Users', entraUser('circle'))).id;
  const first = await group('Circle 1', [user]);
  const second = await group('Circle 2', [first]);
  const close = patchOp(verbose('Add', 'members', [{ value: second }]));
  succeeded(t, await scim.patch(`/Groups/${first}`, close), 204);
  const groups = (await scim.get(`/Users/${user}`)).body['groups'];
  t.same(valuesOf(groups).length, 2, 'each group once');
});

t.test('an id chosen by the client is ignored', async (t) => {
  const created = succeeded(
    t,
    await scim.post('/Users', { ...entraUser('chosen'), id: 'my-own-id' }),
    201,
  );
  t.not(created.id, 'my-own-id');
  scimError(t, await scim.get('/Users/my-own-id'), 404);
  const put = await scim.put(`/Users/${created.id}`, { ...entraUser('chosen'), id: 'other' });
  t.equal(put.id, created.id);
});

t.test('a bulkId: reference outside of a bulk request is not stored', async (t) => {
  const body = { schemas: [GROUP], displayName: 'Bulk', members: [{ value: 'bulkId:qwerty' }] };
  scimError(t, await scim.post('/Groups', body), 400, 'invalidValue', 'bulkId:qwerty');
  t.equal((await scim.get('/Groups?filter=displayName+eq+"Bulk"')).body['totalResults'], 0);
});

t.test('groups: [] in a PUT is ignored', async (t) => {
  const created = await scim.post('/Users', entraUser('groups'));
  const body = { ...created.body, groups: [] };
  succeeded(t, await scim.put(`/Users/${created.id}`, body), 200);
  const listed = { ...created.body, groups: [{ value: 'nowhere' }] };
  const answer = succeeded(t, await scim.put(`/Users/${created.id}`, listed), 200);
  t.notOk('groups' in answer.body);
});

t.test('unknown schema URNs are ignored', async (t) => {
  const body = { schemas: [GROUP, ADSCIM_GROUP, 'urn:example:nobody:knows'], displayName: 'URNs' };
  const created = succeeded(t, await scim.post('/Groups', body), 201);
  t.same(created.body['schemas'], [GROUP]);
});

t.test('a minimal user is accepted', async (t) => {
  const created = succeeded(
    t,
    await scim.post('/Users', { schemas: [USER], userName: 'min' }),
    201,
  );
  t.same(Object.keys(created.body).sort(), ['id', 'meta', 'schemas', 'userName']);
  scimError(t, await scim.post('/Users', { schemas: [USER] }), 400, 'invalidValue', 'userName');
  const empty = await scim.post('/Users', { schemas: [USER], userName: '' });
  scimError(t, empty, 400, 'invalidValue', 'userName');
});

t.test('null and [] mean unassigned', async (t) => {
  const body = { schemas: [USER], userName: 'nulls', title: null, emails: [], name: null };
  const created = succeeded(t, await scim.post('/Users', body), 201);
  t.same(Object.keys(created.body).sort(), ['id', 'meta', 'schemas', 'userName']);
});

t.test('the detail of an error is one line of text, also for several faults', async (t) => {
  const body = { schemas: [USER], userName: 1, active: 'maybe', emails: [{ value: {} }] };
  const answer = await scim.post('/Users', body);
  scimError(t, answer, 400, 'invalidValue');
  t.type(answer.body['detail'], 'string');
});

t.test('a password is never returned, and not by asking for it', async (t) => {
  const created = await scim.post('/Users', {
    ...entraUser('secret'),
    password: 'hunter2-hunter2',
  });
  const read = await scim.get(`/Users/${created.id}?attributes=password,userName`);
  const put = await scim.put(`/Users/${created.id}`, {
    ...entraUser('secret'),
    password: 'hunter2-hunter2',
  });
  const patch = patchOp(verbose('Replace', 'password', 'hunter2-hunter2'));
  const patched = succeeded(t, await scim.patch(`/Users/${created.id}`, patch), 200);
  for (const answer of [created, read, put, patched]) {
    t.notOk(answer.text.includes('hunter2'));
    t.notOk('password' in answer.body);
  }
});
