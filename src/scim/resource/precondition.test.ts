/** If-Match and If-None-Match (RFC 7644 §3.14, RFC 9110 §13.1). */
import t from 'tap';
import { ifMatchHolds, ifNoneMatchHolds } from './precondition.ts';
import { entityTag } from './rendered.ts';

const HOLDING = [
  'W/"42"',
  '"42"',
  '*',
  ' W/"42" ',
  'W/"41", W/"42"',
  'W/"41","42"',
  '"a,b", W/"42"',
  entityTag(42),
];

const NOT_HOLDING = [
  '',
  'W/"41"',
  '42',
  'W/42',
  'w/"42"',
  '"42',
  'W/"421"',
  'W/"042"',
  'W/"42 "',
  '"x42"',
  '"**"',
  ',',
];

t.test('a write goes on when its tag, one of its tags, or * names the version', async (t) => {
  for (const header of HOLDING) t.equal(ifMatchHolds(header, 42), true, header);
});

t.test('a write stops at any other tag and at what is no tag', async (t) => {
  for (const header of NOT_HOLDING) t.equal(ifMatchHolds(header, 42), false, header);
});

t.test('a read is not modified under the same rules', async (t) => {
  for (const header of HOLDING) t.equal(ifNoneMatchHolds(header, 42), true, header);
  for (const header of NOT_HOLDING) t.equal(ifNoneMatchHolds(header, 42), false, header);
});
