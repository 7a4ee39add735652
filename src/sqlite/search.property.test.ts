/**
 * The planner, the indexes, the scan and the pure evaluator must agree: random filters over random
 * resources, answered in every way there is, and by evaluating each resource as it is shown.
 */
import t from 'tap';
import fc from 'fast-check';
import type { CompareNode, FilterNode } from '../scim/filter/ast.ts';
import { compileFilter } from '../scim/filter/evaluate.ts';
import { isObject, type JsonObject, type JsonValue } from '../scim/json.ts';
import { linksText, metaText, resourceLocation, resourceText } from '../scim/resource/rendered.ts';
import type { Reader } from './reader.ts';
import { search } from './search.ts';
import type { ResourceSearch, SearchBounds } from './search/run.ts';
import { TestDatabase } from './test/database.ts';
import { huntOf } from '../../test/support/hunt.ts';

const BASE = 'https://h/scim';
const SCAN: SearchBounds = {
  scan: true,
  offsetMax: Infinity,
  probeRowsMax: 1000,
  sliceRows: 3,
  sortedRowsMax: 1000,
  linksMax: 1000,
  keepGoing: () => undefined,
};
/** Each way to answer: by index with all found, by index given up, on the main thread. */
const WAYS: Readonly<Record<string, SearchBounds>> = {
  index: SCAN,
  'index given up': { ...SCAN, probeRowsMax: 0 },
  inline: { ...SCAN, scan: false },
};

const word = fc.constantFrom('an', 'R', 'anna', 'ANNA', 'Björn', 'BJÖRN', 'carl', 'ß', 'nobody');

const id = fc.constantFrom('u', 'g', 'u1', 'u2', 'u3', 'U3', 'u9', 'g1', 'g2', 'g3', 'nobody');

const ORDERS = ['gt', 'ge', 'lt', 'le'] as const;

/** Also what keys cannot tell of, and what lies at the ends of an index. */
const text = fc.oneof(
  word,
  fc.constantFrom(
    '',
    '\u{10ffff}',
    '\ufffd',
    '\ud800',
    '\uffff',
    'b',
    'BJÖRN',
    '\u{1f600}',
    'CARLA',
  ),
);

/** Rows are a millisecond apart. */
const time = fc.constantFrom(
  '2023-11-14T22:13:20.002Z',
  '2023-11-14T23:13:20.003+01:00',
  '2023-11-14T22:13:20.0045Z',
  '2023-11-14T22:13:20.006Z',
  '2030-01-01T00:00:00Z',
);

const USER_LEAVES = fc.oneof(
  compare(['id'], ['eq', 'ne'], id),
  compare(['id'], ORDERS, id),
  compare(['userName', 'USERNAME'], ['eq', 'ne', 'co', 'sw'], word),
  compare(['userName', 'externalId'], ORDERS, text),
  compare(['externalId', 'title'], ['eq', 'ne', 'ew', 'sw'], word),
  compare(['groups', 'groups.value'], ['eq', 'ne'], id),
  compare(['meta.lastModified'], ['eq', 'ne', ...ORDERS], time),
  compare(['active'], ['eq'], fc.boolean()),
  present(['title', 'groups', 'externalId', 'meta.location']),
  valuePath('groups', compare(['value'], ['eq'], id)),
);

const GROUP_LEAVES = fc.oneof(
  compare(['id'], ['eq', 'ne'], id),
  compare(['displayName', 'externalId'], ['eq', 'sw', ...ORDERS], text),
  compare(['meta.lastModified'], ORDERS, time),
  compare(['members', 'members.value', 'Members.VALUE'], ['eq', 'ne', 'sw'], id),
  compare(['members.type'], ['eq'], fc.constantFrom('User', 'group')),
  present(['members', 'externalId']),
  valuePath('members', compare(['value'], ['eq', 'sw'], id)),
  valuePath('members', compare(['display'], ['co'], word)),
);

