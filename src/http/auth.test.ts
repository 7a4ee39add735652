import t from 'tap';
import type { Credential } from '../store/credential.ts';
import type { Endpoint } from '../store/endpoint.ts';
import { Authenticator, type Sender } from './auth.ts';
import { bearerToken, hashOfSecret, newSecret } from './auth-token.ts';
import { RequestHeaders } from './header-guard.ts';
import { HttpError } from './http-error.ts';
import type { Principal } from './principal.ts';
import { failureOf } from './test/failure-of.ts';
import { FakeStore } from './test/fake-store.ts';
import type { TokenVerifier } from './token-verifier.ts';

const SECRET = 'correct-horse-battery-staple';
const LIMITS = {
  headerTokenBytes: 128,
  credentialNoteMs: 60_000,
  failedAttempts: 1000,
  failedAttemptMs: 1000,
  failedAddresses: 10,
  doubtfulTokens: 1,
};

interface Rig {
  readonly store: FakeStore;
  readonly clock: { time: number; now(): number };
  readonly a: Endpoint;
  readonly b: Endpoint;
  readonly door: Authenticator;
}

function rig(limits: Partial<typeof LIMITS> = {}, tokenVerifier?: TokenVerifier): Rig {
  const store = new FakeStore();
  const clock = { time: 1_000_000, now: () => clock.time };
  const door = new Authenticator(
    { sharedSecret: SECRET, trustProxy: false, limits: { ...LIMITS, ...limits } },
    { store, clock, tokenVerifier },
  );
  const a = store.addEndpoint({ id: 'endpoint-a', name: 'a' });
  const b = store.addEndpoint({ id: 'endpoint-b', name: 'b' });
  return { store, clock, a, b, door };
}

/** @returns its token */
function give(store: FakeStore, fields: Partial<Credential> = {}): string {
  const secret = newSecret();
  const credential: Credential = {
    id: 'credential-1',
    endpointId: 'endpoint-a',
    kind: 'bearer',
    label: 'x',
    scopes: ['scim.read'],
    subject: undefined,
    active: true,
    createdAt: 0,
    updatedAt: 0,
    expiresAt: undefined,
    lastUsedAt: undefined,
    ...fields,
    secrets: fields.secrets ?? [{ hash: hashOfSecret(secret), createdAt: 0, expiresAt: undefined }],
  };
  store.fakeCredentials.byId.set(credential.id, credential);
  return bearerToken(credential.id, secret);
}

function from(authorization: string | undefined, peerAddress = '192.0.2.1'): Sender {
  const headers = new RequestHeaders();
  if (authorization !== undefined) headers.add('authorization', authorization);
  return { headers, peerAddress };
}

const bearing = (token: string): Sender => from(`Bearer ${token}`);

t.test('the shared secret opens everything, whatever the case of the scheme', async (t) => {
  const { door, a } = rig();
  for (const scheme of ['Bearer', 'bearer', 'BEARER', 'Bearer  ']) {
    t.same(door.enter(from(`${scheme} ${SECRET}`), a, 'scim.manage'), { kind: 'operator' });
  }
  t.same(door.enter(bearing(SECRET), undefined, 'scim.write'), { kind: 'operator' });
  t.doesNotThrow(() => door.enterAsOperator(bearing(SECRET)));
});

t.test('no token: a challenge without error (RFC 6750 §3.1)', async (t) => {
  const headers = [['WWW-Authenticate', 'Bearer realm="scim"']];
  const { door, a } = rig();
  t.match(
    failureOf(() => door.enter(from(undefined), a, 'scim.read')),
    { status: 401, headers },
  );
});

