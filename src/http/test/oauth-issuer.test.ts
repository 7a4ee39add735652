/** Tokens that another issuer has made, over HTTP: whom they let in, and when that issuer is away. */
import { createHmac } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import t, { type Test } from 'tap';
import type { HttpLimits } from '../options.ts';
import { AUDIENCE, localIssuer, type LocalIssuer } from './local-issuer.ts';
import { type OauthRig, oauthRig } from './oauth-rig.ts';
import { NO_OAUTH } from './serve.ts';

interface Rig extends OauthRig {
  readonly issuer: LocalIssuer;
  /** Has the endpoint called default believe the issuer. */
  readonly believe: (more?: Readonly<Record<string, string>>) => void;
  /** As `opens`, with a token of the issuer. */
  readonly opensWith: (claims?: Readonly<Record<string, unknown>>) => Promise<number>;
}

interface RigOptions {
  readonly limits?: Partial<HttpLimits>;
  readonly alg?: string;
  /** Whether OAUTH_ISSUER_HOSTS names the issuer. */
  readonly listed?: boolean;
}

async function rig(
  t: Test,
  { limits = {}, alg = 'RS256', listed = true }: RigOptions = {},
): Promise<Rig> {
  const time = { now: () => 0 };
  const issuer = await localIssuer(t, { now: () => time.now() }, alg);
  const issuerHosts = listed ? [issuer.host] : ['login.example'];
  const oauth = { ...NO_OAUTH, issuerHosts };
  const served = await oauthRig(t, { oauth, limits });
  time.now = () => served.clock.time;
  const believe: Rig['believe'] = (more = {}) => {
    const { issuer: name, jwksUri } = issuer;
    const tokenIssuer = { issuer: name, audience: AUDIENCE, jwksUri, ...more };
    served.store.addEndpoint({ id: '0190-default', name: 'default', config: { tokenIssuer } });
  };
  believe();
  const opensWith: Rig['opensWith'] = async (claims) => served.opens(await issuer.token(claims));
  return { ...served, issuer, believe, opensWith };
}

t.test('a token of the issuer opens the endpoint that believes it, and no other', async (t) => {
  for (const alg of ['RS256', 'ES256', 'PS256']) {
    const { opens, issuer, store } = await rig(t, { alg });
    const token = await issuer.token();
    t.equal(await opens(token), 200, alg);
    store.addEndpoint({ id: '0190-acme', name: 'acme' });
    t.equal(await opens(token, '/scim/endpoints/acme/Users'), 401);
    t.equal(await opens(token, '/scim/admin/endpoints'), 401);
    t.equal(await opens(token), 200);
    t.equal(issuer.asked(), 1);
  }
});

t.test('what the token says decides what it may', async (t) => {
  const { opensWith, believe, clock } = await rig(t);
  const now = Math.floor(clock.time / 1000);
  const cases: readonly [Readonly<Record<string, unknown>>, number][] = [
    [{ aud: ['other', AUDIENCE] }, 200],
    [{ scp: 'User.Read scim.read' }, 200],
    [{ scope: 'openid' }, 403],
    [{ scp: 'User.Read' }, 403],
    [{ roles: [] }, 403],
    [{ nonce: 'x' }, 401],
    [{}, 200],
    [{ roles: ['scim.write'] }, 403],
    [{ scp: 'scim.manage' }, 403],
    [{ exp: now - 59 }, 200],
    [{ exp: now - 61 }, 401],
    [{ exp: undefined }, 401],
    [{ nbf: now + 59 }, 200],
    [{ nbf: now + 62 }, 401],
    [{ aud: 'api://other' }, 401],
    [{ aud: undefined }, 401],
    [{ iss: 'https://login.example/other/v2.0' }, 401],
    [{ iss: undefined }, 401],
    [{ client_id: '0190c7b0-7f00-7000-8000-00000000c11e' }, 200],
  ];
  for (const [claims, status] of cases) {
    t.equal(await opensWith(claims), status, JSON.stringify(claims));
  }
  believe({ subject: 'the-provisioner' });
  t.equal(await opensWith({ sub: 'the-provisioner' }), 200);
  t.equal(await opensWith({ sub: 'somebody' }), 401);
});

t.test('its public key is no secret, and its tokens have a known algorithm', async (t) => {
  const { opens, issuer } = await rig(t);
  const token = await issuer.token();
  const [, claims = '', signature = ''] = token.split('.');
  const published = await (await fetch(issuer.jwksUri)).text();
  for (const alg of ['none', 'HS256', 'RS1', 'ES256', 'RS512', 'rs256']) {
    const header = Buffer.from(JSON.stringify({ alg, kid: 'key-0' })).toString('base64url');
    const mac = createHmac('sha256', published).update(`${header}.${claims}`).digest('base64url');
    for (const end of [signature, mac, '']) {
      t.equal(await opens(`${header}.${claims}.${end}`), 401, alg);
    }
  }
});

