import t from 'tap';
import { Admission } from './admission.ts';

const LIMITS = { inFlightRequests: 2, inFlightBytes: 100, requestDeadlineMs: 10 };
const nothing = (): void => undefined;

t.test('requests are bounded by count; a place that is left is free', (t) => {
  const admission = new Admission(LIMITS);
  const first = admission.enter(0, 0, nothing);
  t.ok(first);
  t.ok(admission.enter(0, 0, nothing));
  t.equal(admission.enter(0, 0, nothing), undefined);
  if (first !== undefined) admission.leave(first);
  t.ok(admission.enter(0, 0, nothing));
  t.equal(admission.requests, 2);
  t.end();
});

t.test('bodies are bounded by bytes, declared or growing', (t) => {
  const admission = new Admission(LIMITS);
  const first = admission.enter(0, 60, nothing);
  if (first === undefined) return t.fail('there is room');
  t.equal(admission.enter(0, 41, nothing), undefined);
  t.equal(admission.grow(first, 40), undefined);
  t.match(admission.grow(first, 1), { whose: 'server' });
  t.equal(admission.bytes, 100);
  admission.leave(first);
  t.equal(admission.bytes, 0);
  return t.end();
});

t.test('a bulk takes as many places as it holds operations', (t) => {
  const admission = new Admission({ ...LIMITS, inFlightRequests: 5 });
  const bulk = admission.enter(0, 0, nothing);
  if (bulk === undefined) return t.fail('there is room');
  t.match(admission.growTo(bulk, 6), { whose: 'server' });
  t.equal(admission.growTo(bulk, 5), undefined);
  t.equal(admission.enter(0, 0, nothing), undefined);
  t.equal(admission.requests, 1);
  admission.leave(bulk);
  for (let place = 0; place < 5; place += 1) t.ok(admission.enter(0, 0, nothing));
  t.equal(admission.enter(0, 0, nothing), undefined);
  return t.end();
});

t.test('leaving twice is leaving once', (t) => {
  const admission = new Admission(LIMITS);
  const first = admission.enter(0, 50, nothing);
  admission.enter(0, 50, nothing);
  if (first === undefined) return t.fail('there is room');
  admission.leave(first);
  admission.leave(first);
  t.equal(admission.bytes, 50);
  t.equal(admission.requests, 1);
  return t.end();
});

t.test('the deadline is told once, to those it has passed for', (t) => {
  const admission = new Admission({ ...LIMITS, inFlightRequests: 3 });
  const told: string[] = [];
  for (const [name, start] of [
    ['a', 0],
    ['b', 0],
    ['c', 5],
  ] as const) {
    admission.enter(start, 0, () => told.push(name));
  }
  admission.expire(9);
  t.same(told, []);
  admission.expire(10);
  t.same(told, ['a', 'b']);
  admission.expire(15);
  t.same(told, ['a', 'b', 'c']);
  t.equal(admission.requests, 3, 'they hold their places until their work is done');
  t.end();
});

t.test('idle when the last has left', async (t) => {
  const admission = new Admission(LIMITS);
  await admission.whenIdle();
  const places = [admission.enter(0, 0, nothing), admission.enter(0, 0, nothing)];
  let idle = false;
  const waiting = admission.whenIdle().then(() => {
    idle = true;
  });
  for (const place of places) {
    await Promise.resolve();
    t.equal(idle, false);
    if (place !== undefined) admission.leave(place);
  }
  await waiting;
  t.equal(idle, true);
});

t.test('work without a deadline holds its place and is not told', (t) => {
  const admission = new Admission(LIMITS);
  const told: string[] = [];
  const snapshot = admission.enter(0, 0, () => told.push('snapshot'));
  admission.enter(0, 0, () => told.push('read'));
  if (snapshot === undefined) return t.fail('there is room');
  admission.liftDeadline(snapshot);
  admission.expire(Infinity);
  t.same(told, ['read']);
  t.equal(admission.requests, 2);
  admission.leave(snapshot);
  t.equal(admission.requests, 1);
  return t.end();
});
