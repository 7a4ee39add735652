/** An issuer of tokens on loopback, as Microsoft Entra is one: with keys that change, and outages. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import type { Test } from 'tap';

export const AUDIENCE = 'api://scimlane';

export interface LocalIssuer {
  /** Name and port, as OAUTH_ISSUER_HOSTS has them. */
  readonly host: string;
  readonly issuer: string;
  readonly jwksUri: string;
  /** How often its keys were asked for. */
  readonly asked: () => number;
  /** Another key signs from now on; the former stays published. */
  readonly rotate: () => Promise<void>;
  /** Awaited before each answer. */
  gate: Promise<unknown>;
  /** Of each answer. */
  status: number;
  /** @param header in the place of what the key says */
  readonly token: (
    claims?: Readonly<Record<string, unknown>>,
    header?: Readonly<Record<string, string>>,
  ) => Promise<string>;
}

interface Key {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

/** @param clock by which its tokens are dated */
export async function localIssuer(
  t: Test,
  clock: { now(): number },
  alg = 'RS256',
): Promise<LocalIssuer> {
  let asked = 0;
  const keys: Key[] = [];
  const rotate = async (): Promise<void> => {
    keys.unshift(await newKey(alg, `key-${String(keys.length)}`));
  };
  await rotate();
  const server = createServer((_, response) => {
    asked += 1;
    void self.gate.then(() => {
      response.writeHead(self.status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }));
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const issuer = 'https://login.example/tenant/v2.0';
  const self: LocalIssuer = {
    host,
    issuer,
    jwksUri: `http://${host}/keys`,
    asked: () => asked,
    rotate,
    gate: Promise.resolve(),
    status: 200,
    token: async (claims = {}, header = {}) => {
      const [key] = keys;
      if (key === undefined) throw new Error('no key');
      const now = Math.floor(clock.now() / 1000);
      const all = { iss: issuer, aud: AUDIENCE, sub: 'pairwise', iat: now, exp: now + 3600 };
      return new SignJWT({ ...all, ...claims })
        .setProtectedHeader({ alg, typ: 'JWT', kid: key.kid, ...header })
        .sign(key.privateKey);
    },
  };
  return self;
}

async function newKey(alg: string, kid: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg } };
}
