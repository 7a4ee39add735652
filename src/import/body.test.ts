import t from 'tap';
import type { ForeignRow } from '../sqlite/scimserver/tables.ts';
import { groupBody, userBody } from './body.ts';
import { noted } from './test/noted.ts';

const ROW = {
  row: 1,
  id: 'key',
  endpointId: 'e',
  scimId: '1',
  externalId: null,
  createdAt: null,
  updatedAt: null,
};

function user(rest: Partial<ForeignRow<'ScimUser'>>): ForeignRow<'ScimUser'> {
  return { ...ROW, userName: 'ada', active: 1, rawPayload: null, ...rest };
}

t.test('columns stand over the payload, which may be written in any case', async (t) => {
  const { notes, found, lines } = noted();
  const rawPayload = JSON.stringify({
    USERNAME: 'someone-else',
    Active: 'false',
    externalid: 'x',
    title: 'Countess',
  });
  t.same(userBody(user({ rawPayload, active: 1, externalId: 'x' }), notes), {
    userName: 'ada',
    active: true,
    externalId: 'x',
    title: 'Countess',
  });
  t.same(lines(), ['changed userName', 'changed active']);
  t.notMatch(JSON.stringify(found), /someone-else/);
});

t.test('what agrees in another form is no change', async (t) => {
  const { notes, lines } = noted();
  userBody(user({ rawPayload: '{"userName":"ada","active":"True","externalId":null}' }), notes);
  t.same(lines(), []);
});

t.test('where there is no column, the payload speaks', async (t) => {
  const { notes, lines } = noted();
  const rawPayload = '{"externalId":"from-the-payload","active":false}';
  t.match(userBody(user({ rawPayload, active: null }), notes), {
    externalId: 'from-the-payload',
    active: false,
  });
  const row = { ...ROW, displayName: 'G', rawPayload: '{"externalId":"g"}' };
  t.same(groupBody(row, notes), { displayName: 'G', externalId: 'g' });
  t.same(lines(), []);
});

t.test('what the server makes itself is not in a body', async (t) => {
  const { notes, lines } = noted();
  const rawPayload = JSON.stringify({
    ID: 'i',
    meta: {},
    schemas: 5,
    groups: [],
    members: [],
    n: 1,
  });
  t.same(userBody(user({ rawPayload }), notes), { userName: 'ada', active: true, n: 1 });
  t.same(lines(), []);
});

t.test(
  'a payload that is no JSON object costs what only it had, and is never quoted',
  async (t) => {
    for (const rawPayload of [
      '{"password":"hunter2',
      '[]',
      '"hunter2"',
      'hunter2',
      new Uint8Array(4),
    ]) {
      const { notes, found, lines } = noted();
      t.same(userBody(user({ rawPayload }), notes), { userName: 'ada', active: true });
      t.same(lines(), ['refused rawPayload']);
      t.notMatch(JSON.stringify(found), /hunter2/);
    }
  },
);

t.test('a payload that no request may be like is refused before it is parsed', async (t) => {
  for (const rawPayload of [
    `{"shoe":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`,
    JSON.stringify(Object.fromEntries(Array.from({ length: 2000 }, (_, key) => [`k${key}`, 1]))),
  ]) {
    const { notes, found, lines } = noted();
    t.same(userBody(user({ rawPayload }), notes), { userName: 'ada', active: true });
    t.same(lines(), ['refused rawPayload']);
    t.match(found, [{ detail: /(nested deeper|object of more) than .*only what has a column/ }]);
  }
});

t.test('a key that would reach into a prototype is dropped', async (t) => {
  const { notes, lines } = noted();
  const body = userBody(user({ rawPayload: '{"__proto__":{"admin":true},"title":"t"}' }), notes);
  t.same(Object.keys(body), ['userName', 'active', 'title']);
  t.equal(Object.getPrototypeOf(body), Object.prototype);
  t.same(lines(), ['dropped __proto__']);
});
