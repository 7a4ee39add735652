/**
 * Whatever indexes there are, complete or not, and in whatever order resources came: a filter finds
 * what evaluating it finds, in the order of ids, page by page and by cursor.
 */
import fc from 'fast-check';
import t from 'tap';
import { anyDevice, anyFilter } from '../../src/filter-workers/test/random-filters.ts';
import { ScimError } from '../../src/scim/errors.ts';
import type { FilterNode } from '../../src/scim/filter/ast.ts';
import { compileFilter } from '../../src/scim/filter/evaluate.ts';
import { printFilter } from '../../src/scim/filter/print.ts';
import { isObject, type JsonObject, type JsonValue } from '../../src/scim/json.ts';
import type { Place } from '../../src/scim/messages/cursor.ts';
import { metaText, resourceLocation, resourceText } from '../../src/scim/resource/rendered.ts';
import { compileRegistry } from '../../src/scim/schema/registry.ts';
import {
  DEVICE_SCHEMA,
  DEVICE_TYPE,
  OWNER,
  OWNER_SCHEMA,
} from '../../src/scim/schema/test/types.ts';
import { normalizeFilter } from '../../src/sqlite/plan/normalize.ts';
import { plansFor } from '../../src/sqlite/plan/choose.ts';
import type { Reader } from '../../src/sqlite/reader.ts';
import { search } from '../../src/sqlite/search.ts';
import type { ResourceSearch, SearchBounds } from '../../src/sqlite/search/run.ts';
import { buildIndexes } from '../../src/sqlite/test/attribute-indexes.ts';
import { TestDatabase } from '../../src/sqlite/test/database.ts';
import { huntOf } from '../support/hunt.ts';
import { faultyFilter, indexableFilter } from './indexable-filters.ts';

const BASE = 'https://h/scim';
const INDEXED = [
  ...['label', 'tags', 'ports', 'weight', 'boughtAt', 'firmware', 'place.site', 'place.room'],
  ...['maker.name', 'keys.value', 'keys.type', `${OWNER}:owner`],
];
const registry = compileRegistry(
  { schemas: [DEVICE_SCHEMA, OWNER_SCHEMA], resourceTypes: [DEVICE_TYPE] },
  INDEXED,
);
const INLINE: SearchBounds = {
  scan: false,
  offsetMax: 1000,
  probeRowsMax: 1000,
  sliceRows: 2,
  sortedRowsMax: 1000,
  linksMax: 1000,
  keepGoing: () => undefined,
};
const WAYS: readonly SearchBounds[] = [
  INLINE,
  { ...INLINE, probeRowsMax: 2 },
  { ...INLINE, scan: true },
  { ...INLINE, scan: true, probeRowsMax: 1 },
];

const anyCase = fc.record({
  ids: fc.uniqueArray(fc.integer({ min: 10, max: 99 }), { minLength: 1, maxLength: 9 }),
  inOrder: fc.boolean(),
  bodies: fc.array(anyDevice, { minLength: 9, maxLength: 9 }),
  complete: fc.subarray(INDEXED, { minLength: INDEXED.length / 2 }),
  filters: fc.array(fc.oneof(anyFilter, faultyFilter, { arbitrary: indexableFilter, weight: 5 }), {
    minLength: 8,
    maxLength: 16,
  }),
});

