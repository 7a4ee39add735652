/** Keys over the days, by a clock that a test moves. */
import { sign, verify } from 'node:crypto';
import t from 'tap';
import { DailyKeys, KEY_PERIOD_MS, SecretKey } from './token-keys.ts';

const SECRET = 'a-secret-of-the-tests';
const NOON = 20_000.5 * KEY_PERIOD_MS;
const HOURS_6 = 6 * 3_600_000;

function keysAt(timeMs: number, secret = SECRET): DailyKeys {
  return new DailyKeys(secret, { now: () => timeMs });
}

function kids(keys: DailyKeys): unknown[] {
  return keys.published().map(({ kid }) => kid);
}

t.test('a key is published a day before it signs, and until its last token has ended', (t) => {
  const clock = { time: NOON, now: () => clock.time };
  const keys = new DailyKeys(SECRET, clock);
  const today = keys.signing().kid;
  const [yesterday, , tomorrow] = kids(keys);
  t.equal(kids(keys)[1], today);
  clock.time += KEY_PERIOD_MS;
  t.equal(keys.signing().kid, tomorrow, 'what was announced signs now');
  t.equal(kids(keys)[0], today);
  t.notOk(kids(keys).includes(yesterday));
  t.equal(keys.verifying(yesterday), undefined);
  t.ok(keys.verifying(today), 'the former still verifies');
  const lastIssued = Math.ceil(clock.time / KEY_PERIOD_MS) * KEY_PERIOD_MS - 1;
  const kid = keysAt(lastIssued).signing().kid;
  t.ok(keysAt(lastIssued + HOURS_6 + 60_000).verifying(kid), 'the last token of a day');
  t.end();
});

t.test('keys are the same in another process, others under another secret', (t) => {
  t.strictSame(keysAt(NOON).published(), keysAt(NOON + 1).published());
  const others = kids(keysAt(NOON, 'another'));
  t.notOk(kids(keysAt(NOON)).some((kid) => others.includes(kid)));
  t.equal(new Set(kids(keysAt(NOON))).size, 3);
  t.end();
});

t.test('what is published verifies and does not sign', (t) => {
  const keys = keysAt(NOON);
  const { kid, key } = keys.signing();
  const signature = sign('sha256', Buffer.from('x'), key);
  const publicKey = keys.verifying(kid);
  t.ok(publicKey && verify('sha256', Buffer.from('x'), publicKey, signature));
  for (const jwk of keys.published()) {
    t.match(jwk, { kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig', kid: /^[\w-]{43}$/ });
    t.notOk('d' in jwk);
  }
  t.end();
});

t.test('no key belongs to a kid that is none', (t) => {
  for (const kid of [undefined, null, 1, '', {}, '__proto__']) {
    t.equal(keysAt(NOON).verifying(kid), undefined);
  }
  t.end();
});

t.test('a secret has one key, without an id, and publishes nothing', (t) => {
  const keys = new SecretKey('0123456789abcdef0123456789abcdef');
  t.equal(keys.signing().kid, undefined);
  t.ok(keys.verifying(undefined));
  t.equal(keys.verifying('x'), undefined);
  t.strictSame(keys.published(), []);
  t.end();
});
