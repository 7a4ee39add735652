/** All resources are looked at, in slices, at one snapshot. */
import t from 'tap';
import { LIMITS } from '../platform/limits.ts';
import { checkConfig, type CheckBounds } from './check-config.ts';
import type { Reader } from './reader.ts';
import { TestDatabase } from './test/database.ts';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENDPOINT = 1;

/** Users whose title would be a number, and nothing else. */
const TITLE_IS_INTEGER = {
  schemas: [
    {
      id: USER,
      attributes: [
        { name: 'userName', required: true, uniqueness: 'server' },
        { name: 'title', type: 'integer' },
      ],
    },
  ],
};

function check(
  reader: Reader,
  config: object,
  bounds: Partial<CheckBounds> = {},
  endpoint = ENDPOINT,
): string | undefined {
  const whole = { limits: LIMITS, sliceRows: 2, keepGoing: () => undefined, ...bounds };
  return checkConfig(reader, { endpoint, config: JSON.stringify(config) }, whole).misfit;
}

t.test('misfits of all slices are counted, the first by id is told', (t) => {
  const data = new TestDatabase(t);
  const reader = data.reader(t);
  t.equal(check(reader, TITLE_IS_INTEGER), undefined, 'no resources');
  for (const [n, title] of [undefined, 'x', undefined, 'y', 'z'].entries()) {
    data.user(`u${n}`, title === undefined ? {} : { title });
  }
  data.user('other', { title: 'x' }, 2);
  t.match(
    check(reader, TITLE_IS_INTEGER),
    /^3 stored resources do not fit the new schemas, for example User u1: title would have to be an integer;/,
  );
  t.equal(check(reader, { requireIfMatch: true }), undefined);
  t.end();
});

t.test('types that go are counted, and groups whose members would go', (t) => {
  const data = new TestDatabase(t);
  const reader = data.reader(t);
  const user = data.user('u');
  data.group('empty');
  data.group('full', [user]);
  t.match(check(reader, { preset: 'users-only' }), /^2 stored resources .* Group empty: its type/);
  const [group] = ['urn:ietf:params:scim:schemas:core:2.0:Group'];
  const plain = {
    id: group,
    attributes: [{ name: 'displayName', required: true, uniqueness: 'server' }],
  };
  t.match(check(reader, { schemas: [plain] }), /^a stored resource .* Group full: it has members/);
  t.end();
});

t.test('a check ends when it is told to, and for an endpoint that is gone', (t) => {
  const data = new TestDatabase(t);
  const reader = data.reader(t);
  for (let n = 0; n < 5; n += 1) data.user(`u${n}`);
  let slices = 0;
  const stop = (): void => {
    slices += 1;
    if (slices === 2) throw new Error('stopped');
  };
  t.throws(() => check(reader, TITLE_IS_INTEGER, { keepGoing: stop }), { message: 'stopped' });
  t.equal(slices, 2);
  t.throws(() => check(reader, {}, {}, 7), { message: 'the endpoint is not there any more' });
  t.equal(check(reader, {}), undefined, 'the connection goes on');
  t.end();
});
