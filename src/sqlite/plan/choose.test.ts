import t from 'tap';
import type { FilterNode } from '../../scim/filter/ast.ts';
import { parseFilter } from '../../scim/filter/parse.ts';
import { printFilter } from '../../scim/filter/print.ts';
import { CORE_PROFILE } from '../../scim/schema/core.ts';
import { compileRegistry } from '../../scim/schema/registry.ts';
import type { ResourceType } from '../../scim/schema/attribute.ts';
import type { Access } from './access.ts';
import { planScan, plansFor, type FilterPlan } from './choose.ts';
import type { Key } from './intervals.ts';

const registry = compileRegistry(CORE_PROFILE);
const LIMITS = { maxLength: 4096, maxDepth: 16, maxNodes: 100 };

/** A plan with its residual as text. */
type Shown = [probe: string | undefined, members: readonly string[], residual: string | undefined];

function plan(typeName: string, filter: string, planner = bestPlan): Shown {
  return show(planner(parseFilter(filter, LIMITS), type(typeName)));
}

function bestPlan(filter: FilterNode, type: ResourceType): FilterPlan {
  return plansFor(filter, type)[0];
}

function type(name: string): ResourceType {
  const found = registry.typesByName.get(name);
  if (found === undefined) throw new Error(`no type ${name}`);
  return found;
}

function show({ probe, members, residual }: FilterPlan): Shown {
  return [
    probe && accessText(probe),
    members,
    residual && printFilter(residual).replaceAll('"', "'"),
  ];
}

function accessText(access: Access): string {
  switch (access.kind) {
    case 'probe':
      return `${access.by} ${access.value}`;
    case 'range':
      return `${access.on} ${shownKey(access.low)}..${shownKey(access.high)}`;
    case 'union':
      return access.parts.map(accessText).join(' | ');
  }
}

function shownKey(key: Key): string {
  return Buffer.isBuffer(key) ? 'end' : String(key).replaceAll('\0', '+');
}

t.test('equality of an indexed attribute is one probe with nothing left to evaluate', (t) => {
  t.strictSame(plan('User', 'id eq "u1"'), ['id u1', [], undefined]);
  t.strictSame(plan('User', 'externalId eq "E"'), ['externalId E', [], undefined]);
  t.strictSame(plan('User', 'userName eq "x"'), ['name x', [], undefined]);
  t.strictSame(plan('Group', 'displayName eq "x"'), ['name x', [], undefined]);
  t.strictSame(plan('Group', 'members eq "m"'), ['member m', [], undefined]);
  t.strictSame(plan('Group', 'members.value eq "m"'), ['member m', [], undefined]);
  t.strictSame(plan('Group', 'members[value eq "m"]'), ['member m', [], undefined]);
  t.end();
});

t.test('names of attributes compare without case and with their URN', (t) => {
  t.strictSame(plan('User', 'USERNAME EQ "x"'), ['name x', [], undefined]);
  t.strictSame(plan('User', 'urn:ietf:params:scim:schemas:core:2.0:User:userName eq "x"'), [
    'name x',
    [],
    undefined,
  ]);
  t.strictSame(plan('Group', 'Members[Value Eq "m"]'), ['member m', [], undefined]);
  t.end();
});

t.test('a name is folded as the key column is, an id and an externalId are not', (t) => {
  t.strictSame(plan('User', 'userName eq "ÄÖ@X"'), ['name äö@x', [], undefined]);
  t.strictSame(plan('User', 'id eq "U1"'), ['id U1', [], undefined]);
  t.strictSame(plan('User', 'externalId eq "E1"'), ['externalId E1', [], undefined]);
  t.end();
});

t.test('the index that finds fewest is taken, the rest is evaluated', (t) => {
  t.strictSame(plan('User', 'externalId eq "e" and userName eq "x" and active eq true'), [
    'name x',
    [],
    "externalId eq 'e' and active eq true",
  ]);
  t.strictSame(plan('User', 'userName eq "x" and (active eq true and id eq "u")'), [
    'id u',
    [],
    "userName eq 'x' and active eq true",
  ]);
  t.strictSame(plan('User', 'userName eq "x" and userName eq "y"'), [
    'name x',
    [],
    "userName eq 'y'",
  ]);
  t.end();
});

t.test("Entra's membership probe reads one group and one member", (t) => {
  t.strictSame(plan('Group', 'id eq "g" and members eq "m"'), ['id g', ['m'], undefined]);
  t.strictSame(plan('Group', 'members eq "m" and members eq "n"'), ['member m', ['n'], undefined]);
  t.end();
});

