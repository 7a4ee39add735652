/** Tokens that were verified: until when, by what, and how many. */
import t from 'tap';
import type { Principal } from '../principal.ts';
import { FakeStore } from '../test/fake-store.ts';
import { type KnownToken, KnownTokens } from './known-tokens.ts';

const PRINCIPAL: Principal = {
  kind: 'credential',
  id: 'c',
  endpointId: undefined,
  scopes: [],
  subject: undefined,
};
const KNOWN: KnownToken = {
  principal: PRINCIPAL,
  untilMs: 2000,
  judgedBy: undefined,
  isForeign: false,
};

const LIMITS = { knownTokens: 3, knownTokenBytes: 1000 };

t.test('the oldest makes room, and what has ended is forgotten', (t) => {
  const clock = { time: 1000, now: () => clock.time };
  const tokens = new KnownTokens(new FakeStore(), clock, LIMITS);
  for (const token of ['a', 'b', 'a', 'c', 'd']) tokens.add(token, KNOWN);
  t.equal(tokens.size, 3);
  t.equal(tokens.find('b', undefined), undefined, 'added first');
  t.equal(tokens.find('a', undefined), PRINCIPAL, 'added again meanwhile');
  clock.time = 2000;
  t.equal(tokens.find('a', undefined), undefined);
  t.equal(tokens.size, 2);
  t.end();
});

t.test('a token is known as a whole: its end is not enough', (t) => {
  const tokens = new KnownTokens(new FakeStore(), { now: () => 1000 }, LIMITS);
  const end = 'x'.repeat(60);
  tokens.add(`a${end}`, KNOWN);
  t.equal(tokens.find(`b${end}`, undefined), undefined);
  t.equal(tokens.find(`aa${end}`, undefined), undefined);
  t.equal(tokens.find(end, undefined), undefined);
  t.equal(tokens.find(`a${end}`, undefined), PRINCIPAL);
  t.end();
});

t.test('a token of another issuer is known at the endpoint as it was, and nowhere else', (t) => {
  const store = new FakeStore();
  const tokens = new KnownTokens(store, { now: () => 1000 }, LIMITS);
  const judgedBy = store.endpoint('default');
  const known = { ...KNOWN, judgedBy, isForeign: true };
  tokens.add('a', known);
  t.equal(tokens.find('a', judgedBy), PRINCIPAL);
  const changed = store.addEndpoint({ id: '0190-default', name: 'default' });
  t.equal(tokens.find('a', changed), undefined);
  tokens.add('a', known);
  t.equal(tokens.find('a', undefined), undefined);
  t.end();
});

t.test('endpoints that believe one issuer do not forget its tokens for each other', (t) => {
  const store = new FakeStore();
  const tokens = new KnownTokens(store, { now: () => 1000 }, LIMITS);
  const a = store.endpoint('default');
  const b = store.addEndpoint({ id: '0190-other', name: 'other' });
  tokens.add('a', { ...KNOWN, judgedBy: a, isForeign: true });
  t.equal(tokens.find('a', b), undefined);
  t.equal(tokens.find('a', a), PRINCIPAL, 'asking elsewhere changed nothing');
  tokens.add('a', { ...KNOWN, judgedBy: b, isForeign: true });
  t.equal(tokens.find('a', a), PRINCIPAL);
  t.equal(tokens.find('a', b), PRINCIPAL);
  t.end();
});

t.test('long tokens make room before there are many', (t) => {
  const tokens = new KnownTokens(new FakeStore(), { now: () => 1000 }, LIMITS);
  const [a, b, c] = [`${'x'.repeat(400)}a`, `${'x'.repeat(400)}b`, `${'x'.repeat(400)}c`];
  for (const token of [a, a, b]) tokens.add(token, KNOWN);
  t.equal(tokens.size, 2, 'added again it counts once');
  tokens.add(c, KNOWN);
  t.equal(tokens.find(a, undefined), undefined);
  t.equal(tokens.find(b, undefined), PRINCIPAL);
  t.equal(tokens.find(c, undefined), PRINCIPAL);
  t.end();
});