t.test('a token may not bring its own key', async (t) => {
  const { opens, issuer, clock } = await rig(t);
  const evil = await localIssuer(t, clock);
  const jku = evil.jwksUri;
  t.equal(await opens(await evil.token({}, { jku, x5u: jku })), 401, 'a known kid, another key');
  t.equal(await opens(await evil.token({}, { jku, kid: 'evil' })), 401);
  t.equal(evil.asked(), 0);
  t.equal(await opens(await issuer.token()), 200);
});

t.test('what cannot be right does not make us ask the issuer', async (t) => {
  const { opens, opensWith, issuer, clock } = await rig(t);
  const wrong: readonly Readonly<Record<string, unknown>>[] = [
    { exp: Math.floor(clock.time / 1000) - 61 },
    { exp: 'never' },
    { aud: 'api://other' },
    { aud: [] },
    { iss: 'https://login.example/other/v2.0' },
  ];
  for (const claims of wrong) t.equal(await opensWith(claims), 401, JSON.stringify(claims));
  const [, claims = '', signature = ''] = (await issuer.token()).split('.');
  for (const header of [{ alg: 'HS256' }, { alg: 'none' }, {}, { alg: 'RS256', kid: 1 }]) {
    const first = Buffer.from(JSON.stringify(header)).toString('base64url');
    t.equal(await opens(`${first}.${claims}.${signature}`), 401, JSON.stringify(header));
  }
  t.equal(issuer.asked(), 0);
});

t.test('a new key is found when it signs; unknown keys ask the issuer once', async (t) => {
  const { opensWith, opens, issuer, clock } = await rig(t);
  t.equal(await opensWith(), 200);
  const former = await issuer.token({ jti: 'former' });
  await issuer.rotate();
  clock.time += 30_000;
  t.equal(await opensWith(), 200);
  t.equal(issuer.asked(), 2);
  t.equal(await opens(former), 200, 'the former key goes on');
  const storm = await Promise.all(
    Array.from({ length: 100 }, (_, index) => issuer.token({}, { kid: `k${String(index)}` })),
  );
  t.ok((await Promise.all(storm.map((token) => opens(token)))).every((status) => status === 401));
  t.equal(issuer.asked(), 2);
});

t.test(
  'an outage: known keys go on, without keys it is 503 and no token is to blame',
  async (t) => {
    const { opensWith, issuer, clock, warnings } = await rig(t);
    issuer.status = 500;
    t.equal(await opensWith(), 503);
    t.match(warnings, [{ fields: { uri: issuer.jwksUri, reason: 'it answered 500' } }]);
    issuer.status = 200;
    t.equal(await opensWith(), 503, 'it is left alone for a while');
    clock.time += 30_000;
    t.equal(await opensWith(), 200);
    issuer.status = 500;
    clock.time += 2 * 3_600_000;
    t.equal(await opensWith(), 200);
    clock.time += 24 * 3_600_000;
    t.equal(await opensWith(), 503);
  },
);

t.test(
  'a slow issuer holds up who needs its keys, and nobody else, and not for long',
  async (t) => {
    const { opensWith, issuer, call } = await rig(t, { limits: { issuerAnswerMs: 300 } });
    issuer.gate = new Promise(() => undefined);
    const waiting = opensWith();
    while (issuer.asked() === 0) await nextTurn();
    t.equal((await call('GET', '/scim/v2/Users')).status, 200, 'the shared secret passes');
    t.equal(await waiting, 503);
  },
);

t.test('a host that the operator does not list is not asked', async (t) => {
  const { opensWith, issuer, warnings } = await rig(t, { listed: false });
  t.equal(await opensWith(), 503);
  t.equal(issuer.asked(), 0);
  t.match(warnings, [{ fields: { reason: /OAUTH_ISSUER_HOSTS does not name 127/ } }]);
});

t.test('an administrator is told that a host is not listed', async (t) => {
  const { call, issuer } = await rig(t);
  const config = (jwksUri: string): object => ({
    config: { tokenIssuer: { issuer: 'x', audience: 'y', jwksUri } },
  });
  const path = '/scim/admin/endpoints';
  const wrong = config('https://evil.example/keys');
  for (const reply of [
    await call('POST', path, { name: 'acme', ...wrong }),
    await call('PATCH', `${path}/0190-default`, wrong),
  ]) {
    t.equal(reply.status, 400);
    t.match(reply.json['detail'], 'OAUTH_ISSUER_HOSTS does not name evil.example');
  }
  t.equal((await call('POST', path, { name: 'acme', ...config(issuer.jwksUri) })).status, 201);
});

t.test('an endpoint that believes it no more ends its tokens at once', async (t) => {
  const { opens, issuer, store } = await rig(t);
  const token = await issuer.token();
  t.equal(await opens(token), 200);
  store.addEndpoint({ id: '0190-default', name: 'default' });
  t.equal(await opens(token), 401);
});

t.test('the log tells which application came', async (t) => {
  const { opensWith, store } = await rig(t);
  await opensWith({ azp: 'app-1', sub: 's' });
  await opensWith({ sub: 'x'.repeat(500) });
  t.match(store.logged, [
    { credentialId: 'token:app-1' },
    { credentialId: `token:${'x'.repeat(128)}` },
  ]);
});
