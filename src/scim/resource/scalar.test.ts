/** Types of values: strict about JSON, lenient about text (RFC 7643 §2.3). */
import t from 'tap';
import type { JsonValue } from '../json.ts';
import { parsed, readDevice, readUser, refused } from './test/reading.ts';

t.test('a string is kept as it is, whatever it says', async (t) => {
  for (const text of ['True', '', ' x ', 'å€😀', '5', 'null']) {
    t.same(readUser({ displayName: text }), { displayName: text });
  }
  const words = { locale: 'xyzzy', profileUrl: 'no url', timezone: 'Nowhere', title: '<b>' };
  t.same(readUser(words), words);
});

t.test('a string is nothing but a string', async (t) => {
  for (const [value, kind] of [
    [5, 'a number'],
    [true, 'a boolean'],
    [{}, 'an object'],
    [['x'], 'an array'],
  ] as const) {
    refused(
      t,
      () => readUser({ name: { givenName: value as JsonValue } }),
      'invalidValue',
      `name.givenName must be a string, but is ${kind}`,
    );
  }
});

t.test('a boolean may come as the text that Entra sends', async (t) => {
  for (const active of [true, 'True', 'true', 'TRUE'])
    t.same(readUser({ active }), { active: true });
  for (const active of [false, 'False', 'false']) t.same(readUser({ active }), { active: false });
  for (const [active, said] of [
    ['yes', '"yes"'],
    ['', '""'],
    [' true', '" true"'],
    [1, 'a number'],
    [[], 'an array'],
  ] as const) {
    refused(
      t,
      () => readUser({ active: typeof active === 'object' ? [] : active }),
      'invalidValue',
      `active must be true or false, but is ${said}`,
    );
  }
});

t.test('numbers are JSON numbers', async (t) => {
  t.same(readDevice({ ports: [0, -5], weight: 1.5 }), { ports: [0, -5], weight: 1.5 });
  for (const [ports, said] of [
    [1.5, 'a number'],
    [2 ** 53, 'a number'],
    ['5', '"5"'],
  ] as const) {
    const detail = `ports must be an integer, but is ${said}`;
    refused(t, () => readDevice({ ports }), 'invalidValue', detail);
  }
  for (const [weight, said] of [
    ['1.5', '"1.5"'],
    [JSON.parse('1e999') as JsonValue, 'a number'],
  ] as const) {
    const detail = `weight must be a number, but is ${said}`;
    refused(t, () => readDevice({ weight }), 'invalidValue', detail);
  }
});

t.test('JSON does not tell how a number was written', async (t) => {
  for (const [written, kept] of [
    ['5.0', '5'],
    ['50e-1', '5'],
    ['1e2', '100'],
    ['-0', '0'],
  ] as const) {
    const { ports } = readDevice({ ports: parsed(`[${written}]`) });
    t.equal(JSON.stringify(ports), `[${kept}]`, 'no fraction and no exponent (RFC 7643 §2.3.4)');
  }
  for (const written of ['0.1', '1.0e-7', '123456789.123', '1e21', '-2.50']) {
    const { weight = null } = readDevice({ weight: parsed(written) });
    t.equal(JSON.parse(JSON.stringify(weight)), JSON.parse(written), written);
    t.type(weight, 'number');
  }
});

t.test('a date and time is kept as it was written', async (t) => {
  for (const boughtAt of [
    '2026-01-31T08:00:00Z',
    '2026-01-31T08:00:00.1234567Z',
    '2026-01-31T08:00:00+02:00',
    '2026-01-31T08:00:00',
  ]) {
    t.same(readDevice({ boughtAt }), { boughtAt });
  }
  for (const boughtAt of ['2026-01-31', 'yesterday', '2026-13-01T00:00:00Z', '1/31/2026', '']) {
    refused(
      t,
      () => readDevice({ boughtAt }),
      'invalidValue',
      `boughtAt must be a date and time such as "2026-01-31T08:00:00Z", but is "${boughtAt}"`,
    );
  }
});

t.test('a binary is base64 in either alphabet, with or without padding', async (t) => {
  for (const firmware of ['', 'AAEC', 'AAE=', 'AA==', 'AA', '-_8', 'AAEC\nAAEC\n', 'AA=\n=\n']) {
    t.same(readDevice({ firmware }), { firmware });
  }
  // The last: one digit left over, padding that is too little or none's, both alphabets at once.
  for (const firmware of ['%', 'A=A', 'AA===', 'A', 'AAECA', 'AA=', 'AAEC=', 'AAEC==', '+/-_']) {
    refused(
      t,
      () => readDevice({ firmware }),
      'invalidValue',
      `firmware must be a base64 string, but is "${firmware}"`,
    );
  }
});

t.test('megabytes of blanks are judged in linear time', async (t) => {
  const blanks = ' '.repeat(2_000_000);
  for (const firmware of [`${blanks}%`, `AA=${blanks}%`, `AA=${blanks}=${blanks}%`]) {
    // Quadratic time would be hours: the test would end by tap's timeout.
    const said = `firmware must be a base64 string, but is "${firmware.slice(0, 80)}…"`;
    refused(t, () => readDevice({ firmware }), 'invalidValue', said);
  }
});

t.test('a client value in a detail is one short line', async (t) => {
  refused(
    t,
    () => readUser({ active: `a\r\n"${'b'.repeat(200)}` }),
    'invalidValue',
    `active must be true or false, but is "a\\r\\n\\"${'b'.repeat(76)}…"`,
  );
});
