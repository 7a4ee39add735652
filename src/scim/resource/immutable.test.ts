/** Immutable attributes under PUT (RFC 7644 §3.5.1). */
import t, { type Test } from 'tap';
import type { JsonObject } from '../json.ts';
import { deviceType, OWNER } from '../schema/test/types.ts';
import { checkImmutable } from './immutable.ts';
import { refused } from './test/reading.ts';

const current: JsonObject = {
  serial: 's',
  place: { site: 'a', rack: 'r1' },
  maker: { name: 'm', sites: ['x', 'y'] },
  keys: [{ value: 'k1', algorithm: 'rsa' }, { value: 'k2' }],
  [OWNER]: { owner: 'o', contract: 'c1' },
};

function changed(t: Test, next: JsonObject, path: string): void {
  refused(
    t,
    () => checkImmutable(deviceType, current, { ...current, ...next }),
    'mutability',
    `${path} is immutable: send the value it has, it cannot be changed or left out`,
  );
}

t.test('a value that comes back as it is is accepted, and so is all else', async (t) => {
  const next = {
    label: 'new',
    serial: 's',
    place: { rack: 'r1', site: 'b' },
    maker: { sites: ['x', 'y'], name: 'm' },
    keys: [{ algorithm: 'rsa', value: 'k1' }],
    [OWNER]: { contract: 'c1', owner: 'someone else' },
  };
  t.doesNotThrow(() => checkImmutable(deviceType, current, next));
});

t.test('where there is no value, one may be set', async (t) => {
  t.doesNotThrow(() => checkImmutable(deviceType, {}, current));
  const keys = [
    { value: 'k1', algorithm: 'rsa' },
    { value: 'k2', algorithm: 'ec' },
  ];
  t.doesNotThrow(() => checkImmutable(deviceType, current, { ...current, keys }));
});

t.test('a changed value is refused wherever it is', async (t) => {
  changed(t, { serial: 'S' }, 'serial');
  changed(t, { place: { site: 'a', rack: 'r2' } }, 'place.rack');
  changed(t, { maker: { name: 'm', sites: ['x', 'z'] } }, 'maker');
  changed(t, { maker: { name: 'm', sites: ['x'] } }, 'maker');
  changed(t, { maker: { name: 'm' } }, 'maker');
  changed(t, { maker: { name: 'm', sites: ['x', 'y'], more: 1 } }, 'maker');
  changed(t, { [OWNER]: { owner: 'o', contract: 'c2' } }, `${OWNER}:contract`);
  changed(t, { keys: [{ value: 'k1', algorithm: 'ec' }] }, 'keys.algorithm');
});

t.test('a value left out is refused: a PUT would remove it', async (t) => {
  refused(
    t,
    () => checkImmutable(deviceType, { serial: 's' }, {}),
    'mutability',
    'serial is immutable: send the value it has, it cannot be changed or left out',
  );
  changed(t, { place: { site: 'a' } }, 'place.rack');
  changed(t, { [OWNER]: { owner: 'o' } }, `${OWNER}:contract`);
  changed(t, { keys: [{ value: 'k1' }] }, 'keys.algorithm');
});

t.test('elements come and go with their immutable parts', async (t) => {
  for (const keys of [[], [{ value: 'k3', algorithm: 'ec' }]]) {
    t.doesNotThrow(() => checkImmutable(deviceType, current, { ...current, keys }));
  }
});
