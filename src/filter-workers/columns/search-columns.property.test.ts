/**
 * A search over columns answers as a scan does, in any order, whatever happened to the resources since
 * it looked last: created, changed, deleted, in any order and with ids in any order.
 */
import fc from 'fast-check';
import t from 'tap';
import { ScimError } from '../../scim/errors.ts';
import type { FilterNode } from '../../scim/filter/ast.ts';
import { compileFilter } from '../../scim/filter/evaluate.ts';
import type { Place } from '../../scim/messages/cursor.ts';
import { dateTimeText } from '../../scim/resource/date-time-text.ts';
import { compileRegistry } from '../../scim/schema/registry.ts';
import { DEVICE_SCHEMA, DEVICE_TYPE, OWNER_SCHEMA } from '../../scim/schema/test/types.ts';
import type { Sort } from '../../scim/sort/compile.ts';
import type { Reader } from '../../sqlite/reader.ts';
import { search } from '../../sqlite/search.ts';
import type { ResourceSearch, SearchBounds } from '../../sqlite/search/run.ts';
import { START } from '../../sqlite/test/asks.ts';
import { TestDatabase } from '../../sqlite/test/database.ts';
import type { SearchResult } from '../../store/results.ts';
import { huntOf } from '../../../test/support/hunt.ts';
import { Devices, type DeviceStep } from '../test/devices.ts';
import { anyDevice, anyFilter, anySort } from '../test/random-filters.ts';
import { ColumnCache } from './column-cache.ts';
import { searchColumns } from './search-columns.ts';

const MIB = 1024 * 1024;
/** Of the test database's change 0. */
const TEST_EPOCH_MS = 1_700_000_000_000;
const SCAN: SearchBounds = {
  scan: true,
  offsetMax: Infinity,
  probeRowsMax: 1000,
  sliceRows: 3,
  sortedRowsMax: 1000,
  linksMax: 1000,
  keepGoing: () => undefined,
};
const registry = compileRegistry({
  schemas: [DEVICE_SCHEMA, OWNER_SCHEMA],
  resourceTypes: [DEVICE_TYPE],
});

/** One that was made before is made again: what was found then, and a cursor, may be out of date. */
interface Before {
  readonly searched: Searched;
  readonly place: Place;
}

interface Searched {
  readonly filter: FilterNode | undefined;
  /** Only what was changed in so many of the last changes. */
  readonly recent: number | undefined;
  readonly sort: Sort | undefined;
  readonly startIndex: number;
}

type Step = DeviceStep | ({ readonly kind: 'search' } & Searched);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    arbitrary: fc.record({
      kind: fc.constant('create' as const),
      id: fc.integer({ min: 100, max: 999 }),
      body: anyDevice,
    }),
    weight: 3,
  },
  {
    arbitrary: fc.record({ kind: fc.constant('change' as const), at: fc.nat(20), body: anyDevice }),
    weight: 2,
  },
  { arbitrary: fc.record({ kind: fc.constant('delete' as const), at: fc.nat(20) }), weight: 1 },
  {
    arbitrary: fc.record({
      kind: fc.constant('search' as const),
      filter: fc.option(anyFilter, { nil: undefined, freq: 3 }),
      recent: fc.option(fc.nat(8), { nil: undefined, freq: 2 }),
      sort: fc.option(anySort, { nil: undefined, freq: 3 }),
      startIndex: fc.integer({ min: 1, max: 4 }),
    }),
    weight: 8,
  },
);

const create: fc.Arbitrary<DeviceStep> = fc.record({
  kind: fc.constant('create' as const),
  id: fc.integer({ min: 100, max: 999 }),
  body: anyDevice,
});

/** It begins with some resources: a list of one has but one order. */
const history = fc
  .tuple(fc.array(create, { maxLength: 6 }), fc.array(step, { minLength: 8, maxLength: 24 }))
  .map(([first, then]): Step[] => [...first, ...then]);

