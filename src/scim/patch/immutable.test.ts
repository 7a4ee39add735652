/** Immutable attributes keep their first value, whichever way a PATCH takes around them. */
import t from 'tap';
import type { JsonObject, JsonValue } from '../json.ts';
import { deviceType, OWNER } from '../schema/test/types.ts';
import { body, patchWith, refusal } from './test/patch.ts';

const device: JsonObject = {
  id: 'd1',
  serial: '1',
  place: { site: 's', rack: 'r' },
  maker: { name: 'm' },
  keys: [{ value: 'k', algorithm: 'rsa' }],
  [OWNER]: { owner: 'o', contract: 'c' },
};

function patched(...operations: JsonValue[]): JsonObject {
  return patchWith(deviceType, device, body(...operations)).document;
}

t.test('a value that is there cannot be changed, removed or left out', (t) => {
  const cases: readonly (readonly [string, readonly JsonValue[]])[] = [
    ['serial', [{ op: 'replace', path: 'serial', value: '2' }]],
    ['serial', [{ op: 'remove', path: 'serial' }]],
    ['serial', [{ op: 'replace', value: { serial: null } }]],
    ['place.rack', [{ op: 'replace', path: 'place.rack', value: 'x' }]],
    ['place.rack', [{ op: 'replace', path: 'place', value: { rack: 'x' } }]],
    ['place.rack', [{ op: 'remove', path: 'place' }]],
    [
      'place.rack',
      [
        { op: 'remove', path: 'place' },
        { op: 'add', path: 'place', value: { site: 's', rack: 'x' } },
      ],
    ],
    ['maker', [{ op: 'replace', path: 'maker.name', value: 'x' }]],
    ['keys.algorithm', [{ op: 'replace', path: 'keys', value: [{ value: 'k', algorithm: 'x' }] }]],
    ['keys.algorithm', [{ op: 'add', path: 'keys', value: [{ value: 'k', algorithm: 'x' }] }]],
    ['keys.algorithm', [{ op: 'replace', path: 'keys[value eq "k"].algorithm', value: 'x' }]],
    [`${OWNER}:contract`, [{ op: 'replace', path: `${OWNER}:contract`, value: 'x' }]],
  ];
  for (const [path, operations] of cases) {
    const text = refusal(() => patched(...operations));
    t.ok(text.startsWith(`400 mutability ${path} is immutable`), text);
  }
  t.end();
});

t.test('the same value again changes nothing', (t) => {
  for (const operation of [
    { op: 'replace', value: { serial: '1', maker: { name: 'm' }, place: { rack: 'r' } } },
    { op: 'add', path: 'keys', value: [{ value: 'k', algorithm: 'rsa' }] },
    { op: 'replace', path: `${OWNER}:contract`, value: 'c' },
  ]) {
    t.equal(patched(operation), device, JSON.stringify(operation));
  }
  t.end();
});

t.test('elements with immutable parts come and go', (t) => {
  t.notOk('keys' in patched({ op: 'remove', path: 'keys[value eq "k"]' }));
  const other = [{ value: 'l', algorithm: 'ec' }];
  t.strictSame(patched({ op: 'replace', path: 'keys', value: other })['keys'], other);
  t.end();
});

t.test('a value that is not there may be set once', (t) => {
  const bare = { id: 'd2', [OWNER]: { owner: 'o' } };
  const set = { op: 'add', path: 'place', value: { site: 's', rack: 'r' } };
  const { document } = patchWith(deviceType, bare, body(set));
  t.strictSame(document['place'], { site: 's', rack: 'r' });
  t.end();
});