t.test('every way to answer a filter finds what evaluating it finds', (t) => {
  const data = new TestDatabase(t);
  populate(data);
  const reader = data.reader(t);
  const groups = data.type('Group');
  const users = data.type('User');
  const cases = fc.oneof(
    fc.record({ type: fc.constant(users), filter: filterOf(USER_LEAVES) }),
    fc.record({ type: fc.constant(groups), filter: filterOf(GROUP_LEAVES) }),
  );
  const { seed, runs } = huntOf(t, 'PLANS', { seed: 17, runs: 2000 });
  fc.assert(
    fc.property(cases, fc.integer({ min: 1, max: 6 }), ({ type, filter }, startIndex) => {
      const matches = compileFilter(filter, type);
      const expected = shown(reader, data, type.name)
        .filter(matches)
        .map((resource) => JSON.stringify(resource['id']));
      const query: ResourceSearch = {
        endpoint: 1,
        types: [{ name: type.name, filter, links: true }],
        sort: undefined,
        start: { by: 'index', startIndex },
        count: 4,
        base: BASE,
      };
      for (const [way, bounds] of Object.entries(WAYS)) {
        const found = search(reader, data.registry, query, bounds);
        if (found === undefined && !bounds.scan) continue;
        const ids = found?.resources.map(({ id }) => JSON.stringify(id)).join();
        const page = expected.slice(startIndex - 1, startIndex + 3).join();
        if (found?.totalResults !== expected.length || ids !== page) {
          throw new Error(
            `${way}: ${found?.totalResults ?? 'no'} found [${ids ?? ''}], ${expected.length} expected [${page}]`,
          );
        }
      }
    }),
    { seed, numRuns: runs },
  );
  t.pass('they agree');
  t.end();
});

/** Every resource of the type as a client is shown it, by id. */
function shown(reader: Reader, data: TestDatabase, typeName: string): JsonObject[] {
  const type = data.type(typeName);
  return reader.lists.slice({ endpoint: 1, type: typeName }, undefined, false, 1000).map((row) => {
    const links = reader.links([row], type, data.registry, 1000)?.get(row.row);
    const meta = metaText(typeName, row, resourceLocation(BASE, type.endpoint, row.id));
    const linksName = (type.membership ?? type.groups)?.name;
    const text = resourceText(
      row.document.toString('utf8'),
      meta,
      linksName,
      linksText(links ?? [], BASE),
    );
    const resource = JSON.parse(text) as JsonValue;
    if (!isObject(resource)) throw new Error('no object');
    return resource;
  });
}

function populate(data: TestDatabase): void {
  const anna = data.user('u3', { userName: 'Anna', externalId: 'anna', title: 'carl' });
  const björn = data.user('u1', { userName: 'björn', externalId: 'ANNA', active: true });
  const carl = data.user('u2', { userName: 'CARL', active: false, title: 'anna' });
  data.user('u4', { userName: 'ß', externalId: 'anna', title: 'BJÖRN' });
  data.user('u5', { userName: '\u{1f600}x', externalId: '\u{10ffff}' });
  data.user('u6', { userName: '\ufffd', externalId: '' });
  data.user('u7', { userName: '\ud800a', externalId: '\ud800' });
  data.user('u9', { userName: 'anna' }, 2);
  const inner = data.group('g1', [anna, björn], { displayName: 'Anna' });
  const outer = data.group('g3', [inner, carl], { displayName: 'BJÖRN', externalId: 'anna' });
  data.members.add(inner, outer);
  data.members.keep(data.group('g2', [anna], { displayName: 'empty' }), 'nobody');
  data.group('g4', [], { displayName: 'carl', externalId: 'anna' });
  data.members.keep(data.group('g9', [], {}, 2), 'nobody');
}

function filterOf(leaf: fc.Arbitrary<FilterNode>): fc.Arbitrary<FilterNode> {
  const { filter } = fc.letrec<{ filter: FilterNode }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      leaf,
      many('and', tie('filter')),
      many('and', leaf),
      many('or', tie('filter')),
      tie('filter').map((node): FilterNode => ({ kind: 'not', node })),
    ),
  }));
  return filter;
}

function many(kind: 'and' | 'or', node: fc.Arbitrary<FilterNode>): fc.Arbitrary<FilterNode> {
  return fc
    .array(node, { minLength: 2, maxLength: 3 })
    .map((nodes): FilterNode => ({ kind, nodes }));
}

function compare(
  paths: readonly string[],
  operators: readonly CompareNode['operator'][],
  value: fc.Arbitrary<string | boolean>,
): fc.Arbitrary<FilterNode> {
  return fc
    .tuple(fc.constantFrom(...paths), fc.constantFrom(...operators), value)
    .map(([text, operator, value]): FilterNode => {
      return { kind: 'compare', path: { text, at: 0 }, operator, value, valueAt: 0 };
    });
}

function present(paths: readonly string[]): fc.Arbitrary<FilterNode> {
  return fc
    .constantFrom(...paths)
    .map((text): FilterNode => ({ kind: 'present', path: { text, at: 0 } }));
}

function valuePath(text: string, inner: fc.Arbitrary<FilterNode>): fc.Arbitrary<FilterNode> {
  return inner.map((filter): FilterNode => {
    return { kind: 'valuePath', path: { text, at: 0 }, filter };
  });
}
