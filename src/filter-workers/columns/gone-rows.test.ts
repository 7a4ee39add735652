/** Deleted rows are found by counting stretches of a list, wherever they lay in it. */
import fc from 'fast-check';
import t from 'tap';
import { compileRegistry } from '../../scim/schema/registry.ts';
import { DEVICE_SCHEMA, DEVICE_TYPE, OWNER_SCHEMA } from '../../scim/schema/test/types.ts';
import type { Stretch } from '../../sqlite/change-reader.ts';
import { TestDatabase } from '../../sqlite/test/database.ts';
import { goneRows } from './gone-rows.ts';

const LIST = { endpoint: 1, type: 'Device' };

t.test('property: what is gone is found, and nothing else', (t) => {
  const registry = compileRegistry({
    schemas: [DEVICE_SCHEMA, OWNER_SCHEMA],
    resourceTypes: [DEVICE_TYPE],
  });
  const data = new TestDatabase(t, registry);
  const { changes } = data.reader(t);
  let ids = 1000;
  const stretch = fc.integer({ min: 1, max: 5 });
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 14 }), stretch, (stays, stretchRows) => {
      const rows = stays.map(() => data.insert('Device', `d${(ids += 1)}`, { serial: 's' }));
      const gone = rows.filter((_, at) => stays[at] === false);
      for (const row of gone) data.remove('Device', row);
      const found = goneRows(
        changes,
        LIST,
        Float64Array.from(rows),
        gone.length,
        () => undefined,
        stretchRows,
      );
      for (const row of rows) if (!gone.includes(row)) data.remove('Device', row);
      return found.join() === gone.join();
    }),
    { seed: 3, numRuns: 150 },
  );
  t.pass('they are found');
  t.end();
});

t.test('only a stretch that has lost something is read', (t) => {
  const data = new TestDatabase(t);
  const rows = Array.from({ length: 9 }, (_, n) => data.user(`u${n}`));
  const { changes } = data.reader(t);
  const counted: (string | undefined)[] = [];
  const read: (string | undefined)[] = [];
  const watched = {
    idOf: (row: number) => changes.idOf(row),
    countOf: (stretch: Stretch) => {
      counted.push(stretch.from);
      return changes.countOf(stretch);
    },
    rowsOf: (stretch: Stretch) => {
      read.push(stretch.from);
      return changes.rowsOf(stretch);
    },
  };
  data.remove('User', rows[4] ?? 0);
  const list = { endpoint: 1, type: 'User' };
  t.same(
    goneRows(watched, list, Float64Array.from(rows), 1, () => undefined, 3),
    [5],
  );
  t.same(counted, [undefined, 'u3'], 'none behind it');
  t.same(read, ['u3']);
  t.end();
});
