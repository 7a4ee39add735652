/** Which attributes an answer shows (RFC 7644 §3.9). */
import t from 'tap';
import type { JsonObject } from '../json.ts';
import type { ResourceType } from '../schema/attribute.ts';
import { deviceType, ENTERPRISE, groupType, OWNER, USER, userType } from '../schema/test/types.ts';
import { compileProjection } from './project.ts';
import { refused } from './test/reading.ts';

const head = { schemas: [USER, ENTERPRISE], id: 'u1' };
const user: JsonObject = {
  ...head,
  userName: 'u',
  name: { givenName: 'g', familyName: 'f' },
  emails: [{ value: 'a@x', type: 'work' }, { value: 'b@x' }],
  [ENTERPRISE]: { department: 'd', manager: { value: 'm', displayName: 'M' } },
  groups: [{ value: 'g1', type: 'direct' }],
  meta: { resourceType: 'User', location: 'https://x/Users/u1' },
};

function included(...names: string[]): JsonObject | undefined {
  return compileProjection(userType, names, undefined)?.apply(user);
}

function excluded(...names: string[]): JsonObject | undefined {
  return compileProjection(userType, undefined, names)?.apply(user);
}

function userWithout(...names: string[]): JsonObject {
  return Object.fromEntries(Object.entries(user).filter(([name]) => !names.includes(name)));
}

t.test('without names there is nothing to do', async (t) => {
  t.equal(compileProjection(userType, undefined, undefined), undefined);
  t.equal(compileProjection(userType, [], []), undefined);
  t.equal(compileProjection(userType, ['', ' '], undefined), undefined);
});

t.test('both lists at once are refused', async (t) => {
  refused(
    t,
    () => compileProjection(userType, ['userName'], ['emails']),
    'invalidValue',
    'give either attributes or excludedAttributes, not both',
  );
});

t.test('attributes shows what is named, and always id and schemas', async (t) => {
  t.same(included('userName'), { ...head, userName: 'u' });
  t.same(included(' USERNAME ', 'Name'), { ...head, userName: 'u', name: user['name'] });
  t.same(included('meta.location'), { ...head, meta: { location: 'https://x/Users/u1' } });
  t.same(included('id'), head);
});

t.test('attributes shows sub-attributes, in each element of a list', async (t) => {
  t.same(included('name.givenName'), { ...head, name: { givenName: 'g' } });
  t.same(included('emails.value'), { ...head, emails: [{ value: 'a@x' }, { value: 'b@x' }] });
  t.same(included('emails.type'), { ...head, emails: [{ type: 'work' }] });
  t.same(included('emails.display'), head, 'no empty elements');
  t.same(included('name', 'name.givenName'), { ...head, name: user['name'] });
  t.same(included('name.givenName', 'name'), { ...head, name: user['name'] });
});

t.test('attributes takes URNs, of an attribute or a whole extension', async (t) => {
  t.same(included(`${USER}:userName`), { ...head, userName: 'u' });
  t.same(included(ENTERPRISE), { ...head, [ENTERPRISE]: user[ENTERPRISE] });
  t.same(included(`${ENTERPRISE.toUpperCase()}:department`), {
    ...head,
    [ENTERPRISE]: { department: 'd' },
  });
  t.same(included(`${ENTERPRISE}:manager.value`), {
    ...head,
    [ENTERPRISE]: { manager: { value: 'm' } },
  });
});

t.test('names of nothing are ignored', async (t) => {
  t.same(included('nope', 'name.nope', 'department', '__proto__', 'urn:x:y'), head);
  t.same(excluded('nope', 'name.nope', 'department', '__proto__', 'urn:x:y'), user);
});

t.test('a kept attribute that the schema lacks is shown by its name', async (t) => {
  const resource = { ...user, foo: 1, bar: 2 };
  const projection = compileProjection(userType, ['foo'], undefined);
  t.same(projection?.apply(resource), { ...head, foo: 1 });
});

t.test('excludedAttributes hides what is named, but never id and schemas', async (t) => {
  t.same(excluded('emails', 'META'), userWithout('emails', 'meta'));
  t.same(excluded('id', 'schemas'), user);
  t.same(excluded('name.givenName'), { ...user, name: { familyName: 'f' } });
  t.same(excluded('emails.type'), { ...user, emails: [{ value: 'a@x' }, { value: 'b@x' }] });
  t.same(excluded('emails.value'), { ...user, emails: [{ type: 'work' }] });
  t.same(excluded('name.givenName', 'name.familyName'), userWithout('name'));
  t.same(excluded(ENTERPRISE), userWithout(ENTERPRISE));
  t.same(excluded(`${ENTERPRISE}:manager`), { ...user, [ENTERPRISE]: { department: 'd' } });
});

t.test('the resource itself stays as it is', async (t) => {
  const before = JSON.stringify(user);
  included('name.givenName', 'emails.value');
  excluded('name.givenName', 'emails.value');
  t.equal(JSON.stringify(user), before);
});

t.test('members and groups are needed only where they are shown', async (t) => {
  const needs = (type: ResourceType, attributes?: string[], left?: string[]) =>
    compileProjection(type, attributes, left)?.needsLinks;
  t.equal(needs(groupType, undefined, ['members']), false);
  t.equal(needs(groupType, undefined, ['Members']), false);
  t.equal(needs(groupType, undefined, ['members.display']), true);
  t.equal(needs(groupType, undefined, ['displayName']), true);
  t.equal(needs(groupType, ['displayName']), false);
  t.equal(needs(groupType, ['members.value']), true);
  t.equal(needs(userType, ['userName']), false);
  t.equal(needs(userType, ['groups']), true);
  t.equal(needs(userType, undefined, ['groups']), false);
  t.equal(needs(deviceType, ['label']), false);
});

t.test('what is returned always, on request or never is so whatever is asked', async (t) => {
  const place = { site: 's', history: 'h', code: 'c', pin: 'p' };
  const device = {
    id: 'd',
    label: 'l',
    notes: 'n',
    serial: 's',
    place,
    [OWNER]: { owner: 'o', log: 'x', badge: 'b', token: 't' },
  };
  const show = (attributes?: string[], left?: string[]) =>
    compileProjection(deviceType, attributes, left)?.apply(device);
  const badge = { [OWNER]: { badge: 'b' } };
  const byDefault = {
    id: 'd',
    label: 'l',
    serial: 's',
    place: { site: 's', code: 'c' },
    [OWNER]: { owner: 'o', badge: 'b' },
  };
  t.same(show(), byDefault, 'a projection also when nothing is asked');
  t.same(show(['notes']), { id: 'd', label: 'l', notes: 'n', ...badge });
  t.same(show(['place']), { id: 'd', label: 'l', place: { site: 's', code: 'c' }, ...badge });
  t.same(show(['place.history']), {
    id: 'd',
    label: 'l',
    place: { history: 'h', code: 'c' },
    ...badge,
  });
  t.same(show(['place', 'place.history'])?.['place'], { site: 's', history: 'h', code: 'c' });
  t.same(show(['place.pin', `${OWNER}:token`]), { id: 'd', label: 'l', ...badge });
  t.same(show([OWNER]), { id: 'd', label: 'l', [OWNER]: { owner: 'o', badge: 'b' } });
  t.same(show([`${OWNER}:log`])?.[OWNER], { badge: 'b', log: 'x' });
  t.same(show(undefined, ['label', 'place', OWNER]), {
    id: 'd',
    label: 'l',
    serial: 's',
    place: { code: 'c' },
    ...badge,
  });
  t.same(show(undefined, ['place.code', 'place.site'])?.['place'], { code: 'c' });
});