t.test('planner and indexes agree with the evaluator', (t) => {
  const data = new TestDatabase(t, registry);
  const reader = data.reader(t);
  const type = data.type('Device');
  const { seed, runs, isUsual } = huntOf(t, 'PLANS', { seed: 3, runs: 500 });
  let compared = 0;
  let byIndex = 0;
  fc.assert(
    fc.property(anyCase, ({ ids, inOrder, bodies, complete, filters }) => {
      const ordered = inOrder ? ids.toSorted((a, b) => a - b) : ids;
      const rows = ordered.map((id, at) => data.insert('Device', `d${id}`, bodies[at] ?? {}));
      if (inOrder) data.db.exec('UPDATE resource_counts SET scrambled = 0');
      buildIndexes(data.db, type, (path) => complete.includes(path));
      try {
        const resources = shown(reader, data);
        for (const filter of filters) {
          if (!isTaken(filter)) {
            refuse(reader, filter);
            continue;
          }
          compared += 1;
          const indexOf = reader.candidates.indexesOf(1, type);
          if (plansFor(filter, type, indexOf)[0].probe !== undefined) byIndex += 1;
          compare(reader, resources, filter);
        }
      } finally {
        for (const row of rows) data.remove('Device', row);
      }
    }),
    { seed, numRuns: runs },
  );
  t.ok(!isUsual || compared >= 3000, `${compared} filters were compared`);
  t.ok(!isUsual || byIndex >= 1000, `${byIndex} of them were answered by indexes`);
  t.end();

  function isTaken(filter: FilterNode): boolean {
    try {
      compileFilter(filter, type);
      return true;
    } catch (error) {
      if (error instanceof ScimError) return false;
      throw error;
    }
  }

  /** Whatever index could answer a part of it. */
  function refuse(reader: Reader, filter: FilterNode): void {
    for (const bounds of WAYS) {
      try {
        search(reader, registry, query(filter, { by: 'index', startIndex: 1 }, 1), bounds);
      } catch (error) {
        if (error instanceof ScimError) continue;
        throw error;
      }
      throw new Error(`${printFilter(filter)} was taken`);
    }
  }

  function compare(reader: Reader, resources: readonly JsonObject[], filter: FilterNode): void {
    const matching = resources.filter(compileFilter(filter, type));
    const normal = resources.filter(compileFilter(normalizeFilter(filter, type), type));
    if (normal.length !== matching.length) throw new Error(`normalised: ${printFilter(filter)}`);
    const expected = matching.map(({ id }) => (typeof id === 'string' ? id : ''));
    for (const bounds of WAYS) {
      const page = search(
        reader,
        registry,
        query(filter, { by: 'index', startIndex: 2 }, 3),
        bounds,
      );
      if (page === undefined && bounds.scan) throw new Error('no answer');
      if (page !== undefined) {
        const found = [page.totalResults, ...page.resources.map(({ id }) => id)].join();
        const wanted = [expected.length, ...expected.slice(1, 4)].join();
        if (found !== wanted) throw new Error(`${printFilter(filter)}: ${found}, not ${wanted}`);
      }
      const walked = walk(reader, filter, bounds)?.join();
      if (walked !== undefined && walked !== expected.join()) {
        throw new Error(`${printFilter(filter)}: walked ${walked}, not ${expected.join()}`);
      }
    }
  }
});

function walk(reader: Reader, filter: FilterNode, bounds: SearchBounds): string[] | undefined {
  const ids: string[] = [];
  let place: Place | undefined = { backwards: false, position: undefined };
  let last: Place = place;
  while (place !== undefined) {
    last = place;
    const page = search(reader, registry, query(filter, { by: 'cursor', place }, 2), bounds);
    if (page === undefined) return undefined;
    ids.push(...page.resources.map(({ id }) => id));
    place = page.next;
  }
  if (last.position !== undefined) {
    const back = { backwards: true, position: last.position };
    const page = search(
      reader,
      registry,
      query(filter, { by: 'cursor', place: back }, 100),
      bounds,
    );
    const before = ids.slice(0, ids.indexOf(last.position.id)).join();
    if (page?.resources.map(({ id }) => id).join() !== before) throw new Error('backwards');
  }
  return ids;
}

function query(filter: FilterNode, start: ResourceSearch['start'], count: number): ResourceSearch {
  const types = [{ name: 'Device', filter, links: false }];
  return { endpoint: 1, types, sort: undefined, start, count, base: BASE };
}

/** As a client is shown them, by id. */
function shown(reader: Reader, data: TestDatabase): JsonObject[] {
  return reader.lists.slice({ endpoint: 1, type: 'Device' }, undefined, false, 1000).map((row) => {
    const location = resourceLocation(BASE, data.type('Device').endpoint, row.id);
    const meta = metaText('Device', row, location);
    const resource = JSON.parse(resourceText(row.document.toString('utf8'), meta)) as JsonValue;
    if (!isObject(resource)) throw new Error('no object');
    return resource;
  });
}
