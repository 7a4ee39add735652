/** What is passed over by its bytes does not match, whatever the filter and the document are. */
import fc from 'fast-check';
import t from 'tap';
import type { CompareNode, FilterNode } from '../scim/filter/ast.ts';
import { compileFilter } from '../scim/filter/evaluate.ts';
import { printFilter } from '../scim/filter/print.ts';
import type { JsonObject } from '../scim/json.ts';
import { CORE_PROFILE } from '../scim/schema/core.ts';
import { compileRegistry } from '../scim/schema/registry.ts';
import { rawTextTest } from './raw-text.ts';

const WORDS = [
  'Kate',
  'kate',
  'KATE',
  'oss',
  'Ross',
  'straße',
  'STRASSE',
  'ba"r',
  'a\\b',
  '\u212aate',
];
const word = fc.constantFrom(...WORDS, 'false', 'true', 'work', '2020-01-01T00:00:00Z');
const user = fc.record(
  {
    userName: word,
    externalId: word,
    active: fc.boolean(),
    name: fc.record({ familyName: word, givenName: word }, { requiredKeys: [] }),
    emails: fc.array(
      fc.record({ value: word, type: word, primary: fc.boolean() }, { requiredKeys: [] }),
      { maxLength: 3 },
    ),
    nickName: word,
  },
  { requiredKeys: ['userName'] },
);
const paths = ['userName', 'externalId', 'active', 'name.familyName', 'emails.value', 'nickName'];
const compared = (from: readonly string[]): fc.Arbitrary<FilterNode> =>
  fc
    .tuple(
      fc.constantFrom(...from, 'emails'),
      fc.constantFrom<CompareNode['operator']>('eq', 'ne', 'co', 'sw', 'ew', 'gt'),
      word,
    )
    .map(([text, operator, value]): FilterNode => {
      return { kind: 'compare', path: { text, at: 0 }, operator, value, valueAt: 0 };
    });
const both = (node: fc.Arbitrary<FilterNode>, kind: 'and' | 'or'): fc.Arbitrary<FilterNode> =>
  fc.tuple(node, node).map((nodes): FilterNode => ({ kind, nodes }));
const inner = fc
  .tuple(fc.constantFrom('value', 'type', 'primary'), fc.constantFrom('eq', 'co', 'ne'), word)
  .map(([text, operator, value]): FilterNode => {
    return { kind: 'compare', path: { text, at: 0 }, operator, value, valueAt: 0 };
  });
const brackets = fc
  .oneof(inner, both(inner, 'and'), both(inner, 'or'))
  .map((filter): FilterNode => ({ kind: 'valuePath', path: { text: 'emails', at: 0 }, filter }));
const leaf = fc.oneof(compared(paths), brackets);
const filter = fc.oneof(
  leaf,
  both(leaf, 'and'),
  both(leaf, 'or'),
  leaf.map((node): FilterNode => ({ kind: 'not', node })),
);

t.test('nothing that matches is passed over', (t) => {
  const type = compileRegistry(CORE_PROFILE).typesByName.get('User');
  if (type === undefined) throw new Error('there is a User');
  let passedOver = 0;
  fc.assert(
    fc.property(filter, user, (filter, user: JsonObject) => {
      const test = rawTextTest(filter, type);
      const mayMatch = test === undefined || test(Buffer.from(JSON.stringify(user)));
      if (!mayMatch) passedOver += 1;
      let matches: boolean;
      try {
        matches = compileFilter(filter, type)(user);
      } catch {
        return;
      }
      if (matches && !mayMatch) throw new Error(printFilter(filter));
    }),
    { seed: 7, numRuns: 5000 },
  );
  t.ok(passedOver > 100, `${passedOver} were passed over`);
  t.end();
});

t.test('what may stand there otherwise is looked at', (t) => {
  const type = compileRegistry(CORE_PROFILE).typesByName.get('User');
  if (type === undefined) throw new Error('there is a User');
  const of = (path: string, value: string): unknown =>
    rawTextTest(
      { kind: 'compare', path: { text: path, at: 0 }, operator: 'eq', value, valueAt: 0 },
      type,
    );
  for (const [path, value] of [
    ['nickName', 'a"b'],
    ['nickName', 'straße'],
    ['active', 'true'],
    ['meta.created', '2020-01-01T00:00:00Z'],
    ['groups.value', 'group'],
  ] as const) {
    t.equal(of(path, value), undefined, path);
  }
  t.type(of('nickName', 'ada'), 'function');
  t.end();
});
