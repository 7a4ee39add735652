import t from 'tap';
import { messageOf, toError } from './thrown.ts';

t.test('an error stays what it is', (t) => {
  const error = new RangeError('too far');
  t.equal(toError(error), error);
  t.equal(messageOf(error), 'too far');
  t.end();
});

t.test('anything else is told as text', (t) => {
  t.equal(messageOf('plain'), 'plain');
  t.equal(messageOf(undefined), 'undefined');
  t.ok(toError(7) instanceof Error);
  t.end();
});
