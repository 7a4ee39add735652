/** How many tokens are verified at once, and each of them once. */
import { generateKeyPair, exportJWK, SignJWT } from 'jose';
import t from 'tap';
import type { Endpoint } from '../../store/endpoint.ts';
import { tryAgain } from '../http-error.ts';
import { FakeStore } from '../test/fake-store.ts';
import { AccessTokens } from './access-tokens.ts';
import { Clients } from './clients.ts';
import { ForeignTokens } from './foreign-tokens.ts';
import { IssuerKeys } from './issuer-keys.ts';
import { JwtVerifier } from './jwt-verifier.ts';
import { KnownTokens } from './known-tokens.ts';
import { DailyKeys } from './token-keys.ts';

const NOW = 1_700_000_000_000;
const ISSUER = { issuer: 'https://login.example', audience: 'scim', jwksUri: 'https://x.example/' };

const clock = { now: () => NOW };
const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
const jwk = { ...(await exportJWK(publicKey)), kid: 'k' };

function token(jti: string): Promise<string> {
  return new SignJWT({ iss: ISSUER.issuer, aud: ISSUER.audience, exp: NOW / 1000 + 60, jti })
    .setProtectedHeader({ alg: 'ES256', kid: 'k' })
    .sign(privateKey);
}

interface Rig {
  readonly verifier: JwtVerifier;
  readonly known: KnownTokens;
  readonly endpoints: readonly [Endpoint, Endpoint];
  /** The issuer answers. */
  readonly answer: () => void;
}

/** @param verificationsMax at once, while the issuer does not answer */
function rig(verificationsMax: number): Rig {
  const store = new FakeStore();
  const gate = Promise.withResolvers<undefined>();
  const issuerKeys = new IssuerKeys({
    fetchKeys: async () => {
      await gate.promise;
      return { keys: [jwk] };
    },
    clock,
    log: { warn: () => t.fail(), error: () => t.fail() },
    limits: {
      issuerKeySets: 9,
      issuerKeyWaiters: 16,
      issuerKeysFreshMs: 9e6,
      issuerKeysStaleMs: 9e6,
      issuerRetryMs: 9e6,
    },
  });
  const known = new KnownTokens(store, clock, { knownTokens: 9, knownTokenBytes: 100_000 });
  const verifier = new JwtVerifier({
    clients: new Clients({ store, clock, serverClient: undefined, noteMs: 60_000 }),
    tokens: new AccessTokens({
      keys: new DailyKeys('secret', clock),
      clock,
      ids: { next: () => 'id' },
      publicUrl: undefined,
      lifetimeMs: 3_600_000,
      leewaySeconds: 60,
    }),
    foreign: new ForeignTokens(issuerKeys, clock, 60),
    known,
    verificationsMax,
    leewaySeconds: 60,
  });
  const config = { tokenIssuer: ISSUER };
  const endpoints = [
    store.addEndpoint({ id: 'a', name: 'a', config }),
    store.addEndpoint({ id: 'b', name: 'b', config }),
  ] as const;
  return { verifier, known, endpoints, answer: () => gate.resolve(undefined) };
}

t.test('a burst with one new token is one verification', async (t) => {
  const { verifier, endpoints, known, answer } = rig(1);
  const first = await token('first');
  const waiting = Array.from({ length: 50 }, () => verifier.verify(first, endpoints[0]));
  answer();
  const principals = new Set(await Promise.all(waiting));
  t.equal(principals.size, 1);
  t.match([...principals], [{ endpointId: 'a' }]);
  t.strictSame([verifier.known(first, endpoints[0])], [...principals]);
  t.equal(known.size, 1);
});

t.test('each endpoint judges by itself, at the same time too', async (t) => {
  const { verifier, endpoints, answer } = rig(2);
  const first = await token('first');
  const waiting = endpoints.map((endpoint) => verifier.verify(first, endpoint));
  answer();
  t.match(await Promise.all(waiting), [{ endpointId: 'a' }, { endpointId: 'b' }]);
});

t.test('over the bound others are told to come again, and places are given back', async (t) => {
  const { verifier, endpoints, answer } = rig(2);
  const [first, second, third] = await Promise.all(['a', 'b', 'c'].map(token));
  const verify = (text = ''): Promise<unknown> => verifier.verify(text, endpoints[0]);
  const waiting = [verify(first), verify(second), verify(first)];
  await t.rejects(verify(third), tryAgain('the server is busy; nothing was done, try again'));
  answer();
  await Promise.all(waiting);
  await t.resolves(verify(third));
  await t.rejects(verify('wrong'), {
    name: 'HttpError',
    message: 'the bearer token is not valid here',
  });
  await t.rejects(verify('wrong again'), {
    name: 'HttpError',
    message: 'the bearer token is not valid here',
  });
  await t.rejects(verify('and again'), {
    name: 'HttpError',
    message: 'the bearer token is not valid here',
  });
});
