/** What one endpoint may take of the server, by a clock that the test moves. */
import t from 'tap';
import type { EndpointLimits } from '../store/limit-settings.ts';
import { Admission, type Admitted } from './admission.ts';

const NO_BOUNDS: EndpointLimits = {
  requestsPerSecondMax: 0,
  requestBurstMax: 0,
  inFlightRequestsMax: 0,
  resourcesMax: 0,
};

/** Undefined: it was refused, by whom stands in `refusals`. */
class Door {
  readonly admission: Admission;
  readonly refusals: string[] = [];
  retryAfterSeconds = 0;

  constructor(inFlightRequests: number, inFlightBytes = 1000) {
    this.admission = new Admission({ inFlightRequests, inFlightBytes, requestDeadlineMs: 1000 });
  }

  come(endpoint: string, limits = NO_BOUNDS, nowMs = 0, bytes = 0): Admitted | undefined {
    const place = this.admission.enter(nowMs, bytes, () => undefined);
    if (place === undefined) {
      this.refusals.push('server');
      return undefined;
    }
    const refusal = this.admission.join(place, endpoint, limits, nowMs);
    if (refusal === undefined) return place;
    this.admission.leave(place);
    this.refusals.push(refusal.whose);
    this.retryAfterSeconds = refusal.retryAfterSeconds;
    return undefined;
  }

  comes(endpoint: string, limits: EndpointLimits, nowMs: number): boolean {
    const place = this.come(endpoint, limits, nowMs);
    if (place !== undefined) this.admission.leave(place);
    return place !== undefined;
  }
}

function crowd(door: Door, endpoint: string): number {
  let places = 0;
  while (door.come(endpoint) !== undefined) places += 1;
  return places;
}

t.test('a greedy endpoint gets half, the next half of what is left, and so on', (t) => {
  const door = new Door(600);
  t.same([crowd(door, 'a'), crowd(door, 'b'), crowd(door, 'c')], [300, 150, 75]);
  t.same(new Set(door.refusals), new Set(['endpoint']), 'nobody was refused for the others');
  t.ok(door.come('d'));
  t.end();
});

t.test('bytes are shared likewise, also those of a body that grows', (t) => {
  const door = new Door(100, 1000);
  t.ok(door.come('a', NO_BOUNDS, 0, 400));
  const second = door.come('a', NO_BOUNDS, 0, 50);
  if (second === undefined) return t.fail('it holds no more than is free');
  t.equal(door.admission.grow(second, 50), undefined);
  t.match(door.admission.grow(second, 1), { whose: 'endpoint' });
  t.equal(door.come('a', NO_BOUNDS, 0, 300), undefined);
  t.ok(door.come('b', NO_BOUNDS, 0, 300));
  return t.end();
});

t.test('who holds nothing else is refused nothing by its share', (t) => {
  const door = new Door(10, 1000);
  const bulk = door.come('a', { ...NO_BOUNDS, inFlightRequestsMax: 2 }, 0, 900);
  if (bulk === undefined) return t.fail('it is alone');
  t.equal(door.admission.growTo(bulk, 9), undefined);
  t.equal(door.come('a', { ...NO_BOUNDS, inFlightRequestsMax: 2 }), undefined);
  t.same(door.refusals, ['endpoint']);
  return t.end();
});

t.test('a bound of its own counts a bulk with its operations, and places that are left', (t) => {
  const door = new Door(100);
  const limits = { ...NO_BOUNDS, inFlightRequestsMax: 5 };
  const bulk = door.come('a', limits);
  const other = door.come('a', limits);
  if (bulk === undefined || other === undefined) return t.fail('there is room');
  t.match(door.admission.growTo(bulk, 5), { whose: 'endpoint', retryAfterSeconds: 1 });
  t.equal(door.admission.growTo(bulk, 4), undefined);
  t.equal(door.come('a', limits), undefined);
  door.admission.leave(other);
  t.ok(door.come('a', limits));
  t.ok(door.come('b', limits));
  return t.end();
});

t.test('so many a second, a burst first, and the wait is told in whole seconds', (t) => {
  const door = new Door(10);
  const limits = { ...NO_BOUNDS, requestsPerSecondMax: 2, requestBurstMax: 3 };
  t.same(
    [0, 0, 0, 0].map((nowMs) => door.comes('a', limits, nowMs)),
    [true, true, true, false],
  );
  t.equal(door.retryAfterSeconds, 1);
  t.equal(door.comes('b', limits, 0), true, 'each for itself');
  t.same(
    [499, 500, 501, 1000, 1499, 1500].map((nowMs) => door.comes('a', limits, nowMs)),
    [false, true, false, true, false, true],
  );
  t.same(
    [60_000, 60_000, 60_000, 60_000].map((nowMs) => door.comes('a', limits, nowMs)),
    [true, true, true, false],
    'what was not used gathers up to the burst',
  );
  t.end();
});

t.test('over a minute no more come through than the rate and one burst', (t) => {
  const door = new Door(10);
  const limits = { ...NO_BOUNDS, requestsPerSecondMax: 7 };
  let through = 0;
  for (let nowMs = 0; nowMs < 60_000; nowMs += 10)
    through += door.comes('a', limits, nowMs) ? 1 : 0;
  t.ok(through >= 60 * 7 && through <= 61 * 7, String(through));
  t.end();
});

t.test('a bulk pays for its operations by the wait of the next request', (t) => {
  const door = new Door(100);
  const limits = { ...NO_BOUNDS, requestsPerSecondMax: 10, requestBurstMax: 1 };
  const bulk = door.come('a', limits, 0);
  if (bulk === undefined) return t.fail('it is the first');
  t.equal(door.admission.growTo(bulk, 50), undefined);
  door.admission.leave(bulk);
  t.equal(door.comes('a', limits, 0), false);
  t.equal(door.retryAfterSeconds, 5);
  t.equal(door.comes('a', limits, 4999), false);
  t.equal(door.comes('a', limits, 5000), true);
  return t.end();
});

t.test('a clock that steps back locks nobody out', (t) => {
  const door = new Door(10);
  const limits = { ...NO_BOUNDS, requestsPerSecondMax: 1 };
  const hourMs = 3_600_000;
  t.equal(door.comes('a', limits, hourMs), true);
  t.equal(door.comes('a', limits, 0), false, 'nor does it give anything');
  t.equal(door.comes('a', limits, 1000), true);
  t.end();
});

t.test('a rate that was raised does not wait for what was counted at the lower one', (t) => {
  const door = new Door(10);
  const slow = { ...NO_BOUNDS, requestsPerSecondMax: 1, requestBurstMax: 5 };
  for (let n = 0; n < 5; n += 1) t.ok(door.comes('a', slow, 0));
  t.equal(door.comes('a', slow, 0), false);
  const fast = { ...NO_BOUNDS, requestsPerSecondMax: 1000, requestBurstMax: 1 };
  t.equal(door.comes('a', fast, 0), true);
  t.equal(door.comes('a', fast, 0), false);
  t.end();
});

t.test('limits that change hold at once; endpoints that are idle are forgotten', (t) => {
  const door = new Door(10);
  const limits = { ...NO_BOUNDS, requestsPerSecondMax: 1 };
  door.comes('a', limits, 0);
  t.equal(door.comes('a', limits, 0), false);
  t.equal(door.comes('a', NO_BOUNDS, 0), true);
  door.admission.expire(500);
  t.equal(door.admission.endpoints, 1, 'its last request still counts');
  door.admission.expire(1000);
  t.equal(door.admission.endpoints, 0);
  t.end();
});
