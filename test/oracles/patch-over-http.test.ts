/**
 * Random PATCHes over HTTP against the model: a user is what the model makes of it, and where that is
 * what it was, the PATCH changes neither version nor lastModified (RFC 7644 §3.5.2.1). The endpoint is
 * of the preset `rfc-strict`. Each message is sent twice: the second time mostly has nothing to do.
 */
import fc from 'fast-check';
import t from 'tap';
import { isObject, type JsonObject, type JsonValue } from '../../src/scim/json.ts';
import { valueAt, type Answer } from '../support/answer.ts';
import { ScimClient } from '../support/client.ts';
import { patchOp } from '../support/entra.ts';
import { succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';
import { anyOperation, anyStoredUser } from './patch-cases.ts';
import { operationAsJson, patchedByModel } from './patch-model.ts';
import { USER_TRAITS, USER_URN } from './patch-model-schema.ts';
import { agree, oracleRuns } from './runs.ts';

const BY_THE_LETTER = {
  createsTarget: false,
  dropsLabels: false,
  readOnlyEchoes: false,
  bareValues: false,
  severalPrimaries: false,
};

const server = await Server.start(t);
const root = ScimClient.of(t, server);
const strict = { name: 'strict', config: { preset: 'rfc-strict' } };
succeeded(t, await root.under('/scim/admin').post('/endpoints', strict), 201);
const scim = root.under('/scim/endpoints/strict');

t.test('a user is what the model makes of it; no change is no new version', async (t) => {
  const counts = { changed: 0, unchanged: 0, refused: 0 };
  const runs = oracleRuns(t, 150);
  const operations = fc.array(anyOperation, { minLength: 1, maxLength: 2 });
  const property = fc.asyncProperty(anyStoredUser, operations, async (user, given) => {
    const { id, ...attributes } = user;
    const created = await scim.post('/Users', { ...attributes, schemas: schemasOf(user) });
    agree(created.status, 201, [created.text, id]);
    const path = `/Users/${created.id}`;
    const message = patchOp(...given.map(operationAsJson));
    let before = await scim.get(path);
    for (let times = 0; times < 2; times += 1) {
      const wanted = patchedByModel(USER_TRAITS, attributesOf(before), given, BY_THE_LETTER);
      const { status } = await scim.patch(path, message);
      const after = await scim.get(path);
      const isSame =
        'refused' in wanted || sorted(wanted.document) === sorted(attributesOf(before));
      if ('refused' in wanted) {
        counts.refused += 1;
        agree(status, 400, message);
      } else {
        counts[isSame ? 'unchanged' : 'changed'] += 1;
        agree(status === 200 || status === 204, true, message);
        agree(sorted(attributesOf(after)), sorted(wanted.document), message);
      }
      // Two operations may undo each other, which is a change.
      if (isSame && given.length === 1) agree(after.text, before.text, message);
      if (!isSame) agree(after.version !== before.version, true, message);
      before = after;
    }
    agree((await scim.delete(path)).status, 204, path);
  });
  await fc.assert(property, runs);
  for (const [what, count] of Object.entries(counts)) {
    t.ok(count > runs.numRuns / 10, `${what}: ${count} of ${2 * runs.numRuns} messages`);
  }
});

function schemasOf(user: JsonObject): string[] {
  return [USER_URN, ...Object.keys(user).filter((name) => name.startsWith('urn:'))];
}

/** What the model knows of a user. */
function attributesOf(answer: Answer): JsonObject {
  const entries = Object.entries(answer.body).filter(
    ([name]) => !['meta', 'schemas'].includes(name),
  );
  agree(typeof valueAt(answer.body, 'meta', 'lastModified'), 'string', answer.text);
  return Object.fromEntries(entries);
}

function sorted(value: JsonValue): string {
  return JSON.stringify(value, (_, inner: JsonValue) =>
    isObject(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
