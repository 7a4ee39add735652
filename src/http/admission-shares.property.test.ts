/** Whatever endpoints come and go: the sums are right, and who holds nothing finds room. */
import fc from 'fast-check';
import t from 'tap';
import { Admission, type Admitted } from './admission.ts';

const PLACES = 8;
const BYTES = 1000;
const LIMITS = {
  requestsPerSecondMax: 0,
  requestBurstMax: 0,
  inFlightRequestsMax: 0,
  resourcesMax: 0,
};

interface Step {
  readonly endpoint: number;
  readonly bytes: number;
  /** Of the requests under way, the one that leaves first; none when there is no such. */
  readonly leaves: number;
  readonly grows: number;
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    endpoint: fc.nat(4),
    bytes: fc.nat(60),
    leaves: fc.nat(60),
    grows: fc.nat(30),
  }),
  { maxLength: 300 },
);

function enter(admission: Admission, endpoint: string, bytes: number): Admitted | undefined {
  const place = admission.enter(0, bytes, () => undefined);
  if (place === undefined) return undefined;
  if (admission.join(place, endpoint, LIMITS, 0) === undefined) return place;
  admission.leave(place);
  return undefined;
}

t.test('a newcomer finds room, and nothing is lost in the sums', (t) => {
  fc.assert(
    fc.property(steps, (all) => {
      const admission = new Admission({
        inFlightRequests: PLACES,
        inFlightBytes: BYTES,
        requestDeadlineMs: 1,
      });
      const held: Admitted[] = [];
      for (const { endpoint, bytes, leaves, grows } of all) {
        const [gone] = leaves < held.length ? held.splice(leaves, 1) : [];
        if (gone !== undefined) admission.leave(gone);
        const place = enter(admission, `e${endpoint}`, bytes);
        if (place !== undefined) held.push(place);
        if (place !== undefined) admission.grow(place, grows);

        const newcomer = enter(admission, 'newcomer', 0);
        if (newcomer === undefined) throw new Error('no room for the newcomer');
        admission.leave(newcomer);
        const sum = held.reduce((bytesHeld, each) => bytesHeld + each.bytes, 0);
        if (admission.bytes !== sum) throw new Error(`${admission.bytes} bytes, not ${sum}`);
        if (admission.requests !== held.length) throw new Error('requests are miscounted');
      }
      for (const place of held) admission.leave(place);
      admission.expire(0);
      return admission.endpoints === 0 && admission.bytes === 0;
    }),
    { seed: 7, numRuns: 200 },
  );
  t.end();
});
