/** The core schemas against RFC 7643 §4 and §8.7.1. */
import t from 'tap';
import type { Attribute } from './attribute.ts';
import { CORE_PROFILE } from './core.ts';
import { resolvePath } from './resolve.ts';
import { ENTERPRISE, GROUP, groupType, USER, userType } from './test/types.ts';

function found(type: typeof userType, path: string): Attribute {
  const resolved = resolvePath(type, path);
  const attribute = resolved?.sub ?? resolved?.attribute;
  if (attribute === undefined) throw new Error(`no ${path}`);
  return attribute;
}

t.test('the schemas have the attributes of the RFC, in its order', async (t) => {
  const names = CORE_PROFILE.schemas.map(({ id, attributes }) => [
    id,
    attributes.map(({ name }) => name).join(' '),
  ]);
  t.same(names, [
    [
      USER,
      'userName name displayName nickName profileUrl title userType preferredLanguage locale ' +
        'timezone active password emails phoneNumbers ims photos addresses groups entitlements ' +
        'roles x509Certificates',
    ],
    [GROUP, 'displayName members'],
    [ENTERPRISE, 'employeeNumber costCenter organization division department manager'],
  ]);
});

t.test('userName is the required and unique name of a user', async (t) => {
  const userName = found(userType, 'userName');
  t.match(userName, { required: true, caseExact: false, uniqueness: 'server' });
  t.equal(userType.nameAttribute, userName);
  t.same(userType.requirements, [userName]);
});

t.test('displayName is required of a group and unique', async (t) => {
  const displayName = found(groupType, 'displayName');
  t.match(displayName, { required: true, caseExact: false, uniqueness: 'server' });
  t.equal(groupType.nameAttribute, displayName);
  t.match(found(userType, 'displayName'), { required: false, uniqueness: 'none' });
});

t.test('common attributes are those of RFC 7643 §3.1', async (t) => {
  for (const type of [userType, groupType]) {
    const always = { mutability: 'readOnly', returned: 'always' };
    t.match(found(type, 'id'), { ...always, caseExact: true, derived: false });
    t.match(found(type, 'schemas'), { ...always, multiValued: true });
    t.match(found(type, 'externalId'), { caseExact: true, mutability: 'readWrite' });
    t.match(found(type, 'meta'), { mutability: 'readOnly', derived: true });
    t.same(
      [...found(type, 'meta').subs.values()].map(({ name }) => name),
      ['resourceType', 'created', 'lastModified', 'location', 'version'],
    );
    t.match(found(type, 'meta.version'), { caseExact: true, mutability: 'readOnly' });
  }
});

t.test('a password is writeOnly and never returned', async (t) => {
  t.match(found(userType, 'password'), { mutability: 'writeOnly', returned: 'never' });
  t.ok(userType.unstored.has('password'));
});

t.test('groups of a user are derived and readOnly in all parts', async (t) => {
  const groups = found(userType, 'groups');
  t.match(groups, { derived: true, mutability: 'readOnly' });
  t.equal(userType.groups, groups);
  t.equal(userType.membership, undefined);
  for (const sub of groups.subs.values()) t.equal(sub.mutability, 'readOnly', sub.path);
});

t.test('members of a group are written, their sub-attributes immutable', async (t) => {
  const members = found(groupType, 'members');
  t.match(members, { derived: false, mutability: 'readWrite' });
  t.equal(groupType.membership, members);
  t.equal(groupType.groups, undefined);
  for (const sub of members.subs.values()) {
    t.equal(sub.mutability, 'immutable', sub.path);
    t.equal(sub.derived, sub.name !== 'value', sub.path);
  }
  t.same(
    [...members.subs.values()].map(({ name }) => name),
    ['value', '$ref', 'type', 'display'],
  );
  t.notOk(groupType.hasImmutable, 'no attribute beyond those of members');
});

t.test('references and binaries are case-exact (RFC 7643 §2.3.6, §2.3.7)', async (t) => {
  for (const path of ['profileUrl', 'photos.value', 'x509Certificates.value', 'groups.$ref']) {
    t.equal(found(userType, path).caseExact, true, path);
  }
  t.equal(found(userType, 'emails.value').caseExact, false);
});

t.test('only the displayName of a manager is readOnly', async (t) => {
  t.equal(found(userType, `${ENTERPRISE}:manager.displayName`).mutability, 'readOnly');
  t.equal(found(userType, `${ENTERPRISE}:manager.value`).mutability, 'readWrite');
  t.equal(userType.extensions.get(ENTERPRISE.toLowerCase())?.required, false);
});

t.test('each multi-valued attribute that clients write has type and primary', async (t) => {
  for (const attribute of userType.attributes.values()) {
    if (!attribute.multiValued || attribute.mutability === 'readOnly') continue;
    t.equal(attribute.subs.get('primary')?.type, 'boolean', attribute.path);
    t.equal(attribute.subs.get('type')?.type, 'string', attribute.path);
  }
});
