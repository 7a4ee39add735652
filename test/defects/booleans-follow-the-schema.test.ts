/**
 * Strings that look like booleans are booleans where the schema says boolean, and strings
 * everywhere else.
 */
import t from 'tap';
import { ScimClient } from '../support/client.ts';
import { patchOp, USER, verbose } from '../support/entra.ts';
import { onlyResource, scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const server = await Server.start(t);
const scim = ScimClient.of(t, server);

t.test('POST with active:"False" is stored as false', async (t) => {
  for (const [number, text] of ['False', 'false', 'True', 'true'].entries()) {
    const active = number >= 2;
    const body = { schemas: [USER], userName: `user-${number}`, active: text };
    const created = succeeded(t, await scim.post('/Users', body), 201);
    t.equal(created.body['active'], active);
    t.equal((await scim.get(`/Users/${created.id}`)).body['active'], active);
    const put = succeeded(t, await scim.put(`/Users/${created.id}`, body), 200);
    t.equal(put.body['active'], active, 'by PUT too');
  }
});

t.test('a displayName "True" stays a string, by POST, PUT and PATCH', async (t) => {
  const body = { schemas: [USER], userName: 'True', displayName: 'True', title: 'False' };
  const created = succeeded(t, await scim.post('/Users', body), 201);
  t.match(created.body, { userName: 'True', displayName: 'True', title: 'False' });
  const path = `/Users/${created.id}`;
  t.equal((await scim.put(path, body)).body['displayName'], 'True');
  const patched = await scim.patch(
    path,
    patchOp(verbose('Replace', 'displayName', 'False'), {
      op: 'replace',
      value: { 'name.givenName': 'True', nickName: 'False' },
    }),
  );
  t.same(succeeded(t, patched, 200).at('name', 'givenName'), 'True');
  t.equal(patched.body['nickName'], 'False');
  t.equal((await scim.get(path)).body['displayName'], 'False');
});

t.test('a filter on a boolean takes "True" as well', async (t) => {
  const filter = encodeURIComponent('userName eq "user-0" and active eq "False"');
  onlyResource(t, await scim.get(`/Users?filter=${filter}`));
});

t.test('a word that is no boolean is refused', async (t) => {
  for (const active of ['yes', '', 1, {}]) {
    const answer = await scim.post('/Users', { schemas: [USER], userName: 'no', active });
    if (active === '')
      t.ok([201, 400].includes(answer.status), 'empty text means unassigned or wrong');
    else scimError(t, answer, 400, 'invalidValue', 'active');
  }
});
