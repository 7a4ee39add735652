import fc from 'fast-check';
import t from 'tap';
import { booleanOf, idOf, shown, textOf, timeOf } from './values.ts';

const AT = Date.UTC(2025, 2, 4, 5, 6, 7, 89);

t.test('a time is read in each form that a database of theirs has', async (t) => {
  for (const text of [
    AT,
    String(AT),
    '2025-03-04T05:06:07.089Z',
    '2025-03-04T05:06:07.089+00:00',
  ]) {
    t.equal(timeOf(text), AT, String(text));
  }
  t.equal(timeOf('2025-03-04 05:06:07'), AT - 89, 'CURRENT_TIMESTAMP is UTC');
  t.equal(timeOf('2025-03-04 05:06:07.089 UTC'), AT);
  t.equal(timeOf('2025-03-04T07:06:07.089+02:00'), AT);
  t.equal(timeOf(AT + 0.7), AT);
});

t.test('what is no time is none', async (t) => {
  for (const value of [
    null,
    '',
    'yesterday',
    '2025-02-30',
    -1,
    1e300,
    new Uint8Array(8),
    '4.5.2025',
  ]) {
    t.equal(timeOf(value), undefined, shown(value));
  }
});

t.test('every time that was written is read again', async () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (time) => {
      const text = new Date(time).toISOString();
      return (
        timeOf(time) === time && timeOf(text) === time && timeOf(text.replace('T', ' ')) === time
      );
    }),
  );
});

t.test('booleans and texts of any column', async (t) => {
  for (const value of [1, '1', 'true', 'True']) t.equal(booleanOf(value), true);
  for (const value of [0, '0', 'false', 'FALSE']) t.equal(booleanOf(value), false);
  for (const value of [null, 2, 'yes', new Uint8Array(1)]) t.equal(booleanOf(value), undefined);
  t.equal(textOf('a'), 'a');
  for (const value of ['', null, 5, new Uint8Array(1)]) t.equal(textOf(value), undefined);
  t.equal(idOf('ep-1_ß.~'), 'ep-1_ß.~');
  for (const id of ['', 'a b', 'a/b', 'a?b', 'a#b', 'a\n', 'x'.repeat(256), null, 5]) {
    t.equal(idOf(id), undefined, shown(id));
  }
  t.equal(shown('x'.repeat(500)).length, 121);
});
