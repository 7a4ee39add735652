import fc from 'fast-check';
import t from 'tap';
import { excessOf } from './json-shape.ts';

const LIMITS = { jsonDepth: 3, jsonObjectKeys: 3, jsonNames: 5 };

t.test('depth, keys of one object and different keys are bounded', (t) => {
  const padding = ' '.repeat(100);
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['', undefined],
    ['[[[1]]]', undefined],
    ['[[[[1]]]]', 'is nested deeper than 3 levels'],
    ['{"a":{"b":[{}]}}', 'is nested deeper than 3 levels'],
    ['[{"a":1},[],{"b":[]},[],[]]', undefined],
    ['{"a":1,"b":2,"c":3}', undefined],
    ['{"a":1,"b":2,"c":3,"d":4}', 'has an object of more than 3 keys'],
    ['{"a":1,"b":{"a":1,"b":2,"c":3},"c":3}', undefined],
    ['{"a":1,"b":{"a":1,"b":2,"c":3},"c":3,"d":4}', 'has an object of more than 3 keys'],
    [`[{"a":1,"b":2},{"c":1,"d":2},{"a":1,"e":2}]${padding}`, undefined],
    [`[{"a":1,"b":2},{"c":1,"d":2},{"f":1,"e":2}]${padding}`, 'has more than 5 different keys'],
    ['["::::", "[[[[", "{{{{", "\\":::\\\\"]', undefined],
    ['"\\\\\\"::::"', undefined],
    ['"never closed ::::', undefined],
    [']]]}}}[[[1]]]', undefined],
  ];
  for (const [text, expected] of cases) t.equal(excessOf(text, LIMITS), expected, text);
  t.end();
});

t.test('what it counts in JSON is what is there', (t) => {
  const loose = { jsonDepth: 100, jsonObjectKeys: 100, jsonNames: 1000 };
  const property = fc.property(fc.json({ maxDepth: 4 }), (text) => {
    const { depth, keys, names } = shapeOf(JSON.parse(text));
    const padded = text + ' '.repeat(names * 6);
    const exact = { jsonDepth: depth, jsonObjectKeys: keys, jsonNames: names };
    if (excessOf(padded, exact) !== undefined) return false;
    return [
      depth === 0 || excessOf(text, { ...loose, jsonDepth: depth - 1 }) !== undefined,
      keys === 0 || excessOf(text, { ...loose, jsonObjectKeys: keys - 1 }) !== undefined,
      names === 0 || excessOf(padded, { ...loose, jsonNames: names - 1 }) !== undefined,
    ].every(Boolean);
  });
  fc.assert(property, { numRuns: 1000 });
  t.end();
});

interface Shape {
  readonly depth: number;
  readonly keys: number;
  readonly names: number;
}

function shapeOf(value: unknown): Shape {
  const names = new Set<string>();
  let keys = 0;
  const depthOf = (each: unknown): number => {
    if (typeof each !== 'object' || each === null) return 0;
    const children: readonly unknown[] = Object.values(each);
    if (!Array.isArray(each)) {
      keys = Math.max(keys, children.length);
      for (const key of Object.keys(each)) names.add(key);
    }
    return 1 + Math.max(0, ...children.map(depthOf));
  };
  return { depth: depthOf(value), keys, names: names.size };
}
