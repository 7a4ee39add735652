import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import t from 'tap';
import { type Cursor, decodeCursor, encodeCursor } from './cursor.ts';

const character = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));
const key = fc.oneof(
  fc.string({ unit: character }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value)),
  fc.boolean(),
  fc.constant(undefined),
);
const PLAIN = { noNullPrototype: true };
const position = fc.record({ type: fc.string(), id: fc.string(), key }, PLAIN);
const backwards = fc.record({ backwards: fc.constant(true as const), position }, PLAIN);
const forwards = fc.record(
  { backwards: fc.constant(false as const), position: fc.oneof(position, fc.constant(undefined)) },
  PLAIN,
);
const cursor: fc.Arbitrary<Cursor> = fc.record(
  { place: fc.oneof(backwards, forwards), issuedSeconds: fc.nat() },
  PLAIN,
);

t.test('property: what is encoded is decoded', (t) => {
  fc.assert(
    fc.property(cursor, (original) => {
      const decoded = decodeCursor(encodeCursor(original));
      if (!isDeepStrictEqual(decoded, original)) throw new Error(JSON.stringify(decoded));
    }),
    { numRuns: 500 },
  );
  t.pass('each is');
  t.end();
});

t.test('what is no cursor is told by undefined', (t) => {
  for (const text of [
    '',
    'x',
    'null',
    '{}',
    '[]',
    '[1,5]',
    '[2,5,false]',
    '[1,"5",false]',
    '[1,5,0]',
    '[1,5,true]',
    '[1,5,false,"User","id"]',
    '[1,5,false,"User","id",{}]',
    '[1,5,false,"User","id",[1]]',
    '[1,5,false,1,"id",null]',
    '[1,5,false,"User",1,null]',
    '[1,5,false,"User","id",null,null]',
  ]) {
    t.equal(decodeCursor(text), undefined, text);
  }
  t.ok(decodeCursor('[1,5,false,"User","id",null]'));
  t.end();
});

t.test('property: any text is a cursor or undefined, never a fault', (t) => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      decodeCursor(text);
    }),
  );
  t.pass('none was');
  t.end();
});
