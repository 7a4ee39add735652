import fc from 'fast-check';
import t from 'tap';
import type { Place } from '../scim/messages/cursor.ts';
import { CursorSeal } from './cursors.ts';
import { failureOf } from './test/failure-of.ts';

const SECRET = 'a-secret-of-the-tests';
const LIMITS = { cursorTimeoutSeconds: 60, cursorLength: 4096 };
const QUERY = '["endpoint",["User"],null,null]';

const PLACE: Place = {
  backwards: false,
  position: { type: 'User', id: '0190c7b0-7f00-7000-8000-000000000001', key: 'ådä "x"\n' },
};

function sealAt(timeMs: number, secret = SECRET): CursorSeal {
  return new CursorSeal(secret, { now: () => timeMs }, LIMITS);
}

t.test('a cursor opens to the place it was sealed for, also after a restart', (t) => {
  const cursor = sealAt(1_700_000_000_000).seal(PLACE, QUERY);
  t.match(cursor, /^[A-Za-z0-9._~-]+$/);
  t.strictSame(sealAt(1_700_000_030_000).open(cursor, QUERY), PLACE);
  t.strictSame(sealAt(0).open('', QUERY), { backwards: false, position: undefined });
  t.end();
});

t.test('a cursor of another query or another secret is invalid, in the same words', (t) => {
  const seal = sealAt(0);
  const cursor = seal.seal(PLACE, QUERY);
  const refusals = [
    () => seal.open(cursor, '["endpoint",["Group"],null,null]'),
    () => sealAt(0, 'another-secret-of-the-tests').open(cursor, QUERY),
    () => seal.open('x'.repeat(100), QUERY),
    () => seal.open('x'.repeat(5000), QUERY),
    () => seal.open(`${cursor}=`, QUERY),
    () => seal.open(` ${cursor}`, QUERY),
    () => seal.open(cursor.slice(0, 40), QUERY),
  ].map(failureOf);
  for (const refusal of refusals) {
    t.match(refusal, { status: 400, scimType: 'invalidCursor' });
    t.match(refusal, { message: refusals[0] instanceof Error ? refusals[0].message : '' });
  }
  t.end();
});

t.test('a cursor is good for its time, to the second', (t) => {
  const cursor = sealAt(1_000_900).seal(PLACE, QUERY);
  t.strictSame(sealAt(1_060_000).open(cursor, QUERY), PLACE);
  t.match(
    failureOf(() => sealAt(1_061_000).open(cursor, QUERY)),
    { status: 400, scimType: 'expiredCursor' },
  );
  t.strictSame(sealAt(0).open(cursor, QUERY), PLACE, 'a clock that was set back does no harm');
  t.end();
});

t.test('property: whatever character is changed, added or left out, it is refused', (t) => {
  const seal = sealAt(0);
  const cursor = seal.seal(PLACE, QUERY);
  const at = fc.nat(cursor.length - 1);
  const character = fc.constantFrom(
    'a',
    'X',
    '0',
    '9',
    '-',
    '_',
    '.',
    '~',
    '+',
    '/',
    '=',
    ' ',
    'é',
    '\0',
  );
  const changed = fc.oneof(
    fc.tuple(at, character).map(([at, by]) => cursor.slice(0, at) + by + cursor.slice(at + 1)),
    fc.tuple(at, character).map(([at, by]) => cursor.slice(0, at) + by + cursor.slice(at)),
    at.map((at) => cursor.slice(0, at) + cursor.slice(at + 1)),
    at.map((at) => cursor.slice(0, at + 1)),
  );
  fc.assert(
    fc.property(changed, (text) => {
      fc.pre(text !== cursor);
      t.match(
        failureOf(() => seal.open(text, QUERY)),
        { scimType: 'invalidCursor' },
      );
    }),
    { numRuns: 500 },
  );
  t.end();
});

t.test('the longest place fits into the bound of a cursor', (t) => {
  const position = { type: 'T'.repeat(255), id: 'i'.repeat(255), key: '\u0001'.repeat(256) };
  const place: Place = { backwards: true, position };
  const seal = sealAt(1_700_000_000_000);
  t.strictSame(seal.open(seal.seal(place, QUERY), QUERY), place);
  t.end();
});
