import fc from 'fast-check';
import t from 'tap';
import { parseInstant } from './instant.ts';

t.test('the same instant in any notation is the same number', (t) => {
  const same = [
    '2011-05-13T04:42:34Z',
    '2011-05-13t04:42:34z',
    '2011-05-13T04:42:34',
    '2011-05-13T04:42:34.000Z',
    '2011-05-13T06:42:34+02:00',
    '2011-05-12T23:12:34-05:30',
    '2011-05-13T04:42:34-00:00',
  ];
  for (const text of same) t.equal(parseInstant(text), Date.UTC(2011, 4, 13, 4, 42, 34), text);
  t.end();
});

t.test('fractions count to the microsecond', (t) => {
  const at = parseInstant('2011-05-13T04:42:34Z');
  t.equal(parseInstant('2011-05-13T04:42:34.25Z'), at + 250);
  t.ok(parseInstant('2011-05-13T04:42:34.000001Z') > at);
  t.ok(parseInstant('2011-05-13T04:42:34.000002Z') > parseInstant('2011-05-13T04:42:34.000001Z'));
  t.equal(
    parseInstant('2040-01-01T01:00:00.123457+14:00'),
    parseInstant('2039-12-31T11:00:00.1234570Z'),
  );
  t.end();
});

t.test('a leap second is the second after it, and early years are themselves', (t) => {
  t.equal(parseInstant('2016-12-31T23:59:60Z'), Date.UTC(2017, 0, 1));
  t.equal(parseInstant('0001-01-01T00:00:00Z'), Date.parse('0001-01-01T00:00:00Z'));
  t.equal(parseInstant('2024-02-29T00:00:00Z'), Date.UTC(2024, 1, 29));
  t.end();
});

t.test('what is no dateTime is NaN', (t) => {
  const wrong = [
    '',
    '2011-05-13',
    '2011-05-13 04:42:34Z',
    '2011-13-01T00:00:00Z',
    '2011-00-01T00:00:00Z',
    '2011-04-31T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '2011-05-13T24:00:00Z',
    '2011-05-13T23:60:00Z',
    '2011-05-13T23:59:61Z',
    '2011-05-13T04:42Z',
    '2011-05-13T04:42:34.Z',
    '2011-05-13T04:42:34+0200',
    '2011-05-13T04:42:34+24:00',
    '2011-05-13T04:42:34+02:60',
    '11-05-13T04:42:34Z',
    '2011-05-13T04:42:34Z ',
    '2011-05-13T04:42:34Z\n',
  ];
  for (const text of wrong) t.ok(Number.isNaN(parseInstant(text)), JSON.stringify(text));
  t.end();
});

t.test('every date that JavaScript writes reads back', (t) => {
  const dates = fc.date({
    min: new Date('0000-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  });
  fc.assert(fc.property(dates, (date) => parseInstant(date.toISOString()) === date.getTime()));
  t.end();
});
