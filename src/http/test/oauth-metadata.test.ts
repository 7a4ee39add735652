/** What clients and others find by themselves: metadata (RFC 8414), keys, and ServiceProviderConfig. */
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import t from 'tap';
import { CREDENTIALS, oauthRig, PUBLIC_URL, tokenOf } from './oauth-rig.ts';
import { NO_OAUTH } from './serve.ts';

const WELL_KNOWN = '/.well-known/oauth-authorization-server';
const JWT_SECRET = 'f81d4fae7dec11d0a76500a0c91e6bf6';

t.test('each issuer path has its document, which names its token endpoint', async (t) => {
  const { call } = await oauthRig(t);
  const cases = [
    ['', '/scim'],
    ['/scim', '/scim'],
    ['/scim/v2', '/scim/v2'],
    ['/scim/endpoints/acme', '/scim/endpoints/acme'],
    ['/scim/v2/endpoints/acme', '/scim/v2/endpoints/acme'],
  ] as const;
  for (const [path, root] of cases) {
    const { status, json, headers } = await call('GET', `${WELL_KNOWN}${path}`);
    t.equal(status, 200, path);
    t.equal(headers.get('content-type'), 'application/json');
    t.strictSame(json, {
      issuer: `${PUBLIC_URL}${path}`,
      token_endpoint: `${PUBLIC_URL}${root}/oauth/token`,
      jwks_uri: `${PUBLIC_URL}/scim/oauth/jwks`,
      scopes_supported: ['scim.read', 'scim.write', 'scim.manage'],
      response_types_supported: [],
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    });
  }
});

t.test('other documents, and issuers that are none, are not there', async (t) => {
  const { call } = await oauthRig(t);
  for (const path of ['/.well-known', '/.well-known/x', `${WELL_KNOWN}/x`]) {
    t.equal((await call('GET', path)).status, 404, path);
  }
  t.equal((await call('GET', `${WELL_KNOWN}/scim/Users`)).status, 404);
  t.equal((await call('GET', `${WELL_KNOWN}${WELL_KNOWN}`)).status, 404);
  t.equal((await call('GET', '/scim/oauth/x')).status, 404);
  t.equal((await call('GET', '/scim/oauth')).status, 404);
  const refused = await call('GET', '/scim/oauth/token');
  t.equal(refused.status, 405);
  t.equal(refused.headers.get('allow'), 'POST');
});

t.test('with the published keys anybody can check a token', async (t) => {
  const { ask, origin, clock } = await oauthRig(t);
  const reply = await fetch(`${origin}/scim/oauth/jwks`);
  t.equal(reply.headers.get('cache-control'), 'public, max-age=3600');
  const keys = createLocalJWKSet((await reply.json()) as JSONWebKeySet);
  const { payload } = await jwtVerify(tokenOf(await ask(CREDENTIALS)), keys, {
    issuer: `${PUBLIC_URL}/scim`,
    currentDate: new Date(clock.time),
  });
  t.equal(payload['scope'], 'scim.read scim.write');
});

t.test('with JWT_SECRET tokens are HS256, and no key is published', async (t) => {
  const rig = await oauthRig(t, { oauth: { ...NO_OAUTH, jwtSecret: JWT_SECRET } });
  const token = tokenOf(await rig.ask(CREDENTIALS));
  t.equal(await rig.opens(token), 200);
  await jwtVerify(token, Buffer.from(JWT_SECRET), { currentDate: new Date(rig.clock.time) });
  t.notOk('jwks_uri' in (await rig.call('GET', WELL_KNOWN)).json);
  t.strictSame((await rig.call('GET', '/scim/oauth/jwks')).json, { keys: [] });
  const other = await oauthRig(t);
  t.equal(await other.opens(token), 401, 'a server without that secret');
  t.equal(await rig.opens(tokenOf(await other.ask(CREDENTIALS))), 401, 'and the other way round');
});

t.test('the lifetime is the one that is configured', async (t) => {
  const { ask } = await oauthRig(t, { oauth: { ...NO_OAUTH, tokenLifetimeMs: 6 * 3_600_000 } });
  t.equal((await ask(CREDENTIALS)).json['expires_in'], 21_600);
});

t.test('ServiceProviderConfig names the token endpoint of its own URL', async (t) => {
  const { call } = await oauthRig(t);
  for (const root of ['/scim/v2', '/scim/endpoints/default']) {
    const { json } = await call('GET', `${root}/ServiceProviderConfig`);
    t.match(json['authenticationSchemes'], [
      { type: 'oauthbearertoken', primary: true },
      { type: 'oauth2', primary: false, description: `${PUBLIC_URL}${root}/oauth/token` },
    ]);
  }
});
