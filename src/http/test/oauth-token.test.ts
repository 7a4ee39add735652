/** The token endpoint over HTTP: the shapes of RFC 6749, and who gets a token where. */
import { decodeJwt, decodeProtectedHeader } from 'jose';
import t from 'tap';
import {
  addClient,
  CLIENT_ID,
  CLIENT_SECRET,
  CREDENTIALS,
  oauthRig,
  PUBLIC_URL,
  secret,
  SERVER_CLIENT,
  tokenOf,
} from './oauth-rig.ts';
import { user } from './serve.ts';

/** As in a form: a space is a plus. */
const formText = (text: string): string => new URLSearchParams({ x: text }).toString().slice(2);

const basic = (id: string, password: string): Record<string, string> => ({
  Authorization: `Basic ${Buffer.from(`${formText(id)}:${formText(password)}`).toString('base64')}`,
});

t.test(
  'a client gets a token by form, by JSON and by Basic, and it opens its endpoint',
  async (t) => {
    const { ask, opens } = await oauthRig(t);
    const ways = [
      await ask(CREDENTIALS),
      await ask(JSON.stringify(CREDENTIALS), { 'Content-Type': 'application/json; charset=utf-8' }),
      await ask({ grant_type: 'client_credentials' }, basic(CLIENT_ID, CLIENT_SECRET)),
      await ask(CREDENTIALS, {}, '/scim/v2/oauth/token'),
      await ask(CREDENTIALS, {}, '/scim/endpoints/default/oauth/token'),
      await ask(CREDENTIALS, {}, '/scim/v2/endpoints/0190-default/oauth/token/'),
    ];
    for (const reply of ways) {
      t.equal(reply.status, 200, reply.text);
      t.equal(reply.headers.get('content-type'), 'application/json');
      t.equal(reply.headers.get('cache-control'), 'no-store');
      t.equal(reply.headers.get('pragma'), 'no-cache');
      t.strictSame(Object.keys(reply.json), ['access_token', 'token_type', 'expires_in', 'scope']);
      t.match(reply.json, {
        token_type: 'Bearer',
        expires_in: 3600,
        scope: 'scim.read scim.write',
      });
      t.equal(await opens(tokenOf(reply)), 200);
    }
  },
);

t.test('the token says what RFC 9068 has it say', async (t) => {
  const { token, clock } = await oauthRig(t);
  const jwt = await token('scim.read');
  const iat = Math.floor(clock.time / 1000);
  t.match(decodeProtectedHeader(jwt), { alg: 'ES256', typ: 'at+jwt', kid: /^.{43}$/ });
  t.match(decodeJwt(jwt), {
    iss: `${PUBLIC_URL}/scim`,
    aud: 'urn:scimlane:endpoint:0190-default',
    sub: CLIENT_ID,
    client_id: CLIENT_ID,
    scope: 'scim.read',
    iat,
    nbf: iat,
    exp: iat + 3600,
  });
});

t.test('a request that is first with its token brings its body along', async (t) => {
  const { token, origin } = await oauthRig(t);
  const headers = {
    Authorization: `Bearer ${await token()}`,
    'Content-Type': 'application/scim+json',
  };
  const body = JSON.stringify(user({ userName: 'first' }));
  const created = await fetch(`${origin}/scim/v2/Users`, { method: 'POST', headers, body });
  t.equal(created.status, 201);
});

t.test('scopes are narrowed to what the client has, and hold', async (t) => {
  const { ask, opens, token, origin } = await oauthRig(t);
  const asked = async (scope: string) => (await ask({ ...CREDENTIALS, scope })).json['scope'];
  t.equal(await asked('scim.read'), 'scim.read');
  t.equal(await asked('scim.write scim.manage openid'), 'scim.write');
  t.equal(await opens(await token('scim.write')), 403);
  const headers = { Authorization: `Bearer ${await token('scim.read')}` };
  const refused = await fetch(`${origin}/scim/v2/Users/x`, { method: 'DELETE', headers });
  t.equal(refused.status, 403);
});

