import t from 'tap';
import type { JsonValue } from './json.ts';
import { sameValue } from './same-value.ts';

t.test('objects are the same in any order of keys, arrays in one order', (t) => {
  t.ok(sameValue({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 }));
  t.notOk(sameValue([1, 2], [2, 1]));
  t.end();
});

t.test('what differs in type, length or key is not the same', (t) => {
  const pairs: readonly (readonly [JsonValue, JsonValue | undefined])[] = [
    [1, '1'],
    [true, 'true'],
    [null, undefined],
    [{}, []],
    [[], [1]],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1 }, { b: 1 }],
    [{ toString: 1 }, {}],
  ];
  for (const [a, b] of pairs) {
    t.notOk(sameValue(a, b), JSON.stringify([a, b]));
    t.notOk(sameValue(b, a), JSON.stringify([b, a]));
  }
  t.end();
});
