/** What a conjunct has left is all that the next is asked of. */
import t from 'tap';
import type { JsonObject } from '../../scim/json.ts';
import { parseFilter } from '../../scim/filter/parse.ts';
import { deviceType } from '../../scim/schema/test/types.ts';
import { AttributeTable } from './attribute-table.ts';
import { MaskPool } from './mask.ts';
import { slotMask } from './predicate.ts';
import { wantedBy } from './wanted.ts';

const DEVICES: readonly JsonObject[] = [
  { serial: 'a', label: 'one', tags: ['red', 'round'], keys: [{ value: 'k1', algorithm: 'rsa' }] },
  { serial: 'a', label: 'two', tags: ['blue'], keys: [{ value: 'k2', algorithm: 'dsa' }] },
  { serial: 'b', label: 'red one', tags: ['red', 'square'] },
  { serial: 'b', label: 'four', tags: [], keys: [{ value: 'k3', algorithm: 'rsa' }] },
  { serial: 'b', label: 'five' },
  { serial: 'a', label: 'one more', tags: ['dark red', 'blue', 'hot'] },
];

function slotsOf(filter: string): number[] {
  const parsed = parseFilter(filter, { maxLength: 500, maxDepth: 9, maxNodes: 50 });
  const tables = new Map<string, AttributeTable>();
  for (const [path, { attribute, keys }] of wantedBy(parsed, undefined, deviceType) ?? []) {
    const table = new AttributeTable(attribute, keys);
    for (const device of DEVICES) table.push(device[attribute.name]);
    tables.set(path, table);
  }
  const tableOf = (path: string): AttributeTable => {
    const table = tables.get(path);
    if (table === undefined) throw new Error(`no table of ${path}`);
    return table;
  };
  const slots = DEVICES.length;
  const keepGoing = (): void => undefined;
  const view = { type: deviceType, slots, tableOf, pool: new MaskPool(), keepGoing };
  const mask = slotMask(parsed, view);
  return DEVICES.flatMap((_, slot) => (mask[slot] === 1 ? [slot] : []));
}

t.test('over one and several values, nested and negated', async (t) => {
  t.same(slotsOf('serial eq "a" and tags co "red"'), [0, 5]);
  t.same(slotsOf('tags co "red" and serial eq "a" and label co "more"'), [5]);
  t.same(slotsOf('serial eq "a" and not (tags co "blue")'), [0]);
  t.same(slotsOf('serial eq "b" and (tags co "e" or label co "ou")'), [2, 3]);
  t.same(slotsOf('serial eq "a" and keys[algorithm eq "rsa" and value co "k"]'), [0]);
  t.same(
    slotsOf('serial eq "a" and not (keys[algorithm eq "rsa" and not (value co "k2")])'),
    [1, 5],
  );
  t.same(slotsOf('serial eq "x" and tags co "red"'), []);
});