t.test('a wrong token: a challenge that says so, and nothing of what was sent', async (t) => {
  const { door, a, store } = rig();
  const token = give(store);
  const wrong = [
    'Bearer',
    'Bearer ',
    `Basic ${SECRET}`,
    SECRET,
    `Bearer ${SECRET}x`,
    `Bearer ${SECRET.slice(0, -1)}`,
    `Bearer ${SECRET.slice(0, -1)}X`,
    `Bearer ${SECRET} ${SECRET}`,
    `Bearer ${SECRET.toUpperCase()}`,
    `Bearer ${'x'.repeat(1000)}`,
    `BearerX ${SECRET}`,
    `Bearer ${'å'.repeat(14)}`,
    `Bearer ${'å'.repeat(SECRET.length)}`,
    `Bearer ${token}x`,
    `Bearer ${token.slice(0, -1)}`,
    `Bearer ${token.replace('scim_', 'SCIM_')}`,
    'Bearer scim_',
    'Bearer scim_credential-1',
    'Bearer scim_credential-1_',
    'Bearer scim___',
    `Bearer ${bearerToken('credential-2', newSecret())}`,
    `Bearer ${bearerToken('credential-1', newSecret())}`,
    `Bearer ${bearerToken('__proto__', newSecret())}`,
  ];
  const headers = [['WWW-Authenticate', 'Bearer realm="scim", error="invalid_token"']];
  for (const authorization of wrong) {
    const message = 'the bearer token is not valid here';
    t.match(
      failureOf(() => door.enter(from(authorization), a, 'scim.read')),
      { status: 401, headers, message },
      authorization,
    );
    t.match(
      failureOf(() => door.enterAsOperator(from(authorization))),
      { status: 401 },
    );
  }
  t.match(door.enter(bearing(token), a, 'scim.read'), { id: 'credential-1' });
});

t.test('a credential opens its own endpoint; any other answers as to a wrong token', async (t) => {
  const { door, store, a, b } = rig();
  const token = give(store, { subject: 'ada' });
  t.same(door.enter(bearing(token), a, 'scim.read'), {
    kind: 'credential',
    id: 'credential-1',
    endpointId: 'endpoint-a',
    scopes: ['scim.read'],
    subject: 'ada',
  });
  const wrong = failureOf(() => door.enter(bearing('scim_x_y'), b, 'scim.read'));
  for (const endpoint of [b, undefined]) {
    t.same(
      failureOf(() => door.enter(bearing(token), endpoint, 'scim.read')),
      wrong,
    );
  }
  t.same(
    failureOf(() => door.enterAsOperator(bearing(token))),
    wrong,
  );
});

t.test('without the scope: 403 that names it (RFC 6750 §3.1)', async (t) => {
  const { door, store, a, b } = rig();
  const token = give(store, { scopes: ['scim.write'] });
  t.match(door.enter(bearing(token), a, 'scim.write'), { id: 'credential-1' });
  for (const scope of ['scim.read', 'scim.manage'] as const) {
    const challenge = `Bearer realm="scim", error="insufficient_scope", scope="${scope}"`;
    t.match(
      failureOf(() => door.enter(bearing(token), a, scope)),
      { status: 403, headers: [['WWW-Authenticate', challenge]], message: new RegExp(scope) },
    );
    t.match(
      failureOf(() => door.enter(bearing(token), b, scope)),
      { status: 401 },
    );
  }
});

t.test('what is inactive, has expired or is a client opens nothing', async (t) => {
  const { door, store, a, clock } = rig();
  const enter = (token: string): unknown => door.enter(bearing(token), a, 'scim.read');
  t.match(
    failureOf(() => enter(give(store, { active: false }))),
    { status: 401 },
  );
  t.match(
    failureOf(() => enter(give(store, { kind: 'client' }))),
    { status: 401 },
  );
  const token = give(store, { expiresAt: clock.time + 1000 });
  clock.time += 999;
  t.match(enter(token), { id: 'credential-1' });
  clock.time += 1;
  t.match(
    failureOf(() => enter(token)),
    { status: 401 },
    'at the very millisecond',
  );
});

t.test('of two secrets each opens until it expires', async (t) => {
  const { door, store, a, clock } = rig();
  const [fresh, former] = [newSecret(), newSecret()];
  give(store, {
    secrets: [
      { hash: hashOfSecret(fresh), createdAt: 0, expiresAt: undefined },
      { hash: hashOfSecret(former), createdAt: 0, expiresAt: clock.time + 1000 },
    ],
  });
  const enter = (secret: string): unknown =>
    door.enter(bearing(bearerToken('credential-1', secret)), a, 'scim.read');
  t.match([enter(fresh), enter(former)], [{ kind: 'credential' }, { kind: 'credential' }]);
  clock.time += 1000;
  t.match(enter(fresh), { kind: 'credential' });
  t.match(
    failureOf(() => enter(former)),
    { status: 401 },
  );
});