t.test('errors are those of RFC 6749 §5.2', async (t) => {
  const { ask } = await oauthRig(t);
  const cases: readonly [Parameters<typeof ask>, number, string][] = [
    [[{ ...CREDENTIALS, grant_type: '' }], 400, 'invalid_request'],
    [[{ ...CREDENTIALS, grant_type: 'password' }], 400, 'unsupported_grant_type'],
    [[{ ...CREDENTIALS, scope: 'openid' }], 400, 'invalid_scope'],
    [[{ ...CREDENTIALS, client_secret: 'wrong' }], 401, 'invalid_client'],
    [[{ ...CREDENTIALS, client_secret: '' }], 401, 'invalid_client'],
    [[{ ...CREDENTIALS, client_id: 'nobody' }], 401, 'invalid_client'],
    [[{ grant_type: 'client_credentials' }], 401, 'invalid_client'],
    [[{ grant_type: 'client_credentials' }, basic(CLIENT_ID, 'wrong')], 401, 'invalid_client'],
    [[CREDENTIALS, basic(CLIENT_ID, CLIENT_SECRET)], 400, 'invalid_request'],
    [
      [{ grant_type: 'client_credentials', client_id: 'other' }, basic(CLIENT_ID, CLIENT_SECRET)],
      400,
      'invalid_request',
    ],
    [[CREDENTIALS, {}, '/scim/endpoints/nowhere/oauth/token'], 401, 'invalid_client'],
    [[`${new URLSearchParams(CREDENTIALS).toString()}&scope=a&scope=b`], 400, 'invalid_request'],
    [['{"grant_type":1}', { 'Content-Type': 'application/json' }], 400, 'invalid_request'],
    [['{', { 'Content-Type': 'application/json' }], 400, 'invalid_request'],
    [['[]', { 'Content-Type': 'application/json' }], 400, 'invalid_request'],
    [['x', { 'Content-Type': 'text/plain' }], 400, 'invalid_request'],
  ];
  for (const [request, status, error] of cases) {
    const reply = await ask(...request);
    const name = `${JSON.stringify(request).slice(0, 90)} → ${reply.text}`;
    t.equal(reply.status, status, name);
    t.strictSame(Object.keys(reply.json), ['error', 'error_description'], name);
    t.equal(reply.json['error'], error, name);
    t.match(reply.json['error_description'], /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/, name);
    t.equal(reply.headers.get('cache-control'), 'no-store', name);
    const challenge = reply.headers.get('www-authenticate');
    t.equal(challenge, status === 401 ? 'Basic realm="scim", charset="UTF-8"' : null, name);
  }
});

t.test(
  'the client of the whole server asks at the root, and its token opens every endpoint',
  async (t) => {
    const { ask, opens, store } = await oauthRig(t);
    store.addEndpoint({ id: '0190-acme', name: 'acme' });
    const grant = { grant_type: 'client_credentials' };
    const header = basic(SERVER_CLIENT.id, SERVER_CLIENT.secret);
    for (const path of ['/scim/oauth/token', '/scim/v2/oauth/token']) {
      const reply = await ask(grant, header, path);
      t.equal(reply.json['scope'], 'scim.read scim.write scim.manage');
      t.equal(await opens(tokenOf(reply), '/scim/endpoints/acme/Users'), 200);
      t.equal(await opens(tokenOf(reply)), 200);
    }
    for (const name of ['acme', 'default']) {
      t.equal((await ask(grant, header, `/scim/endpoints/${name}/oauth/token`)).status, 401, name);
    }
  },
);

