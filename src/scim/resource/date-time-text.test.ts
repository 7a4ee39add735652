import fc from 'fast-check';
import t from 'tap';
import { dateTimeText } from './date-time-text.ts';

t.test('a time is written as the engine writes it', (t) => {
  const time = fc.date({
    min: new Date('1900-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(time, (date) => dateTimeText(date.getTime()) === date.toISOString()),
    { numRuns: 5000 },
  );
  t.pass('they agree');
  t.end();
});

t.test('the ends of days, months, leap years and cycles', (t) => {
  for (const text of [
    '1970-01-01T00:00:00.000Z',
    '1999-12-31T23:59:59.999Z',
    '2000-02-29T12:00:00.000Z',
    '2000-03-01T00:00:00.000Z',
    '2024-02-29T23:59:59.999Z',
    '2026-02-28T23:59:59.999Z',
    '2026-03-01T00:00:00.009Z',
    '2100-02-28T23:59:59.099Z',
    '2100-03-01T00:00:00.000Z',
    '2400-02-29T00:00:00.000Z',
  ]) {
    t.equal(dateTimeText(Date.parse(text)), text);
  }
  t.end();
});
