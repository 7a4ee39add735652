/** `schemas` under PATCH: it follows the data, and the data follow its removal. */
import t from 'tap';
import type { JsonValue } from '../json.ts';
import { toStored } from '../resource/stored.ts';
import {
  body,
  CORE,
  device,
  DEVICE,
  ENTERPRISE,
  patchUser,
  patchWith,
  refusal,
  user,
  USER,
} from './test/patch.ts';

const extended = () => user({ [ENTERPRISE]: { department: 'Tours' } });

t.test('naming schemas changes nothing', (t) => {
  for (const before of [user(), extended()]) {
    for (const operation of [
      { op: 'add', path: 'schemas', value: [ENTERPRISE] },
      { op: 'add', path: 'schemas', value: ENTERPRISE },
      { op: 'add', path: 'schemas', value: null },
      { op: 'replace', path: 'schemas', value: [CORE] },
      { op: 'replace', path: `${CORE}:schemas`, value: [CORE, 'urn:x'] },
      { op: 'replace', value: { schemas: [CORE] } },
      { op: 'remove', path: 'schemas[value eq "urn:x"]' },
      { op: 'remove', path: 'schemas', value: ['urn:x'] },
      { op: 'remove', path: 'schemas', value: [] },
    ]) {
      t.equal(patchUser(before, operation), before, JSON.stringify(operation));
    }
  }
  t.end();
});

t.test('removing the URN of an extension removes its data', (t) => {
  for (const operation of [
    { op: 'remove', path: `schemas[value eq "${ENTERPRISE}"]` },
    { op: 'remove', path: `schemas[value eq "${ENTERPRISE.toUpperCase()}"]` },
    { op: 'remove', path: 'schemas[value co "enterprise"]' },
    { op: 'remove', path: 'schemas', value: [ENTERPRISE] },
    { op: 'remove', path: 'schemas', value: ENTERPRISE.toUpperCase() },
  ]) {
    t.strictSame(patchUser(extended(), operation), user(), JSON.stringify(operation));
  }
  t.end();
});

t.test('later operations see what was removed', (t) => {
  const after = patchUser(
    extended(),
    { op: 'remove', path: `schemas[value eq "${ENTERPRISE}"]` },
    { op: 'add', path: `${ENTERPRISE}:costCenter`, value: '1' },
  );
  t.strictSame(after[ENTERPRISE], { costCenter: '1' });
  const stored = JSON.parse(toStored(USER, 'u1', after).document) as Record<string, JsonValue>;
  t.strictSame(stored['schemas'], [CORE, ENTERPRISE]);
  t.end();
});

t.test('what a resource cannot lack is not removed', (t) => {
  for (const operation of [
    { op: 'remove', path: 'schemas' },
    { op: 'remove', path: 'schemas', value: null },
    { op: 'replace', path: 'schemas', value: null },
    { op: 'remove', path: `schemas[value eq "${CORE}"]` },
    { op: 'remove', path: 'schemas[value pr]' },
    { op: 'remove', path: 'schemas', value: [CORE] },
  ]) {
    const text = refusal(() => patchUser(extended(), operation));
    t.match(text, /^400 mutability schemas is required/, JSON.stringify(operation));
  }
  const lease = body({ op: 'remove', path: 'schemas[value eq "urn:test:Lease"]' });
  t.match(
    refusal(() => patchWith(DEVICE, device(), lease)),
    /^400 mutability urn:test:Lease is required/,
  );
  t.end();
});

t.test('what is no list of URNs is refused', (t) => {
  const cases: readonly (readonly [string, JsonValue, string])[] = [
    ['add', 5, 'is a number'],
    ['add', [5], 'holds something else'],
    ['replace', {}, 'is an object'],
    ['remove', [null], 'holds something else'],
  ];
  for (const [op, value, given] of cases) {
    const act = () => patchUser(user(), { op, path: 'schemas', value });
    const expected = `400 invalidSyntax schemas must be an array of strings, but ${given}`;
    t.equal(refusal(act), expected);
  }
  t.end();
});
