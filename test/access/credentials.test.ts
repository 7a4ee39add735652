/**
 * The life of a credential on the real server: made, used, rotated while clients go on, switched off,
 * deleted, there after a restart; and its secret is in the one answer that made it and nowhere else.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import type { Answer } from '../support/answer.ts';
import { ScimClient } from '../support/client.ts';
import { entraUser } from '../support/entra.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';
import { until } from '../support/until.ts';
import { bearing, newCredential, newTenant, secretIn, secretOf, tokenOf } from './tenants.ts';

const server = await Server.start(t);
const operator = ScimClient.of(t, server);
const admin = operator.under('/scim/admin');
const { id: endpointId, scim } = await newTenant(operator, 'contoso');
const PATH = `/endpoints/${endpointId}/credentials`;

/** What must be nowhere but in the answer that showed it. */
const secrets: string[] = [];
const answers: string[] = [];

async function make(body: JsonObject): Promise<Answer> {
  const answer = await newCredential(operator, endpointId, body);
  secrets.push(secretIn(answer));
  return answer;
}

async function told(answer: Promise<Answer>): Promise<Answer> {
  answers.push((await answer).text);
  return answer;
}

t.test('a bearer credential is shown whole once', async (t) => {
  const made = await make({ label: 'Entra', subject: 'ada', expiresAt: '2100-01-01T00:00:00Z' });
  t.match(made.body, {
    endpointId,
    kind: 'bearer',
    label: 'Entra',
    scopes: ['scim.read', 'scim.write'],
    subject: 'ada',
    active: true,
    expiresAt: '2100-01-01T00:00:00.000Z',
    lastUsedAt: null,
    secrets: [{ expiresAt: null }],
    token: new RegExp(`^scim_${made.id}_[A-Za-z0-9_-]{43}$`),
  });
  t.equal(made.headers['cache-control'], 'no-store');
  t.equal(made.headers.location, `/scim/admin${PATH}/${made.id}`);
  const shown = (await told(admin.get(`${PATH}/${made.id}`))).body;
  t.same({ ...shown, token: tokenOf(made) }, made.body, 'later all of it but the token');
  t.match((await told(admin.get(PATH))).json, [{ label: 'provisioning' }, shown]);
  succeeded(t, await scim.get('/Users', bearing(tokenOf(made))), 200);
  const used = async (): Promise<JsonValue | undefined> =>
    (await told(admin.get(`${PATH}/${made.id}`))).body['lastUsedAt'];
  await until('a note of its use', async () => (await used()) !== null);
});

t.test('a client has an id and a secret, and no token to come in with', async (t) => {
  const made = await make({ label: 'client', kind: 'client' });
  t.match(made.body, { kind: 'client', clientId: made.id, clientSecret: /^[A-Za-z0-9_-]{43}$/ });
  const token = `scim_${made.id}_${secretIn(made)}`;
  scimError(t, await told(scim.get('/Users', bearing(token))), 401);
  const rotated = await admin.post(`${PATH}/${made.id}/rotate`, undefined);
  secrets.push(secretIn(rotated));
  t.match(rotated.body, { secrets: [{ expiresAt: null }, { expiresAt: null }] }, 'both live');
});

t.test('switched off it opens nothing, whatever its secret', async (t) => {
  const made = await make({ label: 'switched' });
  const token = bearing(tokenOf(made));
  const path = `${PATH}/${made.id}`;
  t.match((await told(admin.post(`${path}/deactivate`, undefined))).body, { active: false });
  scimError(t, await told(scim.get('/Users', token)), 401);
  t.match((await told(admin.post(`${path}/activate`, undefined))).body, { active: true });
  succeeded(t, await scim.get('/Users', token), 200);
  await told(admin.patch(path, { expiresAt: '2020-01-01T00:00:00Z' }));
  scimError(t, await told(scim.get('/Users', token)), 401);
  await told(admin.patch(path, { expiresAt: null, scopes: ['scim.read'] }));
  succeeded(t, await scim.get('/Users', token), 200);
  scimError(t, await told(scim.post('/Users', entraUser('refused'), token)), 403);
  t.equal((await admin.delete(path)).status, 204);
  scimError(t, await told(scim.get('/Users', token)), 401);
  t.equal((await told(admin.get(path))).status, 404);
});

