/**
 * Random payloads of SCIMServer: what the import leaves is what a POST of the same body leaves, and a
 * body that a POST refuses is taken without what is wrong. The judge is the server's own API.
 */
import fc from 'fast-check';
import t from 'tap';
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import { ENTERPRISE, USER } from '../support/entra.ts';
import { succeeded } from '../support/scim-asserts.ts';
import { Migration } from './rig.ts';

const USERS = 250;
const RUN = { seed: 20_251_122, numRuns: USERS };
const EP = 'ep-1';

const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('', 'ß', 'İ', '😀', 'True', '\u0000', 'a"b\\'),
);
/** Right most of the time, so that many bodies are right as a whole. */
const scalar = fc.oneof(
  { weight: 60, arbitrary: text },
  { weight: 1, arbitrary: fc.oneof(fc.integer(), fc.boolean(), fc.constant(null)) },
);
const flag = fc.oneof(fc.boolean(), fc.constantFrom('True', 'false'), fc.constant(null));
const element = fc.record(
  { value: scalar, type: fc.constantFrom('work', 'home', 'Work'), primary: flag, display: scalar },
  { requiredKeys: ['value'] },
);
const list = fc.oneof(
  { weight: 5, arbitrary: fc.array(element, { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.oneof(element, text) },
);
const payload = fc.record(
  {
    displayName: scalar,
    title: scalar,
    shoe: fc.integer(),
    name: fc.record({ givenName: scalar, familyName: scalar, shoe: scalar }, { requiredKeys: [] }),
    'name.middleName': scalar,
    emails: list,
    phoneNumbers: list,
    addresses: fc.array(fc.record({ locality: scalar, type: scalar }), { maxLength: 2 }),
    [`${ENTERPRISE}:department`]: scalar,
    [`${USER}:nickName`]: scalar,
    [ENTERPRISE]: fc.record({ costCenter: scalar, manager: fc.oneof(scalar, element) }),
    'urn:example:Unknown': fc.constant({ a: 1 }),
    groups: fc.constant([{ value: 'g' }]),
    meta: fc.constant({ created: 'never' }),
  },
  { requiredKeys: [] },
);
/** An attribute in two spellings, which no request may have. */
const twice = fc.record(
  { title: text, TITLE: text, name: fc.constant({ givenName: 'a' }), 'name.givenName': text },
  { requiredKeys: [] },
);
const user = fc.record({
  payload: fc.oneof(
    { weight: 9, arbitrary: payload },
    { weight: 1, arbitrary: fc.tuple(payload, twice).map(([a, b]) => ({ ...a, ...b })) },
  ),
  active: fc.boolean(),
  externalId: fc.option(fc.string({ minLength: 1 }), { nil: null }),
  created: fc.integer({ min: 0, max: 4e12 }),
  updated: fc.integer({ min: 0, max: 4e12 }),
  asText: fc.boolean(),
});

t.test('an import is as a POST', async (t) => {
  const users = fc.sample(user, RUN);
  const migration = new Migration(t);
  const database = migration
    .database()
    .endpoint({ id: EP, name: EP })
    .endpoint({ id: 'ep-2', name: 'b' });
  for (const [
    number,
    { payload: rawPayload, active, externalId, created, updated, asText },
  ] of users.entries()) {
    const time = (ms: number) => (asText ? new Date(ms).toISOString() : ms);
    database.user({
      endpointId: EP,
      scimId: `u${number}`,
      userName: `user-${number}`,
      active: Number(active),
      externalId,
      rawPayload,
      createdAt: time(created),
      updatedAt: time(updated),
    });
  }
  database.close();
  const { stderr, result } = await migration.run();
  t.equal(result().counts.users.taken, USERS, stderr);
  const refused = new Set(result().named.map(({ id }) => id));

  const { at } = await migration.serve();
  let asPosted = 0;
  for (const [
    number,
    { payload: given, active, externalId, created, updated },
  ] of users.entries()) {
    const id = `u${number}`;
    const imported = succeeded(t, await at(EP).get(`/Users/${id}`), 200).body;
    t.match(imported['meta'], {
      created: new Date(created).toISOString(),
      lastModified: new Date(updated).toISOString(),
    });
    const body = { ...(given as JsonObject), userName: `user-${number}`, active, externalId };
    const posted = await at('ep-2').post('/Users', body);
    t.equal(refused.has(id), posted.status !== 201, `${id}: ${JSON.stringify(body)}`);
    if (posted.status !== 201) {
      t.match(imported, { userName: `user-${number}`, active });
      continue;
    }
    asPosted += 1;
    t.same(shownOf(imported), shownOf(posted.body), id);
  }
  t.ok(asPosted > USERS / 3 && asPosted < USERS, `${asPosted} of ${USERS} were right`);
});

function shownOf(resource: JsonObject): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(resource).filter(([key]) => key !== 'id' && key !== 'meta'),
  );
}
