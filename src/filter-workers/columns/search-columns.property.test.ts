/**
 * A search over columns answers as a scan does, whatever happened to the resources since it looked
 * last: created, changed, deleted, in any order and with ids in any order.
 */
import fc from 'fast-check';
import t from 'tap';
import { ScimError } from '../../scim/errors.ts';
import type { FilterNode } from '../../scim/filter/ast.ts';
import { compileFilter } from '../../scim/filter/evaluate.ts';
import type { Place } from '../../scim/messages/cursor.ts';
import { compileRegistry } from '../../scim/schema/registry.ts';
import { DEVICE_SCHEMA, DEVICE_TYPE, OWNER_SCHEMA } from '../../scim/schema/test/types.ts';
import type { Reader } from '../../sqlite/reader.ts';
import { search } from '../../sqlite/search.ts';
import type { ResourceSearch, SearchBounds } from '../../sqlite/search/run.ts';
import { TestDatabase } from '../../sqlite/test/database.ts';
import type { SearchResult } from '../../store/results.ts';
import { huntOf } from '../../../test/support/hunt.ts';
import { Devices, type DeviceStep } from '../test/devices.ts';
import { anyDevice, anyFilter } from '../test/random-filters.ts';
import { ColumnCache } from './column-cache.ts';
import { searchColumns } from './search-columns.ts';

const MIB = 1024 * 1024;
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

type Step =
  | DeviceStep
  | { readonly kind: 'search'; readonly filter: FilterNode; readonly startIndex: number };

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
      filter: anyFilter,
      startIndex: fc.integer({ min: 1, max: 4 }),
    }),
    weight: 8,
  },
);

t.test('columns and a scan agree at any time', async (t) => {
  const data = new TestDatabase(t, registry);
  const reader = data.reader(t);
  const { seed, runs } = huntOf(t, 'COLUMNS', { seed: 11, runs: 1500 });
  let compared = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 30 }), (steps) => {
      const devices = new Devices(data);
      const cache = new ColumnCache(MIB);
      for (const each of steps) {
        if (each.kind !== 'search') devices.apply(each);
        else compared += compareWays(reader, cache, each.filter, each.startIndex);
      }
      devices.clear();
    }),
    { seed, numRuns: runs },
  );
  t.ok(compared > runs, `${compared} searches were compared`);
});

/** @returns 1 when the filter was one that columns answer */
function compareWays(
  reader: Reader,
  cache: ColumnCache,
  filter: FilterNode,
  startIndex: number,
): number {
  if (!isTaken(filter)) return 0;
  const inColumns = (query: ResourceSearch): SearchResult | undefined => {
    const reading = { sliceRows: 2, keepGoing: () => undefined };
    return searchColumns({ reader, registry, cache, reading, linksMax: 10 }, query);
  };
  const byIndex = queryOf(filter, { by: 'index', startIndex });
  const found = inColumns(byIndex);
  if (found === undefined) return 0;
  const scanned = search(reader, registry, byIndex, SCAN);
  assertSame(idsOf(found), idsOf(scanned), 'a page by index');
  assertSame(found.totalResults, scanned?.totalResults, 'its total');
  let place: Place | undefined = { backwards: false, position: undefined };
  for (const startsAt of [0, 2, 4]) {
    if (place === undefined) break;
    const walked = inColumns(queryOf(filter, { by: 'cursor', place }));
    const whole = search(reader, registry, queryOf(filter, { by: 'cursor', place }), SCAN);
    assertSame(idsOf(walked), idsOf(whole), `a page by cursor behind ${startsAt}`);
    assertSame(walked?.next, whole?.next, 'where it goes on');
    assertSame(walked?.previous, whole?.previous, 'where it came from');
    const back = walked?.previous;
    if (back !== undefined) {
      const query = queryOf(filter, { by: 'cursor', place: back });
      assertSame(idsOf(inColumns(query)), idsOf(search(reader, registry, query, SCAN)), 'back');
    }
    place = walked?.next;
  }
  return 1;
}

function queryOf(filter: FilterNode, start: ResourceSearch['start']): ResourceSearch {
  const types = [{ name: 'Device', filter, links: false }];
  return { endpoint: 1, types, sort: undefined, start, count: 2, base: 'https://h/scim' };
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
