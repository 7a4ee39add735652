/** When another issuer is asked for its keys: by a clock that a test moves, and answers by hand. */
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import t from 'tap';
import { IssuerDown, IssuerKeys } from './issuer-keys.ts';

const URI = 'https://issuer.example/keys';
const LIMITS = {
  issuerKeySets: 2,
  issuerKeyWaiters: 16,
  issuerKeysFreshMs: 3_600_000,
  issuerKeysStaleMs: 86_400_000,
  issuerRetryMs: 30_000,
};

async function publicKey(kid: string): Promise<JWK> {
  const { publicKey: key } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(key)), kid, alg: 'ES256', use: 'sig' };
}

const [FIRST, SECOND] = await Promise.all([publicKey('first'), publicKey('second')]);

interface Rig {
  readonly keys: IssuerKeys;
  readonly clock: { time: number };
  readonly asked: string[];
  readonly warnings: object[];
  /** What the issuer says. */
  answer: () => Promise<unknown>;
  readonly has: (kid: string, uri?: string) => Promise<boolean>;
}

function issuer(): Rig {
  const clock = { time: 1_700_000_000_000 };
  const asked: string[] = [];
  const warnings: object[] = [];
  const fetchKeys = (uri: string): Promise<unknown> => {
    asked.push(uri);
    return rig.answer();
  };
  const log = { warn: (fields: object) => warnings.push(fields), error: () => undefined };
  const keys = new IssuerKeys({
    fetchKeys,
    clock: { now: () => clock.time },
    log,
    limits: LIMITS,
  });
  const has = async (kid: string, uri = URI): Promise<boolean> =>
    (await keys.find(uri, { alg: 'ES256', kid })) !== undefined;
  const answer = (): Promise<unknown> => Promise.resolve({ keys: [FIRST] });
  const rig: Rig = { keys, clock, asked, warnings, answer, has };
  return rig;
}

t.test('one fetch serves all who wait, and all who come in the next hour', async (t) => {
  const { has, asked, clock } = issuer();
  const found = await Promise.all(
    Array.from({ length: LIMITS.issuerKeyWaiters }, () => has('first')),
  );
  t.ok(found.every(Boolean));
  clock.time += LIMITS.issuerKeysFreshMs - 1;
  t.ok(await has('first'));
  t.equal(asked.length, 1);
});

t.test(
  'a new key is fetched when a token names it; unknown ones cost one fetch at a time',
  async (t) => {
    const rig = issuer();
    t.ok(await rig.has('first'));
    rig.answer = () => Promise.resolve({ keys: [FIRST, SECOND] });
    rig.clock.time += LIMITS.issuerRetryMs;
    t.ok(await rig.has('second'));
    t.equal(rig.asked.length, 2);
    for (let index = 0; index < 100; index += 1) t.notOk(await rig.has(`unknown-${String(index)}`));
    t.equal(rig.asked.length, 2, 'within the pause nobody is asked');
    rig.clock.time += LIMITS.issuerRetryMs;
    await Promise.all(Array.from({ length: 16 }, (_, index) => rig.has(`other-${String(index)}`)));
    t.equal(rig.asked.length, 3);
  },
);

t.test('while it is down its last keys go on for a day', async (t) => {
  const rig = issuer();
  t.ok(await rig.has('first'));
  rig.answer = () => Promise.reject(new Error('down', { cause: new Error('refused') }));
  rig.clock.time += LIMITS.issuerKeysFreshMs;
  t.ok(await rig.has('first'), 'without a wait');
  t.equal(rig.asked.length, 2);
  await rig.has('first');
  t.equal(rig.asked.length, 2, 'and not again at once');
  t.strictSame(rig.warnings, [{ uri: URI, reason: 'down: refused' }]);
  rig.clock.time += LIMITS.issuerKeysStaleMs - LIMITS.issuerKeysFreshMs - 1;
  t.ok(await rig.has('first'));
  rig.clock.time += 1;
  await t.rejects(rig.has('first'), IssuerDown);
  rig.answer = () => Promise.resolve({ keys: [FIRST] });
  rig.clock.time += LIMITS.issuerRetryMs;
  t.ok(await rig.has('first'), 'it is back');
});

t.test('a key that the issuer has withdrawn is gone with the next fetch', async (t) => {
  const rig = issuer();
  t.ok(await rig.has('first'));
  rig.answer = () => Promise.resolve({ keys: [SECOND] });
  rig.clock.time += LIMITS.issuerKeysFreshMs;
  t.ok(await rig.has('first'), 'the answer that starts the fetch');
  t.ok(await rig.has('second'));
  t.notOk(await rig.has('first'));
});

t.test('an issuer that never answered is down, and is asked again after a pause', async (t) => {
  for (const broken of [null, [], {}, { keys: 1 }, { keys: [1] }, 'x']) {
    const rig = issuer();
    rig.answer = () => Promise.resolve(broken);
    await t.rejects(rig.has('first'), IssuerDown, JSON.stringify(broken));
    await t.rejects(rig.has('first'), IssuerDown);
    t.equal(rig.asked.length, 1);
  }
});

t.test('a slow answer is waited for by who needs it, and by nobody else', async (t) => {
  const rig = issuer();
  t.ok(await rig.has('first'));
  const slow = Promise.withResolvers<unknown>();
  rig.answer = () => slow.promise;
  rig.clock.time += LIMITS.issuerKeysFreshMs;
  t.ok(await rig.has('first'));
  const waiting = rig.has('second');
  t.ok(await rig.has('first'));
  slow.resolve({ keys: [FIRST, SECOND] });
  t.ok(await waiting);
  t.equal(rig.asked.length, 2);
});

t.test('so many sets are held and no more', async (t) => {
  const { has, asked } = issuer();
  for (const name of ['a', 'b', 'c', 'b', 'a']) t.ok(await has('first', `https://${name}/`));
  t.strictSame(asked, ['https://a/', 'https://b/', 'https://c/', 'https://a/']);
});

t.test(
  'so many wait for one set of keys; more are told at once, others do not notice',
  async (t) => {
    const rig = issuer();
    t.ok(await rig.has('first'));
    rig.clock.time += LIMITS.issuerRetryMs;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    rig.answer = () => promise;
    const waiting = Array.from({ length: 16 }, (_, index) => rig.has(`unknown-${String(index)}`));
    // Each has looked for its key once, and now waits.
    await new Promise(setImmediate);
    await t.rejects(rig.has('one-more'), IssuerDown);
    t.ok(await rig.has('first'), 'a key that is there needs no wait');
    resolve({ keys: [FIRST] });
    t.notOk((await Promise.all(waiting)).some(Boolean));
    t.notOk(await rig.has('one-more'), 'their places are free again');
  },
);
