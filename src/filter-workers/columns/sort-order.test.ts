/** The order of a sort over columns, and where a key lies in it that nothing has any more. */
import t from 'tap';
import type { JsonValue } from '../../scim/json.ts';
import { deviceType } from '../../scim/schema/test/types.ts';
import { AttributeTable, ITSELF } from './attribute-table.ts';
import { compareRank, sortOrder } from './sort-order.ts';

function tableOf(
  name: string,
  keys: readonly string[],
  values: readonly (JsonValue | undefined)[],
) {
  const attribute = deviceType.attributes.get(name);
  if (attribute === undefined) throw new Error(`no ${name}`);
  const table = new AttributeTable(attribute, keys);
  for (const value of values) table.push(value);
  return { table, sub: (key: string) => attribute.subs.get(key) };
}

const inTurn = (length: number): Int32Array => Int32Array.from({ length }, (_, at) => at);

t.test('the primary value counts, else the first; none is last', async (t) => {
  const { table, sub } = tableOf(
    'keys',
    ['value'],
    [
      [{ value: 'c' }, { value: 'a', primary: true }],
      [{ value: 'b' }, { value: 'a', primary: false }],
      undefined,
      [{ value: 'z', primary: true }, { value: 'A' }],
      [{ algorithm: 'no value', primary: true }, { value: 'a' }],
    ],
  );
  const { places } = sortOrder(inTurn(5), table, sub('value'));
  t.same([...places], [0, 1, 3, 2, 4]);
});

t.test('places of one key are in the order of lists', async (t) => {
  const { table } = tableOf('weight', [ITSELF], [2, 1, 2, undefined, 1]);
  t.same([...sortOrder(inTurn(5), table, undefined).places], [1, 4, 0, 2, 3]);
  const slotAt = Int32Array.of(4, 3, 2, 1, 0);
  t.same([...sortOrder(slotAt, table, undefined).places], [0, 3, 2, 4, 1]);
});

t.test('a key lies behind what is smaller and before what is greater', async (t) => {
  const { table } = tableOf('serial', [ITSELF], ['b', 'd', undefined, 'B']);
  const order = sortOrder(inTurn(4), table, undefined);
  const signs = (key: string | number | undefined): number[] => {
    const compare = compareRank(order, key);
    return [0, 1, 2, 3].map((place) => Math.sign(compare(place)));
  };
  t.same(signs('a'), [1, 1, 1, 1]);
  t.same(signs('b'), [0, 1, 1, 0]);
  t.same(signs('c'), [-1, 1, 1, -1]);
  t.same(signs('e'), [-1, -1, 1, -1]);
  t.same(signs(undefined), [-1, -1, 0, -1]);
  t.same(signs(5), [1, 1, 1, 1], 'numbers come before texts');
});