t.test('rotation with a grace: clients go on with either token, none is refused', async (t) => {
  const made = await make({ label: 'rotated' });
  let current = tokenOf(made);
  let working = true;
  const former = current;
  const client = async (token: () => string): Promise<number> => {
    let requests = 0;
    while (working) {
      const answer = await scim.get('/Users?count=1', bearing(token()));
      if (answer.status !== 200) throw new Error(`${answer.status} while it was rotated`);
      requests += 1;
    }
    return requests;
  };
  const clients = [client(() => former), client(() => current), client(() => current)];
  const rotated = await admin.post(`${PATH}/${made.id}/rotate`, { graceSeconds: 3600 });
  succeeded(t, rotated, 200);
  current = tokenOf(rotated);
  secrets.push(secretOf(current));
  for (let n = 0; n < 20; n += 1) succeeded(t, await scim.get('/Users', bearing(current)), 200);
  working = false;
  t.ok((await Promise.all(clients)).every((requests) => requests > 0));

  const again = await admin.post(`${PATH}/${made.id}/rotate`, undefined);
  const newest = tokenOf(again);
  secrets.push(secretOf(newest));
  t.equal((again.body['secrets'] as JsonValue[]).length, 1, 'without a grace the former one goes');
  for (const token of [former, current]) {
    scimError(t, await told(scim.get('/Users', bearing(token))), 401);
  }
  succeeded(t, await scim.get('/Users', bearing(newest)), 200);
});

t.test('one endpoint’s credentials are not found under another', async (t) => {
  const made = await make({ label: 'elsewhere' });
  const other = `/endpoints/${(await newTenant(operator, 'fabrikam')).id}/credentials`;
  for (const [method, path] of [
    ['GET', ''],
    ['DELETE', ''],
    ['POST', '/rotate'],
    ['POST', '/deactivate'],
  ] as const) {
    const answer = await told(admin.send(method, `${other}/${made.id}${path}`, undefined));
    t.equal(answer.status, 404, `${method} ${path}`);
  }
  t.equal((await told(admin.get('/endpoints/contoso/credentials'))).status, 404, 'by id alone');
  t.equal((await told(admin.get(`${PATH}/${made.id}/steal`))).status, 404);
  succeeded(t, await scim.get('/Users', bearing(tokenOf(made))), 200);
});

t.test('they are there after a restart, and gone with their endpoint', async (t) => {
  const kept = tokenOf(await make({ label: 'kept' }));
  const goes = await newTenant(operator, 'gone');
  secrets.push(secretOf(goes.token));
  await server.stop();
  await server.startAgain();
  const again = ScimClient.of(t, server, `/scim/endpoints/${endpointId}`);
  succeeded(t, await again.get('/Users', bearing(kept)), 200);
  t.equal((await again.under('/scim/admin').delete(`/endpoints/${goes.id}`)).status, 204);
  const gone = again.under(`/scim/endpoints/${goes.id}`);
  scimError(t, await gone.get('/Users', bearing(goes.token)), 401);
  scimError(t, await gone.get('/Users'), 404);
});

t.test('no secret is in an answer, on the disk or in what the process prints', async (t) => {
  await server.stop();
  t.ok(secrets.length > 6 && secrets.every((secret) => secret.length >= 40));
  const files = readdirSync(server.folder).filter((name) => name.startsWith('scimlane'));
  t.ok(files.length >= 2, files.join());
  const places = new Map([
    ['answers', answers.join('\n')],
    ['stdout', server.stdout],
    ['stderr', server.stderr],
    ...files.map((name): [string, string] => [
      name,
      readFileSync(join(server.folder, name), 'latin1'),
    ]),
  ]);
  for (const [place, text] of places) {
    t.same(
      secrets.filter((secret) => text.includes(secret)),
      [],
      place,
    );
  }
});
