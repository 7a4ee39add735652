/** Which attributes an answer shows (RFC 7644 §3.9). */
import t from 'tap';
import type { JsonObject } from '../json.ts';
import type { ResourceType } from '../schema/attribute.ts';
import { deviceType, ENTERPRISE, groupType, OWNER, USER, userType } from '../schema/test/types.ts';
import { compileProjection } from './project.ts';
import { projected } from './test/projected.ts';
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
  return projected(userType, user, names, undefined);
}

function excluded(...names: string[]): JsonObject | undefined {
  return projected(userType, user, undefined, names);
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
  t.same(projected(userType, resource, ['foo'], undefined), { ...head, foo: 1 });
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

t.test('attributes takes value paths: the elements that match', async (t) => {
  const [work, other] = [{ value: 'a@x', type: 'work' }, { value: 'b@x' }];
  const cases: readonly (readonly [readonly string[], JsonObject])[] = [
    [['emails[type eq "WORK"]'], { emails: [work] }],
    [['emails[not (type pr)]'], { emails: [other] }],
    [['emails[type eq "work"].value'], { emails: [{ value: 'a@x' }] }],
    [['emails[type eq "work"].nope'], {}],
    [['emails[type eq "fax"]'], {}],
    [['emails[type eq "work"].type', 'emails.value'], { emails: [work, other] }],
    [['emails[type eq "work"]', 'emails[value sw "b"].value'], { emails: [work, other] }],
    [['emails', 'emails[type eq "work"]'], { emails: [work, other] }],
    [['emails[type eq "work"]', 'emails'], { emails: [work, other] }],
    [[`${USER}:emails[value eq "b@x"]`], { emails: [other] }],
    [['groups[value eq "g1"].type'], { groups: [{ type: 'direct' }] }],
    [['nope[type eq "work"]'], {}],
  ];
  for (const [names, shown] of cases)
    t.same(included(...names), { ...head, ...shown }, names.join());
  const tagged = { id: 'd', label: 'l', tags: ['a', 'b'] };
  const tags = (name: string) => projected(deviceType, tagged, [name], undefined);
  t.same(tags('tags[value eq "b"]'), { id: 'd', label: 'l', tags: ['b'] });
  t.same(tags('tags[value eq "c"]'), { id: 'd', label: 'l' });
});

t.test('excludedAttributes takes value paths too', async (t) => {
  const other = { value: 'b@x' };
  t.same(excluded('emails[type eq "work"]'), { ...user, emails: [other] });
  t.same(excluded('emails[type eq "work"].value'), { ...user, emails: [{ type: 'work' }, other] });
  t.same(excluded('emails[value pr]'), userWithout('emails'));
  t.same(excluded('emails[type eq "fax"]'), user);
  t.same(excluded('emails[type eq "work"].type', 'emails.type'), {
    ...user,
    emails: [{ value: 'a@x' }, other],
  });
});

t.test('a value path that cannot be is refused with the name', async (t) => {
  const include = (name: string) => () => included(name);
  const single = 'a filter in brackets selects elements of a multi-valued attribute, which';
  refused(
    t,
    include('name[givenName pr]'),
    'invalidValue',
    `"name[givenName pr]": ${single} name is not`,
  );
  refused(
    t,
    include('emails.value[x pr]'),
    'invalidValue',
    'attributes: a filter in brackets stands before the sub-attribute at position 13',
  );
  refused(
    t,
    include('emails[]'),
    'invalidValue',
    'attributes: expected a filter in the brackets at position 8',
  );
  refused(
    t,
    include('emails[type'),
    'invalidFilter',
    'attributes: expected an operator (pr, eq, ne, co, sw, ew, gt, ge, lt, le) after "type" but found the end at position 12',
  );
  refused(
    t,
    include('emails[nope pr]'),
    'invalidFilter',
    'filter: emails has no sub-attribute "nope" (it has value, display, type, primary) at position 8',
  );
  refused(
    t,
    () => included(...Array.from({ length: 51 }, (_, at) => `emails[value eq "${at}"]`)),
    'invalidValue',
    'at most 50 attributes with a filter may be named',
  );
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
  t.equal(needs(groupType, ['members[value eq "u"]']), true);
  t.equal(needs(groupType, undefined, ['members[value eq "u"]']), true);
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
    projected(deviceType, device, attributes, left);
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
