import t from 'tap';
import { BARBARA, ENTERPRISE, GROUP, refusalOf, USER } from '../filter/test/fixtures.ts';
import type { JsonObject } from '../json.ts';
import { deviceType, OWNER } from '../schema/test/types.ts';
import { checkSort, compileSort } from './compile.ts';

function keyOf(path: string, resource: JsonObject = BARBARA, type = USER): unknown {
  return compileSort(path, type)?.key(resource);
}

t.test('any attribute by any of its names', (t) => {
  t.equal(keyOf('userName'), 'bjensen@example.com');
  t.equal(keyOf('NAME.familyname'), "o'malley");
  t.equal(keyOf('urn:ietf:params:scim:schemas:core:2.0:User:name.givenName'), 'barbara');
  t.equal(keyOf(`${ENTERPRISE}:employeeNumber`), '701984');
  t.equal(keyOf(`${ENTERPRISE}:manager.value`), 'mgr-1');
  t.equal(keyOf('externalId'), 'Bjensen-1', 'case-exact');
  t.equal(keyOf('active'), true);
  t.equal(keyOf('meta.lastModified'), Date.parse('2011-05-13T04:42:34.250Z'));
  t.end();
});

t.test('what is not there, or empty, or not of the type, has no value', (t) => {
  for (const path of [
    'title',
    'nickName',
    'roles',
    `${ENTERPRISE}:department`,
    'addresses.region',
  ]) {
    t.equal(keyOf(path), undefined, path);
  }
  t.equal(keyOf('userName', { userName: 7 }), undefined);
  t.equal(keyOf('name.givenName', { name: 'Ada' }), undefined);
  t.equal(keyOf('active', { active: 'true' }), undefined);
  t.equal(keyOf('meta.created', { meta: { created: 'yesterday' } }), undefined);
  t.equal(keyOf('weight', { weight: '1' }, deviceType), undefined);
  t.end();
});

t.test('of several values the primary counts, else the first', (t) => {
  t.equal(keyOf('emails'), 'bjensen@example.com', 'by its value');
  t.equal(keyOf('emails.type'), 'work');
  const emails = [
    { value: 'b@x', type: 'home' },
    { value: 'A@x', type: 'work', primary: true },
  ];
  t.equal(keyOf('emails.value', { emails }), 'a@x');
  t.equal(keyOf('emails', { emails: emails.slice(0, 1) }), 'b@x');
  t.equal(keyOf('emails', { emails: [{ type: 'work', primary: true }, ...emails] }), undefined);
  t.equal(keyOf('tags', { tags: ['Zeta', 'alpha'] }, deviceType), 'zeta');
  t.equal(keyOf('ports', { ports: [443, 80] }, deviceType), 443);
  t.equal(keyOf('members', { members: [{ value: 'B' }, { value: 'A' }] }, GROUP), 'B');
  t.end();
});

t.test('times are points in time, numbers what they mean, binaries exact', (t) => {
  const at = (boughtAt: string): unknown => keyOf('boughtAt', { boughtAt }, deviceType);
  t.equal(at('2026-01-31T10:00:00+02:00'), at('2026-01-31T08:00:00Z'));
  t.equal(keyOf('weight', { weight: 1.5 }, deviceType), 1.5);
  t.equal(keyOf('firmware', { firmware: 'QQ==' }, deviceType), 'QQ==');
  t.end();
});

t.test('what cannot be sorted by is 400 invalidValue that says why', (t) => {
  const cases = [
    ['nosuch', /User has no attribute "nosuch"/],
    ['name.nosuch', /User has no attribute/],
    ['emails[type eq "work"]', /no attribute/],
    ['name', /name is complex: name one of name.formatted/],
    ['meta', /meta is complex/],
    ['password', /password is never returned/],
    [ENTERPRISE, /whole schema/],
    ['x\n'.repeat(90), /^[^\n]{1,200}$/],
  ] as const;
  for (const [path, message] of cases) {
    const refusal = refusalOf(() => checkSort(path, [USER]));
    t.match(refusal, { status: 400, scimType: 'invalidValue', message }, path);
    t.match(refusal.message, /^sortBy: /);
    t.equal(compileSort(path, USER), undefined);
  }
  const secrets = ['place.pin', `${OWNER}:token`];
  for (const path of secrets) t.throws(() => checkSort(path, [deviceType]), /never returned/);
  t.end();
});

t.test('of several types one must be sortable; the others have no value', (t) => {
  checkSort('userName', [GROUP, USER]);
  t.equal(keyOf('userName', { displayName: 'x' }, GROUP), undefined);
  t.match(
    refusalOf(() => checkSort('nosuch', [USER, GROUP])),
    { message: /no resource type here has an attribute/ },
  );
  t.match(
    refusalOf(() => checkSort('password', [GROUP, USER])),
    { message: /never returned/ },
  );
  t.end();
});
