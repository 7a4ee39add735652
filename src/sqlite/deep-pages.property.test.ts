/**
 * Deep pages of a list that changes, found by marks that two readers make and hand on: each is what a
 * plain list of ids has there.
 */
import t from 'tap';
import fc from 'fast-check';
import { ListReader } from './list-reader.ts';
import { MARK_STEP } from './list-marks.ts';
import { openReader } from './open.ts';
import { TestDatabase } from './test/database.ts';

const start = Array.from({ length: 3 * MARK_STEP }, (_, n) => `m${String(n).padStart(5, '0')}`);

const step = fc.oneof(
  { arbitrary: fc.record({ read: fc.nat() }), weight: 6 },
  { arbitrary: fc.constant({ append: true as const }), weight: 2 },
  fc.record({ insert: fc.nat({ max: 99_999 }) }),
  fc.record({ remove: fc.nat() }),
);

t.test('every page is where it should be', (t) => {
  const data = new TestDatabase(t);
  const connections = [openReader(data.path), openReader(data.path)];
  t.teardown(() => connections.forEach((each) => each.close()));
  const [tight, wide] = connections.map((each) => new ListReader(each));
  if (tight === undefined || wide === undefined) return;
  const rows = new Map<string, number>();
  const add = (id: string) => {
    if (!rows.has(id)) rows.set(id, data.user(id));
  };
  data.db.exec('BEGIN');
  for (const id of start) add(id);
  data.db.exec('COMMIT');
  let appended = 0;
  let near = 0;
  let handed = 0;

  /** As the main thread does, and when it gives up, as a worker does. */
  const read = (offset: number): readonly { readonly id: string }[] => {
    const list = tight.open(1, 'User');
    const found = tight.page(list, offset, 5, MARK_STEP);
    if (found !== undefined) {
      near += 1;
      return found;
    }
    handed += 1;
    const same = wide.open(1, 'User');
    wide.mark(same, offset, () => undefined);
    const known = wide.knownMarks(1, 'User');
    if (known !== undefined) tight.takeMarks(known);
    return wide.page(same, offset, 5, MARK_STEP) ?? [];
  };

  const run = (
    change: { read: number } | { append: true } | { insert: number } | { remove: number },
  ): void => {
    const ids = [...rows.keys()].toSorted();
    if ('append' in change) add(`z${String((appended += 1)).padStart(5, '0')}`);
    else if ('insert' in change) add(`m${String(change.insert).padStart(5, '0')}x`);
    else if ('remove' in change) {
      const id = ids[change.remove % ids.length] ?? '';
      data.remove('User', rows.get(id) ?? 0);
      rows.delete(id);
    } else {
      const offset = change.read % ids.length;
      const expected = ids.slice(offset, offset + 5).join();
      const found = read(offset)
        .map(({ id }) => id)
        .join();
      if (found !== expected) throw new Error(`at ${offset}: [${found}], expected [${expected}]`);
    }
  };
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => steps.forEach(run)),
    { numRuns: 60, endOnFailure: true },
  );
  t.ok(near > 100, 'most pages were near');
  t.ok(handed > 10, 'some had to be handed over');
  t.end();
});
