/**
 * `__proto__`, `constructor` and duplicate keys in bodies: they reach no prototype, no other
 * resource, and what is served is what is found.
 */
import t from 'tap';
import { ScimClient } from '../support/client.ts';
import { entraUser, USER } from '../support/entra.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const server = await Server.start(t);
const scim = ScimClient.of(t, server);
const admin = scim.under('/scim/admin');
const kept = await admin.post('/endpoints', {
  name: 'keeper',
  config: { unknownAttributes: 'keep' },
});
const keeper = scim.under('/scim/endpoints/keeper');

const HOSTILE =
  '"__proto__":{"polluted":"yes","title":"polluted"},"constructor":{"prototype":{"polluted":"yes"}}';

for (const [name, client, accepted] of [
  ['dropped', scim, true],
  ['kept', keeper, false],
] as const) {
  t.test(`in a body, unknown attributes ${name}`, async (t) => {
    t.equal(kept.status, 201);
    const victim = { schemas: [USER], userName: 'victim' };
    const created = succeeded(t, await client.post('/Users', victim), 201);
    const text = `{"schemas":["${USER}"],"userName":"hostile","name":{${HOSTILE}},${HOSTILE}}`;
    for (const answer of [
      await client.post('/Users', Buffer.from(text)),
      await client.put(`/Users/${created.id}`, Buffer.from(text.replace('hostile', 'victim'))),
    ]) {
      if (!accepted) scimError(t, answer, 400, 'invalidSyntax', '__proto__');
      else t.same(Object.keys(answer.body).sort(), ['id', 'meta', 'schemas', 'userName']);
    }
    for (const operation of [
      `{"op":"add","value":{${HOSTILE}}}`,
      '{"op":"add","path":"__proto__.polluted","value":"yes"}',
      '{"op":"replace","path":"constructor.prototype.polluted","value":"yes"}',
      '{"op":"add","path":"name.__proto__","value":{"polluted":"yes"}}',
      '{"op":"add","value":{"__proto__.polluted":"yes","name.constructor":"x"}}',
    ]) {
      const body = Buffer.from(`{"schemas":[],"Operations":[${operation}]}`);
      const answer = await client.patch(`/Users/${created.id}`, body);
      t.ok([200, 400].includes(answer.status), `${operation}: ${answer.text.slice(0, 200)}`);
    }
    const clean = await client.post('/Users', { schemas: [USER], userName: 'clean' });
    t.same(Object.keys(succeeded(t, clean, 201).body).sort(), [
      'id',
      'meta',
      'schemas',
      'userName',
    ]);
    const list = succeeded(t, await client.get('/Users?attributes=title'), 200);
    t.notOk(list.text.includes('polluted'));
  });
}

t.test('in filters, paths and attribute lists', async (t) => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '__proto__.x']) {
    const filter = await scim.get(`/Users?filter=${name}+eq+"x"`);
    t.equal(filter.status, 400, name);
    succeeded(t, await scim.get(`/Users?attributes=${name}`), 200);
    succeeded(t, await scim.get(`/Users?excludedAttributes=${name}`), 200);
    t.equal((await scim.get(`/${name}`)).status, 404);
    t.equal((await scim.get(`/Schemas/${name}`)).status, 404);
    t.equal((await scim.get(`/ResourceTypes/${name}`)).status, 404);
    t.equal((await scim.under('/scim/endpoints').get(`/${name}/Users`)).status, 404);
  }
  const config = Buffer.from('{"name":"proto","config":{"__proto__":{"requireIfMatch":true}}}');
  t.ok([201, 400].includes((await admin.post('/endpoints', config)).status));
});

t.test('duplicate keys: refused, or one value everywhere', async (t) => {
  for (const text of [
    '"userName":"first@x.example","userName":"second@x.example"',
    '"userName":"third@x.example","USERNAME":"fourth@x.example"',
  ]) {
    const answer = await scim.post('/Users', Buffer.from(`{"schemas":["${USER}"],${text}}`));
    if (answer.status === 400) {
      t.match(answer.detail, /userName/i);
      continue;
    }
    succeeded(t, answer, 201);
    const names = ['first', 'second', 'third', 'fourth'].map((name) => `${name}@x.example`);
    const found: string[] = [];
    for (const name of names) {
      const list = await scim.get(`/Users?filter=userName+eq+"${name}"`);
      if (list.body['totalResults'] === 1) found.push(name);
    }
    t.same(found, [answer.body['userName']], 'what is indexed is what is served');
    t.equal((answer.text.match(/"userName"/gi) ?? []).length, 1);
    succeeded(t, await scim.delete(`/Users/${answer.id}`), 204);
  }
});

t.test('names of other cases are the same attributes', async (t) => {
  const body = { SCHEMAS: [USER], USERNAME: 'cased', Name: { GIVENNAME: 'Given' } };
  const created = succeeded(t, await scim.post('/Users', body), 201);
  t.match(created.body, { userName: 'cased', name: { givenName: 'Given' }, schemas: [USER] });
  succeeded(t, await scim.post('/Users', entraUser('next')), 201);
});
