/** What the store is given of a resource. */
import t from 'tap';
import type { JsonObject, JsonValue } from '../json.ts';
import {
  DEVICE,
  deviceType,
  ENTERPRISE,
  GROUP,
  groupType,
  OWNER,
  USER,
  userType,
} from '../schema/test/types.ts';
import { canonicalizeResource } from './canonicalize.ts';
import { toStored } from './stored.ts';
import { DROP, KEEP, parsed } from './test/reading.ts';

function storedUser(canonical: JsonObject): JsonValue {
  return parsed(toStored(userType, 'id-1', canonical).document);
}

t.test('the document begins with schemas and id, and keeps the order of the rest', async (t) => {
  const { document } = toStored(userType, 'id-1', { title: 't', userName: 'u' });
  t.equal(document, `{"schemas":["${USER}"],"id":"id-1","title":"t","userName":"u"}`);
  t.equal(toStored(userType, 'a"b', {}).document, `{"schemas":["${USER}"],"id":"a\\"b"}`);
});

t.test('a key like a number, which objects sort first, stays behind them', async (t) => {
  const canonical = canonicalizeResource(userType, { userName: 'u', 7: 'x' }, KEEP);
  t.match(toStored(userType, 'id-1', canonical).document, /^\{"schemas":\[.*\],"id":"id-1",/);
});

t.test('schemas list an extension if and only if its data are there', async (t) => {
  const schemasOf = (canonical: JsonObject) => {
    const { document } = toStored(userType, 'id-1', canonical);
    return (parsed(document) as JsonObject)['schemas'];
  };
  t.same(schemasOf({ [ENTERPRISE]: { department: 'd' } }), [USER, ENTERPRISE]);
  t.same(schemasOf({ schemas: [USER, ENTERPRISE] }), [USER]);
  t.same(schemasOf({ schemas: [USER, ENTERPRISE], [ENTERPRISE]: {} }), [USER]);
});

t.test('schemas and id that a document brings along are written anew', async (t) => {
  const canonical = { schemas: ['urn:x'], id: 'other', userName: 'u' };
  t.same(storedUser(canonical), { schemas: [USER], id: 'id-1', userName: 'u' });
});

t.test('nothing derived and no secret is in the document', async (t) => {
  const canonical = { userName: 'u', password: 'hash', meta: { version: 'x' }, groups: [{}] };
  const stored = toStored(userType, 'id-1', canonical);
  t.same(parsed(stored.document), { schemas: [USER], id: 'id-1', userName: 'u' });
  t.same(stored.secrets, { password: 'hash' });
  t.equal(canonical.password, 'hash', 'the canonical form is not changed');
  t.equal(toStored(userType, 'id-1', { userName: 'u' }).secrets, undefined);
});

t.test('what a PATCH has emptied is left out', async (t) => {
  const emptied = { emails: [], name: {}, title: null, [ENTERPRISE]: { manager: {} } };
  t.same(storedUser({ userName: 'u', ...emptied }), {
    schemas: [USER],
    id: 'id-1',
    userName: 'u',
  });
  t.same(storedUser({ [ENTERPRISE]: { department: 'd', manager: {}, division: null } }), {
    schemas: [USER, ENTERPRISE],
    id: 'id-1',
    [ENTERPRISE]: { department: 'd' },
  });
});

t.test('false, zero and empty text are values', async (t) => {
  t.match(storedUser({ active: false, nickName: '' }), { active: false, nickName: '' });
});

t.test('members go to their rows, if the resource says anything of them', async (t) => {
  const members = [{ value: 'u' }, { value: 'v' }];
  const stored = toStored(groupType, 'g', { displayName: 'G', members });
  t.same(parsed(stored.document), { schemas: [GROUP], id: 'g', displayName: 'G' });
  t.same(stored.members, ['u', 'v']);
  t.same(toStored(groupType, 'g', { displayName: 'G', members: [] }).members, []);
  t.equal(toStored(groupType, 'g', { displayName: 'G' }).members, undefined);
  t.equal(toStored(userType, 'u', { members }).members, undefined);
});

t.test('name, externalId and display have their own fields', async (t) => {
  t.match(toStored(userType, 'i', { userName: 'U', displayName: 'D', externalId: 'E' }), {
    name: 'U',
    externalId: 'E',
    display: 'D',
  });
  t.match(toStored(groupType, 'i', { displayName: 'G' }), {
    name: 'G',
    externalId: undefined,
    display: 'G',
  });
});

t.test('a resource without displayName shows its name, and without that its id', async (t) => {
  t.match(toStored(userType, 'i', { userName: 'u' }), { display: 'u' });
  t.match(toStored(userType, 'i', { userName: 'u', displayName: '' }), { display: 'u' });
  t.match(toStored(deviceType, 'i', {}), { display: 'i', name: undefined });
});

t.test('secrets within attributes and extensions are apart from the document', async (t) => {
  const canonical = canonicalizeResource(
    deviceType,
    {
      place: { site: 's', pin: 'secret' },
      [OWNER]: { owner: 'o', token: 'secret' },
    },
    DROP,
  );
  const before = JSON.stringify(canonical);
  const stored = toStored(deviceType, 'i', canonical);
  t.same(stored.secrets, { 'place.pin': 'secret', [`${OWNER}:token`.toLowerCase()]: 'secret' });
  t.same(parsed(stored.document), {
    schemas: [DEVICE, OWNER],
    id: 'i',
    place: { site: 's' },
    [OWNER]: { owner: 'o' },
  });
  t.equal(JSON.stringify(canonical), before, 'the canonical form is not changed');
});
