/** Column sets are kept, shared and given up within bounds. */
import t, { type Test } from 'tap';
import type { FilterNode } from '../../scim/filter/ast.ts';
import { parseFilter } from '../../scim/filter/parse.ts';
import { compileRegistry } from '../../scim/schema/registry.ts';
import { DEVICE_SCHEMA, DEVICE_TYPE, OWNER, OWNER_SCHEMA } from '../../scim/schema/test/types.ts';
import { TestDatabase } from '../../sqlite/test/database.ts';
import { ColumnCache } from './column-cache.ts';
import type { ColumnSet } from './column-set.ts';
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
    const found = wantedBy(parse(text), undefined, type);
    if (found === undefined) throw new Error(`${text} is not for columns`);
    return found;
  };
  return { data, reader: data.reader(t), type, wanted };
}

/** Places. */
function found(set: ColumnSet | undefined, filter: string): number[] {
  return [...(set?.find(parse(filter), undefined, () => undefined).places ?? [])];
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
  t.same(found(grown, filter), [0]);
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
  t.same(
    found(set, 'serial eq "changed" or serial eq "first" or serial eq "13"'),
    [0, 1, 3],
    'd05, d10, and d12, which comes behind what is gone',
  );
});

t.test('a reading of one more attribute that is ended is gone on with', async (t) => {
  const { data, reader, type, wanted } = stage(t);
  const body = (n: number) => ({ serial: String(n), label: `l${n}` });
  for (let n = 10; n < 20; n += 1) data.insert('Device', `d${n}`, body(n));
  const cache = new ColumnCache(MIB);
  cache.open(reader, 1, type, wanted('serial eq "x"'), ALL);
  data.change('Device', 2, 'd11', body(31));
  let slices = 0;
  const stopAt = (last: number) => ({
    sliceRows: 2,
    keepGoing: () => {
      slices += 1;
      if (slices === last) throw new Error('stopped');
    },
  });
  t.throws(() => cache.open(reader, 1, type, wanted('label eq "x"'), stopAt(6)), /stopped/);
  data.change('Device', 1, 'd10', body(30));
  data.change('Device', 9, 'd18', body(38));
  data.insert('Device', 'd20', body(40));
  data.remove('Device', 3);
  slices = 0;
  const set = cache.open(
    reader,
    1,
    type,
    wanted('label eq "x" and serial eq "x"'),
    stopAt(Infinity),
  );
  t.ok(slices < 9, `${slices} slices: the first ones were not read again`);
  t.same(found(set, 'label pr'), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  t.same(found(set, 'label eq "l30" and serial eq "30"'), [0]);
  t.same(found(set, 'label eq "l31" or label eq "l13" or label eq "l38"'), [1, 2, 7]);
  t.same(found(set, 'label eq "l40" or label eq "l10" or label eq "l12"'), [9]);
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

t.test('of one list, the attribute that was not used for longest goes first', async (t) => {
  const { data, reader, type, wanted } = stage(t);
  for (let n = 100; n < 300; n += 1) {
    const long = (letter: string): string => `${n}${letter}`.repeat(50);
    data.insert('Device', `d${n}`, {
      serial: long('s'),
      label: long('l'),
      [OWNER]: { owner: long('o') },
    });
  }
  const three = `serial eq "x" or label eq "x" or ${OWNER}:owner eq "x"`;
  const all = new ColumnCache(MIB);
  all.open(reader, 1, type, wanted(three), ALL);
  const cache = new ColumnCache(all.bytes - 1);
  const set = cache.open(reader, 1, type, wanted('serial eq "x"'), ALL);
  cache.open(reader, 1, type, wanted('label eq "x"'), ALL);
  cache.open(reader, 1, type, wanted('serial eq "x"'), ALL);
  t.equal(cache.open(reader, 1, type, wanted(`${OWNER}:owner eq "x"`), ALL), set);
  t.ok(cache.has(1, type, wanted('serial eq "x"')));
  t.notOk(cache.has(1, type, wanted('label eq "x"')));
  t.equal(cache.open(reader, 1, type, wanted(three), ALL), undefined, 'too much together');
  t.ok(cache.open(reader, 1, type, wanted('label eq "x"'), ALL), 'but not alone');
  t.ok(cache.bytes < all.bytes);
});

t.test('matches go before attributes', async (t) => {
  const { data, reader, type, wanted } = stage(t);
  for (let n = 100; n < 300; n += 1) data.insert('Device', `d${n}`, { serial: `${n}`, label: 'l' });
  const filter = wanted('serial eq "a" or label eq "l"');
  const measured = new ColumnCache(MIB);
  measured.open(reader, 1, type, filter, ALL);
  const cache = new ColumnCache(measured.bytes + 1000);
  const set = cache.open(reader, 1, type, filter, ALL);
  for (const text of ['1', '2', '3']) found(set, `serial co "${text}"`);
  t.equal(cache.open(reader, 1, type, wanted('serial eq "a"'), ALL), set);
  t.ok(cache.has(1, type, filter));
  t.ok(cache.bytes <= measured.bytes + 1000);
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

t.test('an attribute that nobody names catches up when it is named again', async (t) => {
  const { data, reader, type, wanted } = stage(t);
  for (let n = 10; n < 20; n += 1)
    data.insert('Device', `d${n}`, { serial: String(n), tags: ['x'] });
  const cache = new ColumnCache(MIB);
  const open = (filter: string, reading = ALL): number[] => {
    const set = cache.open(reader, 1, type, wanted(filter), reading);
    return found(set, filter);
  };
  t.equal(open('tags eq "x"').length, 10);
  t.same(open('serial eq "12"'), [2]);
  data.change('Device', 3, 'd12', { serial: '12', tags: ['y'] });
  data.change('Device', 4, 'd13', { serial: '12', tags: ['z'] });
  t.same(open('serial eq "12"'), [2, 3]);
  data.change('Device', 4, 'd13', { serial: '13', tags: ['y'] });
  data.remove('Device', 1);
  const ends = {
    sliceRows: 1,
    keepGoing: () => {
      throw new Error('stopped');
    },
  };
  t.throws(() => open('tags eq "y"', ends), /stopped/);
  t.same(open('serial eq "12"'), [1]);
  t.same(open('tags eq "y"'), [1, 2]);
  t.equal(open('tags eq "x"').length, 7);
});
