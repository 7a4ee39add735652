/** An interval holds the key of a text exactly when the operator holds of the text, in SQLite's order. */
import fc from 'fast-check';
import t from 'tap';
import Database from 'better-sqlite3';
import type { CompareOperator } from '../../scim/filter/ast.ts';
import { compareText } from '../../scim/fold.ts';
import { endOfPrefix, numberInterval, overlap, textInterval, type Interval } from './intervals.ts';

const db = new Database(':memory:');
t.teardown(() => db.close());
const inside = db
  .prepare<[unknown, unknown, unknown, unknown], number>('SELECT +? >= +? AND +? < +?')
  .pluck();

const RUNS = { numRuns: 3000, seed: 5 };
const ORDERS = ['gt', 'ge', 'lt', 'le'] as const;

/** Those at the ends of what UTF-8 and UTF-16 order differently, and any others. */
const character = fc.oneof(
  fc.constantFrom('\0', 'a', 'b', '\u{7f}', '\u{80}', '\ud7ff', '\ue000', '\uffff', '\u{10000}'),
  fc.constantFrom('\u{10ffff}', '\ufffd', '\ud800', '\udc00', '\udfff'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
);
const text = fc.array(character, { maxLength: 4 }).map((parts) => parts.join(''));

t.test('texts', (t) => {
  let told = 0;
  fc.assert(
    fc.property(text, text, fc.constantFrom('sw', ...ORDERS), (value, literal, operator) => {
      const interval = textInterval(operator, literal);
      if (interval === undefined) return;
      told += 1;
      // As the writer keeps it.
      const holds = isInside(value.toWellFormed(), interval);
      if (holds !== textHolds(operator, value, literal)) throw new Error(`not so: ${holds}`);
    }),
    RUNS,
  );
  t.ok(told > RUNS.numRuns / 3, `${told} were told by keys`);
  t.end();
});

t.test('the end of a prefix is behind all that start with it, and before all others', (t) => {
  fc.assert(
    fc.property(text, text, fc.boolean(), (rawPrefix, rest, starts) => {
      const prefix = rawPrefix.toWellFormed();
      const value = (starts ? prefix + rest : rest).toWellFormed();
      const holds = isInside(value, { low: prefix, high: endOfPrefix(prefix) });
      if (holds !== value.startsWith(prefix)) throw new Error('not so');
    }),
    RUNS,
  );
  t.equal(endOfPrefix('a\ud7ff'), 'a\ue000', 'no text has a surrogate by itself');
  t.equal(endOfPrefix('a\u{10ffff}'), 'b');
  t.end();
});

t.test('numbers', (t) => {
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(0, -0, 1, -1, 1.5, Number.MIN_VALUE, -Number.MIN_VALUE, Number.MAX_VALUE),
    fc.integer(),
  );
  const near = (value: number): fc.Arbitrary<number> =>
    fc.constantFrom(value, value + 1, value * (1 + Number.EPSILON), value * (1 - Number.EPSILON));
  const pair = number.chain((a) => fc.tuple(fc.constant(a), fc.oneof(number, near(a))));
  fc.assert(
    fc.property(pair, fc.constantFrom('eq', ...ORDERS), ([value, literal], operator) => {
      const interval = numberInterval(operator, literal);
      const holds = interval !== undefined && isInside(value, interval);
      if (Number.isFinite(value) && Number.isFinite(literal)) {
        if (holds !== numberHolds(operator, value, literal)) throw new Error('not so');
      }
    }),
    RUNS,
  );
  t.equal(numberInterval('gt', Infinity), undefined);
  t.end();
});

t.test('an overlap holds what both hold', (t) => {
  const bounded = fc
    .tuple(text, fc.constantFrom('sw' as const, ...ORDERS))
    .map(([literal, operator]) => textInterval(operator, literal));
  fc.assert(
    fc.property(text, bounded, bounded, (raw, a, b) => {
      if (a === undefined || b === undefined) return;
      const value = raw.toWellFormed();
      const both = isInside(value, a) && isInside(value, b);
      if (isInside(value, overlap(a, b)) !== both) throw new Error('not so');
    }),
    RUNS,
  );
  t.end();
});

function isInside(key: string | number, { low, high }: Interval): boolean {
  return inside.get(key, low, key, high) === 1;
}

function textHolds(operator: CompareOperator, value: string, literal: string): boolean {
  if (operator === 'sw') return value.startsWith(literal);
  return orderHolds(operator, compareText(value, literal));
}

function numberHolds(operator: CompareOperator, value: number, literal: number): boolean {
  if (operator === 'eq') return value === literal;
  return orderHolds(operator, value < literal ? -1 : value > literal ? 1 : 0);
}

function orderHolds(operator: CompareOperator, sign: number): boolean {
  switch (operator) {
    case 'gt':
      return sign > 0;
    case 'ge':
      return sign >= 0;
    case 'lt':
      return sign < 0;
    default:
      return sign <= 0;
  }
}
