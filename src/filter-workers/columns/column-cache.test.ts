/** Column sets are kept, shared and given up within bounds. */
import t, { type Test } from 'tap';
import type { FilterNode } from '../../scim/filter/ast.ts';
import { parseFilter } from '../../scim/filter/parse.ts';
import { compileRegistry } from '../../scim/schema/registry.ts';
import { DEVICE_SCHEMA, DEVICE_TYPE, OWNER_SCHEMA } from '../../scim/schema/test/types.ts';
import { TestDatabase } from '../../sqlite/test/database.ts';
import { ColumnCache } from './column-cache.ts';
import { wantedBy, type Wanted } from './wanted.ts';

const MIB = 1024 * 1024;
const ALL = { sliceRows: 2, keepGoing: () => undefined };
const registryOf = () =>
  compileRegistry({ schemas: [DEVICE_SCHEMA, OWNER_SCHEMA], resourceTypes: [DEVICE_TYPE] });

function parse(text: string): FilterNode {
  return parseFilter(text, { maxLength: 500, maxDepth: 9, maxNodes: 50 });
}

function stage(t: Test) {
  const data = new TestDatabase(t, registryOf());
  const type = data.type('Device');
  const wanted = (text: string): Wanted => {
    const found = wantedBy(parse(text), type);
    if (found === undefined) throw new Error(`${text} is not for columns`);
    return found;
  };
  return { data, reader: data.reader(t), type, wanted };
}

t.test('a set serves what it has columns of, and grows by what it lacks', async (t) => {
  const { data, reader, type, wanted } = stage(t);
  data.insert('Device', 'd1', { serial: 'a', tags: ['x'] });
  const cache = new ColumnCache(MIB);
  const serial = cache.open(reader, 1, type, wanted('serial eq "a"'), ALL);
  t.equal(cache.open(reader, 1, type, wanted('serial co "b"'), ALL), serial);
  t.equal(cache.open(reader, 1, type, wanted('tags eq "x"'), ALL), serial);
  const filter = 'serial eq "a" and tags eq "x"';
  const grown = cache.open(reader, 1, type, wanted(filter), ALL);
  t.equal(grown, serial);
  t.equal(grown?.matches(parse(filter))(0), true);
});

t.test('other schemas get another set', async (t) => {
  const { data, reader, type, wanted } = stage(t);
  data.insert('Device', 'd1', { serial: 'a' });
  const cache = new ColumnCache(MIB);
  const first = cache.open(reader, 1, type, wanted('serial eq "a"'), ALL);
  const changed = registryOf().typesByName.get('Device');
  if (changed === undefined) throw new Error('no Device');
  t.not(cache.open(reader, 1, changed, wanted('serial eq "a"'), ALL), first);
});

t.test('a reading that is ended is gone on with', async (t) => {
  const { data, reader, type, wanted } = stage(t);
  for (let n = 10; n < 20; n += 1) data.insert('Device', `d${n}`, { serial: String(n) });
  const cache = new ColumnCache(MIB);
  let slices = 0;
  const stopAt = (last: number) => ({
    sliceRows: 2,
    keepGoing: () => {
      slices += 1;
      if (slices === last) throw new Error('stopped');
    },
  });
  t.throws(() => cache.open(reader, 1, type, wanted('serial eq "a"'), stopAt(4)), /stopped/);
  data.change('Device', 1, 'd10', { serial: 'changed' });
  data.remove('Device', 2);
  data.insert('Device', 'd05', { serial: 'first' });
  slices = 0;
  const set = cache.open(reader, 1, type, wanted('serial eq "a"'), stopAt(Infinity));
  t.ok(slices < 7, `${slices} slices: the first ones were not read again`);
  t.equal(set?.places, 10);
  const changed = set?.matches(parse('serial eq "changed" or serial eq "first"'));
  const held = Array.from({ length: 10 }, (_, place) => changed?.(place) === true);
  t.same(
    held.slice(0, 3),
    [true, true, false],
    'd05, d10, and d12, which comes behind what is gone',
  );
});

t.test('what does not fit is refused until the list has shrunk', async (t) => {
  const { data, reader, type, wanted } = stage(t);
  const rows: number[] = [];
  for (let n = 100; n < 400; n += 1) {
    rows.push(data.insert('Device', `d${n}`, { serial: `${n}`.repeat(100) }));
  }
  const cache = new ColumnCache(60_000);
  t.equal(cache.open(reader, 1, type, wanted('serial eq "a"'), ALL), undefined);
  t.equal(cache.bytes, 0, 'and nothing of it is kept');
  for (const row of rows.slice(20)) data.remove('Device', row);
  t.ok(cache.open(reader, 1, type, wanted('serial eq "a"'), ALL));
});

t.test('the set that was not used for longest goes first', async (t) => {
  const { data, reader, type, wanted } = stage(t);
  for (const endpoint of [1, 2]) data.insert('Device', `d${endpoint}`, { serial: 'a' }, endpoint);
  const one = new ColumnCache(MIB);
  one.open(reader, 1, type, wanted('serial eq "a"'), ALL);
  const cache = new ColumnCache(one.bytes * 1.5);
  const first = cache.open(reader, 1, type, wanted('serial eq "a"'), ALL);
  const second = cache.open(reader, 2, type, wanted('serial eq "a"'), ALL);
  t.equal(cache.open(reader, 2, type, wanted('serial eq "a"'), ALL), second);
  t.not(cache.open(reader, 1, type, wanted('serial eq "a"'), ALL), first);
});

t.test('a value that no column can hold leaves the filter to the scan', async (t) => {
  const { data, reader, type, wanted } = stage(t);
  const row = data.insert('Device', 'd1', { serial: 'a' });
  data.db
    .prepare('UPDATE resources SET document = ? WHERE row = ?')
    .run('{"schemas":[],"id":"d1","serial":{"odd":1}}', row);
  const cache = new ColumnCache(MIB);
  t.equal(cache.open(reader, 1, type, wanted('serial eq "a"'), ALL), undefined);
  t.equal(cache.bytes, 0);
});

t.test('a set that is mostly dead is built anew', async (t) => {
  const { data, reader, type, wanted } = stage(t);
  const row = data.insert('Device', 'd1', { serial: 'a' });
  const cache = new ColumnCache(MIB);
  const first = cache.open(reader, 1, type, wanted('serial eq "a"'), ALL);
  for (let n = 0; n < 1100; n += 1) {
    data.change('Device', row, 'd1', { serial: String(n) });
    if (n % 2 === 0) cache.open(reader, 1, type, wanted('serial eq "a"'), ALL);
  }
  for (let n = 0; n < 600; n += 1) {
    data.change('Device', row, 'd1', { serial: String(n) });
    cache.open(reader, 1, type, wanted('serial eq "a"'), ALL);
  }
  t.not(cache.open(reader, 1, type, wanted('serial eq "a"'), ALL), first);
});