t.test('columns and a scan agree at any time', async (t) => {
  const data = new TestDatabase(t, registry);
  const reader = data.reader(t);
  const { seed, runs } = huntOf(t, 'COLUMNS', { seed: 11, runs: 600 });
  let histories = 0;
  let compared = 0;
  fc.assert(
    fc.property(fc.boolean(), history, (inOrder, steps) => {
      histories += 1;
      const devices = new Devices(data, histories, inOrder);
      const cache = new ColumnCache(MIB);
      let before: Before | undefined;
      for (const each of steps) {
        if (each.kind !== 'search') {
          devices.apply(each);
          continue;
        }
        if (before !== undefined) compareWays(reader, cache, before.searched, before.place);
        const searched = withRecent(reader, each);
        const place = compareWays(reader, cache, searched, START);
        if (place === undefined) continue;
        compared += 1;
        before = { searched, place };
      }
      devices.clear();
    }),
    { seed, numRuns: runs },
  );
  t.ok(compared > runs / 2, `${compared} searches were compared`);
});

function withRecent(reader: Reader, { filter, recent, ...rest }: Searched): Searched {
  if (recent === undefined) return { filter, recent, ...rest };
  const path = { text: 'meta.lastModified', at: 0 };
  const operator = recent % 2 === 0 ? 'gt' : 'le';
  const value = dateTimeText(TEST_EPOCH_MS + reader.changes.sequence() - recent);
  const compare: FilterNode = { kind: 'compare', path, operator, value, valueAt: 0 };
  const both: FilterNode = filter ? { kind: 'and', nodes: [filter, compare] } : compare;
  return { filter: both, recent, ...rest };
}

/** @returns undefined when columns do not answer it; a place of another page, if there is one */
function compareWays(
  reader: Reader,
  cache: ColumnCache,
  searched: Searched,
  from: Place,
): Place | undefined {
  if (searched.filter !== undefined && !isTaken(searched.filter)) return undefined;
  const inColumns = (query: ResourceSearch): SearchResult | undefined => {
    const reading = { sliceRows: 2, keepGoing: () => undefined };
    const over = { reader, registry, cache, reading, linksMax: 10, mayBuild: true };
    return searchColumns(over, query);
  };
  const byIndex = queryOf(searched, { by: 'index', startIndex: searched.startIndex });
  const found = inColumns(byIndex);
  if (found === undefined) return undefined;
  const scanned = search(reader, registry, byIndex, SCAN);
  assertSame(idsOf(found), idsOf(scanned), 'a page by index');
  assertSame(found.totalResults, scanned?.totalResults, 'its total');
  let place = from;
  for (const page of ['first', 'second', 'third']) {
    const query = queryOf(searched, { by: 'cursor', place });
    const walked = inColumns(query);
    const whole = search(reader, registry, query, SCAN);
    assertSame(idsOf(walked), idsOf(whole), `the ${page} page by cursor`);
    assertSame(walked?.next, whole?.next, 'where it goes on');
    assertSame(walked?.previous, whole?.previous, 'where it came from');
    if (walked?.previous !== undefined) {
      const back = queryOf(searched, { by: 'cursor', place: walked.previous });
      assertSame(idsOf(inColumns(back)), idsOf(search(reader, registry, back, SCAN)), 'back');
    }
    if (walked?.next === undefined) break;
    place = walked.next;
  }
  return place;
}

function queryOf({ filter, sort }: Searched, start: ResourceSearch['start']): ResourceSearch {
  const types = [{ name: 'Device', filter, links: false }];
  return { endpoint: 1, types, sort, start, count: 2, base: 'https://h/scim' };
}

function isTaken(filter: FilterNode): boolean {
  try {
    const type = registry.typesByName.get('Device');
    if (type !== undefined) compileFilter(filter, type);
    return type !== undefined;
  } catch (error) {
    if (error instanceof ScimError) return false;
    throw error;
  }
}

function idsOf(result: SearchResult | undefined): string {
  return (
    result?.resources
      .map(({ id, document }) => `${id} ${Buffer.from(document).toString()}`)
      .join() ?? ''
  );
}

function assertSame(found: unknown, expected: unknown, what: string): void {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: ${a} in columns, ${b} by a scan`);
}
