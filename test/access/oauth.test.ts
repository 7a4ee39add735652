/**
 * OAuth on the real server: a client made by an administrator gets tokens, its secret is changed
 * while it goes on, and keys, clients and tokens outlive a restart, even kill -9.
 */
import t from 'tap';
import type { JsonObject } from '../../src/scim/json.ts';
import { ScimClient } from '../support/client.ts';
import { entraUser } from '../support/entra.ts';
import { succeeded } from '../support/scim-asserts.ts';
import { Server, temporaryFolder } from '../support/server.ts';
import { bearing, newCredential, newTenant } from './tenants.ts';

const OAUTH_CLIENT_ID = 'the-server';
const OAUTH_CLIENT_SECRET = 'of-the-whole-server';

const env = { OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET };
const folder = temporaryFolder(t);
const server = await Server.start(t, { env, folder });
const operator = ScimClient.of(t, server);
const admin = operator.under('/scim/admin');
const { id: endpointId, scim } = await newTenant(operator, 'contoso');
const made = await newCredential(operator, endpointId, { label: 'Entra', kind: 'client' });
const { clientId, clientSecret } = texts(made.body);

function texts({ clientId, clientSecret }: JsonObject): { clientId: string; clientSecret: string } {
  if (typeof clientId !== 'string' || typeof clientSecret !== 'string') {
    throw new Error('no client with its secret');
  }
  return { clientId, clientSecret };
}

/** What a token endpoint answers. */
async function ask(
  path: string,
  client_id: string,
  client_secret: string,
): Promise<{ status: number; token: string }> {
  const form = { grant_type: 'client_credentials', client_id, client_secret };
  const reply = await fetch(`${server.origin}${path}`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  const body = (await reply.json()) as { access_token?: string };
  return { status: reply.status, token: body.access_token ?? '' };
}

const PATH = `/scim/endpoints/contoso/oauth/token`;

t.test('a client gets a token, and provisions with it', async (t) => {
  const { status, token } = await ask(PATH, clientId, clientSecret);
  t.equal(status, 200);
  succeeded(t, await scim.post('/Users', entraUser('ada'), bearing(token)), 201);
  succeeded(t, await scim.get('/Users', bearing(token)), 200);
  t.equal((await operator.get('/Users', bearing(token))).status, 401, 'another endpoint');
  t.equal((await admin.get('/endpoints', bearing(token))).status, 401);
});

t.test('a secret is changed while the former goes on', async (t) => {
  const rotate = `/endpoints/${endpointId}/credentials/${clientId}/rotate`;
  const next = texts(succeeded(t, await admin.post(rotate, undefined), 200).body).clientSecret;
  t.not(next, clientSecret);
  t.equal((await ask(PATH, clientId, clientSecret)).status, 200);
  t.equal((await ask(PATH, clientId, next)).status, 200);
  const last = texts(succeeded(t, await admin.post(rotate, undefined), 200).body).clientSecret;
  t.equal((await ask(PATH, clientId, clientSecret)).status, 401, 'two are live, no third');
  t.equal((await ask(PATH, clientId, last)).status, 200);
});

t.test('a client of the whole server comes to every endpoint', async (t) => {
  const { token } = await ask('/scim/oauth/token', OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET);
  succeeded(t, await scim.get('/Users', bearing(token)), 200);
  succeeded(t, await operator.get('/Users', bearing(token)), 200);
});

t.test('tokens and published keys outlive a kill, and end with their client', async (t) => {
  const { clientId: id, clientSecret: secret } = texts(
    (await newCredential(operator, endpointId, { label: 'Okta', kind: 'client' })).body,
  );
  const { token } = await ask(PATH, id, secret);
  const keys = await (await fetch(`${server.origin}/scim/oauth/jwks`)).text();
  await server.kill();
  await server.startAgain();
  succeeded(t, await scim.get('/Users', bearing(token)), 200);
  t.equal(await (await fetch(`${server.origin}/scim/oauth/jwks`)).text(), keys);
  t.equal((await ask(PATH, id, secret)).status, 200);
  const path = `/endpoints/${endpointId}/credentials/${id}`;
  succeeded(t, await admin.patch(path, { active: false }), 200);
  t.equal((await scim.get('/Users', bearing(token))).status, 401, 'at once');
  t.equal((await ask(PATH, id, secret)).status, 401);
});
