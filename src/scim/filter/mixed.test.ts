import fc from 'fast-check';
import t from 'tap';
import { LENIENT, STRICT } from '../dialect.ts';
import type { FilterNode } from './ast.ts';
import { compileFilter } from './evaluate.ts';
import { filterByType, type TypeFilter } from './mixed.ts';
import { printFilter } from './print.ts';
import { BARBARA, GROUP, GUIDES, parse, refusalOf, USER } from './test/fixtures.ts';

const TYPES = [USER, GROUP];

function shown(filter: TypeFilter): string | boolean {
  return typeof filter === 'boolean' ? filter : printFilter(filter);
}

t.test('an attribute that a type does not have is there without a value', (t) => {
  const cases: readonly (readonly [string, string | boolean, string | boolean])[] = [
    ['userName eq "a"', 'userName eq "a"', false],
    ['userName ne "a"', 'userName ne "a"', false],
    ['userName pr', 'userName pr', false],
    ['not (userName pr)', 'not (userName pr)', true],
    ['userName eq null', 'userName eq null', true],
    ['userName ne null', 'userName ne null', false],
    ['displayName eq "a"', 'displayName eq "a"', 'displayName eq "a"'],
    ['displayName eq "a" and userName pr', 'displayName eq "a" and userName pr', false],
    [
      'displayName eq "a" or userName pr',
      'displayName eq "a" or userName pr',
      'displayName eq "a"',
    ],
    ['members pr or emails pr', 'emails pr', 'members pr'],
    ['members pr and emails pr', false, false],
    ['emails[type eq "work"]', 'emails[type eq "work"]', false],
    ['emails[not (type eq "work")]', 'emails[not (type eq "work")]', false],
    ['not (emails[type eq "work"])', 'not (emails[type eq "work"])', true],
    ['members[value eq "x" and display pr]', false, 'members[value eq "x" and display pr]'],
  ];
  for (const [filter, user, group] of cases) {
    t.strictSame(filterByType(parse(filter), TYPES, LENIENT).map(shown), [user, group], filter);
  }
  t.end();
});

t.test('the name of the type is known of each', (t) => {
  const of = (filter: string) => filterByType(parse(filter), TYPES, LENIENT).map(shown);
  t.strictSame(of('meta.resourceType eq "User"'), [true, false]);
  t.strictSame(of('meta.resourceType ne "User"'), [false, true]);
  t.strictSame(of('META.resourcetype pr'), [true, true]);
  t.strictSame(of('(meta.resourceType eq "User") or (meta.resourceType eq "Group")'), [true, true]);
  t.strictSame(of('meta.resourceType eq "Group" and displayName sw "a"'), [
    false,
    'displayName sw "a"',
  ]);
  t.end();
});

t.test('what suits no type is refused, in the words of the type that has the attribute', (t) => {
  const refused = (filter: string, dialect = LENIENT) =>
    refusalOf(() => filterByType(parse(filter), TYPES, dialect));
  const cases = [
    ['nosuch eq 1', /no resource type here has an attribute "nosuch" at position 1/],
    ['displayName pr or nosuch eq 1', /"nosuch" at position 19/],
    ['active gt true', /"gt" does not suit active/],
    ['password pr', /never returned/],
    ['emails[nosuch eq 1]', /emails has no sub-attribute "nosuch"/],
    ['name co "x"', /name is complex/],
  ] as const;
  for (const [filter, message] of cases) {
    t.match(refused(filter), { status: 400, scimType: 'invalidFilter', message }, filter);
  }
  t.match(refused('active eq "True"', STRICT), { scimType: 'invalidFilter' });
  t.strictSame(filterByType(parse('active eq "True"'), TYPES, LENIENT).map(shown), [
    'active eq "True"',
    false,
  ]);
  t.end();
});

t.test('property: where a type has all the attributes, the filter means what it says', (t) => {
  const leaf = fc.constantFrom(
    'displayName sw "b"',
    'displayName pr',
    'externalId pr',
    'id eq "e9e30dba-f08f-4109-8486-d5c6a331660a"',
    'meta.resourceType eq "User"',
    'meta.resourceType ne "User"',
    'meta.created pr',
  );
  const { filter } = fc.letrec<{ filter: FilterNode }>((tie) => ({
    filter: fc.oneof(
      { depthSize: 'small' },
      leaf.map(parse),
      tie('filter').map((node): FilterNode => ({ kind: 'not', node })),
      fc
        .record({
          kind: fc.constantFrom('and' as const, 'or' as const),
          nodes: fc.array(tie('filter'), { minLength: 2, maxLength: 3 }),
        })
        .map(({ kind, nodes }): FilterNode => ({ kind, nodes })),
    ),
  }));
  const group = { ...GUIDES, meta: { resourceType: 'Group' } };
  fc.assert(
    fc.property(filter, (node) => {
      const [ofUser, ofGroup] = filterByType(node, TYPES, LENIENT);
      const holds = (left: TypeFilter | undefined, type: typeof USER, resource: typeof BARBARA) =>
        typeof left === 'object' ? compileFilter(left, type)(resource) : left;
      t.equal(holds(ofUser, USER, BARBARA), compileFilter(node, USER)(BARBARA));
      t.equal(holds(ofGroup, GROUP, group), compileFilter(node, GROUP)(group));
    }),
    { numRuns: 200 },
  );
  t.end();
});
