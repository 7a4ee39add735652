import t from 'tap';
import { parseFilter } from '../../scim/filter/parse.ts';
import { printFilter } from '../../scim/filter/print.ts';
import { CORE_PROFILE } from '../../scim/schema/core.ts';
import { compileRegistry } from '../../scim/schema/registry.ts';
import type { ResourceType } from '../../scim/schema/attribute.ts';
import { planFilter, planScan, type FilterPlan } from './choose.ts';

const registry = compileRegistry(CORE_PROFILE);
const LIMITS = { maxLength: 4096, maxDepth: 16, maxNodes: 100 };

/** A plan with its residual as text. */
type Shown = [probe: string | undefined, members: readonly string[], residual: string | undefined];

function plan(typeName: string, filter: string, planner = planFilter): Shown {
  const type: ResourceType | undefined = registry.typesByName.get(typeName);
  if (type === undefined) throw new Error(`no type ${typeName}`);
  return show(planner(parseFilter(filter, LIMITS), type));
}

function show({ probe, members, residual }: FilterPlan): Shown {
  return [
    probe && `${probe.by} ${probe.value}`,
    members,
    residual && printFilter(residual).replaceAll('"', "'"),
  ];
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
    ['User', "userName eq 'x' or id eq 'u'"],
    ['User', "not (userName eq 'x')"],
    ['User', "displayName eq 'x'"],
    ['User', "groups eq 'g'"],
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
  t.strictSame(show(planFilter(parseFilter('userName eq "Bob"', LIMITS), exact)), [
    'name Bob',
    [],
    undefined,
  ]);
  t.end();
});
