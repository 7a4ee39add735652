/** The comparison that the crash loops rest on sees a lost write, one left out, and half a write. */
import t from 'tap';
import { findCut } from './cut.ts';
import type { Operation } from './recorded-writes.ts';

function operation(
  version: number | undefined,
  effects: Record<string, string | undefined>,
): Operation {
  return { version, acknowledged: true, effects: new Map(Object.entries(effects)) };
}

const BEFORE = new Map([['g', 'g with u']]);
const WRITES = [
  operation(1, { a: 'a1' }),
  operation(3, { b: 'b1' }),
  operation(5, { a: 'a2' }),
  operation(undefined, { b: undefined, g: 'g without' }),
  operation(undefined, { c: 'c1' }),
];

function cut(found: Record<string, string>, change: number, heldMin = 0): number {
  return findCut(BEFORE, WRITES, new Map(Object.entries(found)), { change, heldMin });
}

t.test('the first so many writes are found', (t) => {
  t.equal(cut({ g: 'g with u' }, 0), 0);
  t.equal(cut({ g: 'g with u', a: 'a1' }, 2), 1);
  t.equal(cut({ g: 'g with u', a: 'a2', b: 'b1' }, 5), 3);
  t.equal(cut({ g: 'g without', a: 'a2' }, 6), 4);
  t.equal(cut({ g: 'g without', a: 'a2', c: 'c1' }, 7, 5), 5);
  t.end();
});

t.test('a write that must be there and is not', (t) => {
  t.throws(() => cut({ g: 'g with u', a: 'a1' }, 2, 2), /write 2 of 5 must be there/);
  t.throws(() => cut({ g: 'g with u', a: 'a1' }, 3), /between 2 and 2/);
  t.end();
});

t.test('a later write without an earlier one', (t) => {
  t.throws(() => cut({ g: 'g with u', a: 'a2' }, 5), /1 differ, b is undefined/);
  t.throws(() => cut({ g: 'g with u', a: 'a2', b: 'b1' }, 4), /between 2 and 2/);
  t.end();
});

t.test('half a write, and a resource of nobody', (t) => {
  t.throws(() => cut({ g: 'g with u', a: 'a2' }, 6), /1 differ/);
  t.throws(() => cut({ g: 'g with u', z: 'z' }, 0), /z is z/);
  t.end();
});