t.test('a client gets nothing at another endpoint, and its token opens none', async (t) => {
  const { ask, opens, store, token } = await oauthRig(t);
  store.addEndpoint({ id: '0190-acme', name: 'acme' });
  t.equal((await ask(CREDENTIALS, {}, '/scim/endpoints/acme/oauth/token')).status, 401);
  const jwt = await token();
  t.equal(await opens(jwt, '/scim/endpoints/acme/Users'), 401);
  t.equal(await opens(jwt), 200);
  t.equal(await opens(jwt, '/scim/endpoints/acme/Users'), 401, 'also once it is known');
  t.equal(await opens(jwt, '/scim/admin/endpoints'), 401);
});

t.test('two secrets of a client are live at once, until their time', async (t) => {
  const rig = await oauthRig(t);
  const soon = rig.clock.time + 60_000;
  addClient(rig, { secrets: [secret('new'), secret(CLIENT_SECRET, soon)] });
  const status = async (client_secret: string) =>
    (await rig.ask({ ...CREDENTIALS, client_secret })).status;
  t.equal(await status('new'), 200);
  t.equal(await status(CLIENT_SECRET), 200);
  rig.clock.time = soon;
  t.equal(await status('new'), 200);
  t.equal(await status(CLIENT_SECRET), 401);
});

t.test('who may not come in gets no token: inactive, expired, a bearer credential', async (t) => {
  const rig = await oauthRig(t);
  for (const fields of [
    { active: false },
    { expiresAt: rig.clock.time },
    { kind: 'bearer' as const },
  ]) {
    addClient(rig, fields);
    t.equal((await rig.ask(CREDENTIALS)).status, 401, JSON.stringify(fields));
  }
  addClient(rig, {});
  rig.store.addEndpoint({ id: '0190-default', name: 'default', active: false });
  t.equal((await rig.ask(CREDENTIALS)).status, 401, 'an inactive endpoint');
});

t.test('that a client got a token is noted once a minute', async (t) => {
  const rig = await oauthRig(t);
  for (let time = 0; time < 3; time += 1) {
    await rig.token();
    rig.clock.time += 30_000;
  }
  t.match(rig.store.commands, [
    { kind: 'noteCredentialUse', credentialId: CLIENT_ID, now: 1_700_000_000_000 },
    { kind: 'noteCredentialUse', credentialId: CLIENT_ID, now: 1_700_000_060_000 },
  ]);
  t.equal(rig.store.commands.length, 2);
});

t.test('many wrong secrets are told to wait, and right ones are taken all the same', async (t) => {
  const { ask } = await oauthRig(t, { limits: { failedAttempts: 3, failedAttemptMs: 2000 } });
  const wrong = { ...CREDENTIALS, client_secret: 'wrong' };
  for (let attempt = 0; attempt < 3; attempt += 1) t.equal((await ask(wrong)).status, 401);
  const limited = await ask(wrong);
  t.equal(limited.status, 429);
  t.equal(limited.headers.get('retry-after'), '2');
  t.equal((await ask(CREDENTIALS)).status, 200);
});

t.test('no secret and no token comes into the log', async (t) => {
  const { ask, store, faults, warnings } = await oauthRig(t);
  const query = new URLSearchParams(CREDENTIALS).toString();
  const granted = tokenOf(await ask(CREDENTIALS));
  await ask(CREDENTIALS, {}, `/scim/oauth/token?${query}`);
  await ask(query, { 'Content-Type': 'text/plain' });
  await ask({ ...CREDENTIALS, grant_type: CLIENT_SECRET, scope: CLIENT_SECRET });
  t.equal(store.logged.length, 4);
  t.equal(store.logged[1]?.target, '/scim/oauth/token?(hidden)');
  t.match(store.logged[0], { credentialId: CLIENT_ID, endpointId: '0190-default', status: 200 });
  const told = JSON.stringify([store.logged, store.contents, faults, warnings]);
  t.notMatch(told, new RegExp(`${CLIENT_SECRET.slice(0, 12)}|${granted.slice(-40)}`));
});
