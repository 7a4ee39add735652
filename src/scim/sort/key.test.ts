import Database from 'better-sqlite3';
import fc from 'fast-check';
import t from 'tap';
import { compareKeys, SORT_KEY_LENGTH, textKey, type SortKey } from './key.ts';

t.test('values of a kind by value, texts by code point, none last', (t) => {
  const ordered: (SortKey | undefined)[] = [
    false,
    true,
    -1.5,
    0,
    2,
    10,
    'A',
    'a',
    'aa',
    'å',
    '\uFFFD',
    '😀',
    undefined,
  ];
  t.strictSame(ordered.toReversed().toSorted(compareKeys), ordered);
  for (const key of ordered) t.equal(compareKeys(key, key), 0);
  t.end();
});

t.test('text folds unless it is exact, and an empty one is none', (t) => {
  t.equal(textKey('Straße', false), textKey('STRASSE', false));
  t.not(textKey('a', true), textKey('A', true));
  t.equal(textKey('', false), undefined);
  t.equal(textKey('a\ud800', true), 'a\ufffd', 'as SQLite stores it');
  t.end();
});

t.test('of a long text so much counts, and no half of a character', (t) => {
  const same = 'x'.repeat(SORT_KEY_LENGTH);
  t.equal(textKey(`${same}a`, true), textKey(`${same}b`, true));
  t.equal(textKey(same, true), same);
  t.equal(textKey(`${same.slice(1)}😀`, true), same.slice(1));
  t.equal(textKey(`${same.slice(2)}😀b`, true), `${same.slice(2)}😀`);
  t.end();
});

t.test('property: keys are in the order of SQLite, folded and stored', (t) => {
  const db = new Database(':memory:');
  const order = db
    .prepare<{ x: string; y: string }, number>('SELECT (@x > @y) - (@x < @y)')
    .pluck();
  const character = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));
  const text = fc.oneof(fc.string({ unit: character }), fc.string({ unit: 'grapheme' }));
  fc.assert(
    fc.property(text, text, fc.boolean(), (a, b, exact) => {
      const [x, y] = [textKey(a, exact), textKey(b, exact)];
      fc.pre(x !== undefined && y !== undefined);
      if (Math.sign(compareKeys(x, y)) !== order.get({ x, y })) throw new Error('they differ');
    }),
    { numRuns: 300 },
  );
  t.pass('they agree');
  t.end();
});

t.test('property: the order is total', (t) => {
  const key = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(undefined));
  fc.assert(
    fc.property(key, key, key, (a, b, c) => {
      const [ab, ba, bc, ac] = [
        compareKeys(a, b),
        compareKeys(b, a),
        compareKeys(b, c),
        compareKeys(a, c),
      ].map(Math.sign);
      if (ab !== -(ba ?? 0) && ab !== ba) throw new Error('a before b, and b before a');
      if (ab === -1 && bc === -1 && ac !== -1) throw new Error('a before b before c');
    }),
  );
  t.pass('it is');
  t.end();
});