t.test('its use is noted once in a while, and only where it opened', async (t) => {
  const { door, store, a, b, clock } = rig();
  const token = give(store);
  const notes = (): unknown[] =>
    store.commands.map((command) => ('now' in command ? [command.kind, command.now] : []));
  t.throws(() => door.enter(bearing(token), b, 'scim.read'));
  t.throws(() => door.enter(bearing(token), a, 'scim.write'));
  t.same(notes(), []);
  for (const later of [0, 30_000, 29_999, 1]) {
    clock.time += later;
    door.enter(bearing(token), a, 'scim.read');
    await Promise.resolve();
  }
  t.same(notes(), [
    ['noteCredentialUse', 1_000_000],
    ['noteCredentialUse', 1_060_000],
  ]);
  store.failWriteWith = new Error('the disk is full');
  clock.time += 60_000;
  t.match(door.enter(bearing(token), a, 'scim.read'), { kind: 'credential' });
});

t.test(
  'too many wrong tokens from an address: 429, and right ones pass all the same',
  async (t) => {
    const { door, store, a, clock } = rig({ failedAttempts: 3 });
    const token = give(store);
    const guess = (peer?: string): unknown =>
      failureOf(() => door.enter(from('Bearer guess', peer), a, 'scim.read'));
    for (let n = 0; n < 3; n += 1) t.match(guess(), { status: 401 });
    t.match(guess(), { status: 429, headers: [['Retry-After', '1']] });
    t.match(
      failureOf(() => door.enterAsOperator(from('Bearer guess'))),
      { status: 429 },
    );
    t.match(door.enter(bearing(token), a, 'scim.read'), { kind: 'credential' });
    t.match(door.enter(bearing(SECRET), a, 'scim.read'), { kind: 'operator' });
    t.match(guess('192.0.2.2'), { status: 401 }, 'another address');
    t.match(
      failureOf(() => door.enter(from(undefined), a, 'scim.read')),
      { status: 401 },
      'no token is no guess',
    );
    clock.time += 1000;
    t.match(guess(), { status: 401 });
    t.match(guess(), { status: 429 });
  },
);

t.test('tokens of another form are for the verifier: known ones without a promise', async (t) => {
  const known: Principal = {
    kind: 'credential',
    id: 'client-1',
    endpointId: 'endpoint-a',
    scopes: ['scim.read'],
    subject: undefined,
  };
  const asked: string[] = [];
  const verifier: TokenVerifier = {
    known: (token) => (token === 'known' ? known : undefined),
    verify: async (token) => {
      asked.push(token);
      await Promise.resolve();
      if (token === 'broken') throw new Error('a fault');
      if (token !== 'fresh') throw new HttpError(401, 'expired', { headers: [] });
      return { ...known, endpointId: undefined };
    },
  };
  const { door, a, b, store } = rig({ failedAttempts: 2 }, verifier);
  t.equal(door.enter(bearing('known'), a, 'scim.read'), known);
  t.match(
    failureOf(() => door.enter(bearing('known'), a, 'scim.write')),
    { status: 403 },
  );
  t.match(
    failureOf(() => door.enter(bearing('known'), b, 'scim.read')),
    { status: 401 },
  );
  give(store);
  t.match(
    failureOf(() => door.enter(bearing('scim_credential-1_x'), a, 'scim.read')),
    { status: 401 },
  );
  t.same(asked, [], 'what has our form is nobody else’s');
  t.same(store.commands, [], 'it is no credential of ours');
  give(store, { id: 'client-1', kind: 'client' });
  door.enter(bearing('known'), a, 'scim.read');
  t.match(store.commands, [{ kind: 'noteCredentialUse', credentialId: 'client-1' }]);
  t.match(await door.enter(bearing('fresh'), b, 'scim.read'), { id: 'client-1' });
  await t.rejects(Promise.resolve(door.enter(bearing('broken'), a, 'scim.read')), /a fault/);
  const refusal = async (token: string): Promise<unknown> => {
    const [entered] = await Promise.allSettled([door.enter(bearing(token), a, 'scim.read')]);
    return entered.status === 'rejected' ? entered.reason : undefined;
  };
  t.match(await refusal('old'), { status: 429 });
  const first = door.enter(bearing('fresh'), a, 'scim.read');
  t.match(await refusal('fresh'), { status: 429 }, 'one place for those in doubt');
  t.match(await first, { id: 'client-1' }, 'a right token still finds its way');
  t.match(await door.enter(bearing('fresh'), a, 'scim.read'), { id: 'client-1' });
});
