/** What must not open an endpoint: tokens that are forged, stale, for somebody else, or too many. */
import { createHmac, createPublicKey, type JsonWebKey } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import t from 'tap';
import { DailyKeys } from '../oauth/token-keys.ts';
import {
  addClient,
  CLIENT_ID,
  type OauthRig,
  oauthRig,
  PUBLIC_URL,
  SERVER_CLIENT,
} from './oauth-rig.ts';
import { NO_OAUTH, SECRET } from './serve.ts';

const HOUR_MS = 3_600_000;

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A token as it would be issued, but for what is given. */
async function forged(
  { clock }: Pick<OauthRig, 'clock'>,
  claims: Readonly<Record<string, unknown>>,
  header: { typ?: string; kid?: string } = {},
): Promise<string> {
  const now = Math.floor(clock.time / 1000);
  const { kid = '', key } = new DailyKeys(SECRET, clock).signing();
  return new SignJWT({
    iss: `${PUBLIC_URL}/scim`,
    aud: 'urn:scimlane:endpoint:0190-default',
    sub: CLIENT_ID,
    client_id: CLIENT_ID,
    scope: 'scim.read',
    iat: now,
    nbf: now,
    exp: now + 3600,
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid, ...header })
    .sign(key);
}

t.test(
  'a token made by hand with the right key opens: the others fail by their difference',
  async (t) => {
    const rig = await oauthRig(t);
    t.equal(await rig.opens(await forged(rig, {})), 200);
  },
);

t.test('claims that are not right', async (t) => {
  const rig = await oauthRig(t);
  const now = Math.floor(rig.clock.time / 1000);
  const wrong: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    'another issuer': { iss: 'https://evil.example/scim' },
    'another endpoint': { aud: 'urn:scimlane:endpoint:0190-acme' },
    'the server': { aud: 'urn:scimlane:server' },
    'no audience': { aud: undefined },
    'another subject': { sub: 'somebody' },
    'another client': { client_id: SERVER_CLIENT.id, sub: SERVER_CLIENT.id },
    'no client': { client_id: undefined },
    'a client of another type': { client_id: 1 },
    'an unknown client': { client_id: 'nobody', sub: 'nobody' },
    'expired by more than the leeway': { exp: now - 61 },
    'no end': { exp: undefined },
    'an end that is no number': { exp: 'never' },
    'not yet good': { nbf: now + 62 },
    'from no time': { iat: undefined },
  };
  for (const [name, claims] of Object.entries(wrong)) {
    t.equal(await rig.opens(await forged(rig, claims)), 401, name);
  }
  t.equal(await rig.opens(await forged(rig, { exp: now - 59, nbf: now + 59 })), 200, 'leeway');
});

t.test('headers that are not right', async (t) => {
  const rig = await oauthRig(t);
  t.equal(await rig.opens(await forged(rig, {}, { typ: 'JWT' })), 401, 'another type of token');
  t.equal(await rig.opens(await forged(rig, {}, { kid: 'unknown' })), 401, 'an unknown key');
});

t.test('alg none, in any case, with and without a signature', async (t) => {
  const rig = await oauthRig(t);
  const [, claims = '', signature = ''] = (await rig.token()).split('.');
  for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
    for (const end of ['', signature, 'AA']) {
      const header = part({ ...decodeProtectedHeader(await rig.token()), alg });
      t.equal(await rig.opens(`${header}.${claims}.${end}`), 401, `${alg} ${end.length}`);
    }
  }
});

t.test('the published key is no secret to sign with (key confusion)', async (t) => {
  const rig = await oauthRig(t);
  const jwks = await (await fetch(`${rig.origin}/scim/oauth/jwks`)).json();
  const { keys } = jwks as { keys: JsonWebKey[] };
  const token = await rig.token();
  const header = part({ ...decodeProtectedHeader(token), alg: 'HS256' });
  const body = `${header}.${token.split('.')[1] ?? ''}`;
  for (const jwk of keys) {
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
    const pem = publicKey.export({ type: 'spki', format: 'pem' });
    const der = publicKey.export({ type: 'spki', format: 'der' });
    for (const secret of [pem, der, JSON.stringify(jwk), String(jwk['x'])]) {
      const mac = createHmac('sha256', secret).update(body).digest('base64url');
      t.equal(await rig.opens(`${body}.${mac}`), 401);
    }
  }
});

t.test('a token that was changed, cut or padded', async (t) => {
  const rig = await oauthRig(t);
  const token = await rig.token('scim.read');
  const [header = '', , signature = ''] = token.split('.');
  const more = part({ ...decodeJwt(token), scope: 'scim.read scim.write scim.manage' });
  const changed = [
    `${header}.${more}.${signature}`,
    token.slice(0, -2),
    `${token}A`,
    `${token}.`,
    `${token}=`,
    `.${token}`,
    token.replace('.', '..'),
    `${header}.${part([])}.${signature}`,
    `${part({})}.${part({})}.${part({})}`,
    'a.b.c',
    `${'e'.repeat(16_000)}.e.e`,
  ];
  for (const each of changed) t.equal(await rig.opens(each), 401, each.slice(0, 40));
  t.equal(await rig.opens(token), 200);
  t.equal(await rig.opens('x'.repeat(20_000)), 401, 'longer than a token may be');
});

t.test('a token ends with its time, and with its client, also once it is known', async (t) => {
  const rig = await oauthRig(t);
  const token = await rig.token();
  t.equal(await rig.opens(token), 200);
  addClient(rig, { active: false });
  t.equal(await rig.opens(token), 401, 'switched off');
  addClient(rig, {});
  t.equal(await rig.opens(token), 200, 'switched on again');
  addClient(rig, { scopes: ['scim.write'] });
  t.equal(await rig.opens(token), 403, 'without the scope');
  addClient(rig, { expiresAt: rig.clock.time + 1000 });
  t.equal(await rig.opens(token), 200);
  rig.clock.time += 1000;
  t.equal(await rig.opens(token), 401, 'the client has ended');
  addClient(rig, {});
  t.equal(await rig.opens(token), 200);
  rig.store.fakeCredentials.byId.clear();
  t.equal(await rig.opens(token), 401, 'the client is gone');
  addClient(rig, {});
  t.equal(await rig.opens(token), 200);
  rig.clock.time += HOUR_MS + 59_000;
  t.equal(await rig.opens(token), 401, 'the token has ended');
});

t.test('another client of the whole server ends the tokens of the former', async (t) => {
  const rig = await oauthRig(t);
  t.equal(await rig.opens(await serverToken(rig)), 200, 'it is good here');
  const serverClient = { id: 'another', secret: 'x' };
  const other = await oauthRig(t, { oauth: { ...NO_OAUTH, serverClient } });
  t.equal(await other.opens(await serverToken(other)), 401);
});

async function serverToken(rig: OauthRig): Promise<string> {
  return forged(rig, {
    client_id: SERVER_CLIENT.id,
    sub: SERVER_CLIENT.id,
    aud: 'urn:scimlane:server',
  });
}
