import t from 'tap';
import { parseRfc3339 } from './rfc3339.ts';

t.test('a time with its offset is read', (t) => {
  const noon = Date.UTC(2026, 10, 21, 12);
  for (const text of [
    '2026-11-21T12:00:00Z',
    '2026-11-21t12:00:00z',
    '2026-11-21T14:00:00+02:00',
    '2026-11-21T06:30:00-05:30',
    '2026-11-21T12:00:00.000000Z',
  ]) {
    t.equal(parseRfc3339(text), noon, text);
  }
  t.equal(parseRfc3339('2026-11-21T12:00:00.5Z'), noon + 500);
  t.equal(parseRfc3339('2026-11-21T12:00:00.1239Z'), noon + 123);
  t.equal(parseRfc3339('2024-02-29T00:00:00Z'), Date.UTC(2024, 1, 29));
  t.end();
});

t.test('what is no time, or leaves its offset to a guess, is not', (t) => {
  for (const text of [
    '',
    'now',
    '12',
    '2026-11-21',
    '2026-11-21T12:00Z',
    '2026-11-21T12:00:00',
    '2026-11-21 12:00:00Z',
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-21T24:00:00Z',
    '2026-11-21T12:60:00Z',
    '2026-11-21T12:00:00+25:00',
    '2026-11-21T12:00:00.Z',
    ' 2026-11-21T12:00:00Z',
  ]) {
    t.equal(parseRfc3339(text), undefined, text);
  }
  t.end();
});
