/**
 * Walks by cursor against a model: resources come and go between the pages, pages are of random
 * length and in both directions, answered within tight bounds or wide ones. Each page is exactly what
 * the model has behind, or before, the place of its cursor; so no walk forward shows a resource
 * twice, or misses one that was there throughout. Beside each, a page by index is held against it.
 */
import t from 'tap';
import fc from 'fast-check';
import type { Place } from '../scim/messages/cursor.ts';
import { search } from './search.ts';
import type { ResourceSearch, SearchBounds } from './search/run.ts';
import { ask, START, WIDE } from './test/asks.ts';
import { TestDatabase } from './test/database.ts';
import { FILTERS, SORTS, WalkModel } from './test/walk-model.ts';

const TIGHT: SearchBounds = { ...WIDE, scan: false, offsetMax: 3 };

const word = fc.constantFrom('a', 'B', 'bb', 'Ba', 'Å', '😀', '\uFFFD', '😀😀');
const body = fc.record(
  {
    title: word,
    active: fc.boolean(),
    externalId: fc.constantFrom('e', 'E', 'f'),
    displayName: word,
    isLong: fc.boolean(),
  },
  { requiredKeys: [], noNullPrototype: true },
);
const change = fc.oneof(
  fc.record({ add: body, type: fc.constantFrom('User', 'Group'), at: fc.nat(999) }),
  fc.record({ remove: fc.nat() }),
);
const page = fc.record({
  changes: fc.array(change, { maxLength: 3 }),
  count: fc.integer({ min: 1, max: 4 }),
  skip: fc.nat(6),
  back: fc.boolean(),
  wide: fc.boolean(),
});
const walk = fc.record({
  types: fc.constantFrom(['User'], ['Group'], ['User', 'Group']),
  by: fc.option(fc.constantFrom(...Object.keys(SORTS)), { nil: undefined }),
  descending: fc.boolean(),
  filter: fc.option(fc.constantFrom(...Object.keys(FILTERS)), { nil: undefined }),
  start: fc.array(fc.record({ body, type: fc.constantFrom('User', 'Group'), at: fc.nat(999) }), {
    maxLength: 12,
  }),
  pages: fc.array(page, { minLength: 1, maxLength: 12 }),
});

t.test('every page of a walk is what the model has at that place', (t) => {
  const data = new TestDatabase(t);
  const reader = data.reader(t);
  let endpoint = 0;
  fc.assert(
    fc.property(walk, ({ types, by, descending, filter, start, pages }) => {
      const model = new WalkModel(data, (endpoint += 1));
      for (const { type, at, body } of start) model.add(type, at, body);
      const sort = by === undefined ? undefined : { by, descending };
      const asked = { types, ...(sort && { sort }), ...(filter && { filter }) };
      let place: Place | undefined = START;
      for (const { changes, count, skip, back, wide } of pages) {
        for (const change of changes) model.change(change);
        const byIndex = { ...ask({ ...asked, startIndex: skip + 1, count }), endpoint };
        const indexed =
          (wide ? undefined : search(reader, data.registry, byIndex, TIGHT)) ??
          search(reader, data.registry, byIndex, WIDE);
        const wanted = model.page(types, sort, filter, START, skip + count);
        const shown = indexed?.resources.map(({ id }) => id).join();
        if (shown !== wanted.ids.slice(skip).join() || indexed?.totalResults !== wanted.total) {
          throw new Error(`by index: ${shown ?? ''}, expected ${wanted.ids.slice(skip).join()}`);
        }
        const query: ResourceSearch = { ...ask({ ...asked, place, count }), endpoint };
        const found =
          (wide ? undefined : search(reader, data.registry, query, TIGHT)) ??
          search(reader, data.registry, query, WIDE);
        const expected = model.page(types, sort, filter, place, count);
        const ids = found?.resources.map(({ id }) => id).join();
        if (found === undefined || ids !== expected.ids.join()) {
          throw new Error(`found ${ids ?? 'nothing'}, expected ${expected.ids.join()}`);
        }
        if (found.totalResults !== undefined && found.totalResults !== expected.total) {
          throw new Error(`${found.totalResults} in all, expected ${expected.total}`);
        }
        const isLast = !place.backwards && !expected.more;
        if ((found.next === undefined) !== isLast) throw new Error('next page is told wrong');
        const goesBack = back && found.previous !== undefined;
        place = goesBack ? found.previous : found.next;
        if (place === undefined) return;
      }
    }),
    { numRuns: 1000 },
  );
  t.pass('it is');
  t.end();
});
