import t from 'tap';
import {
  bytesAt,
  frameChars,
  isFrame,
  numberAt,
  optionalNumberAt,
  optionalStringAt,
  stringAt,
} from './frame.ts';
import { errorFromFrame, errorToFrame } from './serialized-error.ts';

const frame = ['text', 7, null] as const;
const defect = { name: 'AssertionFailed' };

t.test('values are read by position and kind', (t) => {
  t.equal(stringAt(frame, 0), 'text');
  t.equal(numberAt(frame, 1), 7);
  t.equal(optionalStringAt(frame, 0), 'text');
  t.equal(optionalNumberAt(frame, 1), 7);
  t.equal(optionalStringAt(frame, 2), undefined);
  t.equal(optionalNumberAt(frame, 2), undefined);
  t.end();
});

t.test('a value of another kind, or none, is a defect', (t) => {
  for (const index of [1, 2, 3]) t.throws(() => stringAt(frame, index), defect);
  for (const index of [0, 2, 3]) t.throws(() => numberAt(frame, index), defect);
  for (const index of [1, 3]) t.throws(() => optionalStringAt(frame, index), defect);
  for (const index of [0, 3]) t.throws(() => optionalNumberAt(frame, index), defect);
  t.end();
});

t.test('bytes cross too', (t) => {
  const bytes = Uint8Array.of(1, 2);
  t.equal(bytesAt(['text', bytes], 1), bytes);
  t.throws(() => bytesAt(frame, 0), defect);
  t.ok(isFrame(['text', bytes]));
  t.notOk(isFrame([new Uint16Array(1)]));
  t.notOk(isFrame([{}]));
  t.equal(frameChars(['abc', bytes]), 5);
  t.end();
});

t.test('the text of a frame is counted in characters', (t) => {
  t.equal(frameChars([]), 0);
  t.equal(frameChars(['abc', 123456, null, '', 'de']), 5);
  t.end();
});

t.test('errors cross as data, with and without their optional fields', (t) => {
  const full = { code: 'scim', message: 'taken', status: 409, scimType: 'uniqueness' };
  t.same(errorFromFrame(errorToFrame(full)), full);
  const bare = errorFromFrame(errorToFrame({ code: 'overloaded', message: '' }));
  t.strictSame(bare, { code: 'overloaded', message: '' });
  t.throws(() => errorFromFrame(['code only']), defect);
  t.end();
});