t.test('what no index answers is a scan with the whole filter left', (t) => {
  for (const [type, filter] of [
    ['User', "userName co 'x'"],
    ['User', "userName eq 'x' or title eq 'u'"],
    ['User', "userName lt 'x'"],
    ['User', "externalId eq ''"],
    ['User', "name.familyName sw 'x'"],
    ['User', "meta.lastModified sw '2020'"],
    ['User', "meta.created gt '2020-01-01T00:00:00Z'"],
    ['User', "not (userName eq 'x')"],
    ['User', "displayName eq 'x'"],
    ['User', "emails.value eq 'x'"],
    ['User', 'userName eq null'],
    ['User', 'userName pr'],
    ['Group', "members.type eq 'User'"],
    ['Group', "members[value eq 'm' and type eq 'User']"],
    ['Group', "members[display eq 'm']"],
  ] as const) {
    const [probe, members, residual] = plan(type, filter.replaceAll("'", '"'));
    t.equal(probe, undefined, filter);
    t.strictSame(members, [], filter);
    t.equal(residual, filter);
  }
  t.end();
});

t.test('an order, a beginning and a time are stretches of an index', (t) => {
  t.strictSame(plan('User', 'userName sw "Ab"'), ['name ab..ac', [], undefined]);
  t.strictSame(plan('User', 'externalId gt "Ab"'), ['externalId Ab+..end', [], undefined]);
  t.strictSame(plan('User', 'id le "x"'), ['id ..x+', [], undefined]);
  t.strictSame(plan('User', 'meta.lastModified ge "1970-01-01T00:00:01Z"'), [
    'lastModified 1000..Infinity',
    [],
    undefined,
  ]);
  t.end();
});

t.test('stretches of one index are one, where a resource has one key', (t) => {
  t.strictSame(plan('User', 'userName ge "b" and userName lt "d" and userName gt "a"'), [
    'name b..d',
    [],
    undefined,
  ]);
  t.strictSame(plan('User', 'userName ge "b" and externalId lt "d"'), [
    'name b..end',
    [],
    "externalId lt 'd'",
  ]);
  t.end();
});

t.test('alternatives that indexes answer are found together', (t) => {
  t.strictSame(plan('User', 'userName eq "x" or (id eq "u" and active eq true)'), [
    'name x | id u',
    [],
    "userName eq 'x' or id eq 'u' and active eq true",
  ]);
  t.strictSame(plan('User', 'id eq "a" or (id eq "b" or userName sw "c")'), [
    'id a | id b | name c..d',
    [],
    undefined,
  ]);
  t.end();
});

t.test('who is in a group is found from the group', (t) => {
  for (const filter of ['groups eq "g"', 'groups.value eq "g"', 'groups[value eq "g"]']) {
    t.strictSame(plan('User', filter), ['group g', [], undefined], filter);
  }
  t.strictSame(plan('User', 'groups[value eq "g" and type eq "direct"]')[0], undefined);
  t.end();
});

t.test('what may find many has other plans, what finds one has none', (t) => {
  const count = (filter: string) => plansFor(parseFilter(filter, LIMITS), type('User')).length;
  t.equal(count('userName eq "x" and externalId eq "e" and id sw "a"'), 1);
  t.equal(count('externalId eq "e" and id sw "a" and title pr'), 2);
  t.equal(
    count(['a', 'b', 'c', 'd', 'e', 'f'].map((e) => `externalId eq "${e}"`).join(' and ')),
    4,
  );
  t.end();
});

t.test('a scan keeps all but the member checks, which stay one probe a group', (t) => {
  t.strictSame(plan('Group', 'members eq "m" and externalId eq "e"', planScan), [
    undefined,
    ['m'],
    "externalId eq 'e'",
  ]);
  t.end();
});

t.test('a case-exact name is looked up as it is written', (t) => {
  const schemas = CORE_PROFILE.schemas.map((schema) => ({
    ...schema,
    attributes: schema.attributes.map((attribute) =>
      attribute.name === 'userName' ? { ...attribute, caseExact: true } : attribute,
    ),
  }));
  const exact = compileRegistry({ ...CORE_PROFILE, schemas }).typesByName.get('User');
  if (exact === undefined) throw new Error('there is a User');
  t.strictSame(show(bestPlan(parseFilter('userName eq "Bob"', LIMITS), exact)), [
    'name Bob',
    [],
    undefined,
  ]);
  t.end();
});
