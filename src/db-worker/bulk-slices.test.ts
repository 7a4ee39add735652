/** How a bulk is cut, what one slice hands to the next, and what a slice that fails whole means. */
import t from 'tap';
import type { BulkUnit } from '../store/commands.ts';
import { StoreError } from '../store/results.ts';
import type { Frame } from '../threads/frame.ts';
import { type BulkSlice, decodeSlice, encodeOutcomes, type SliceOutcome } from './bulk-messages.ts';
import { writeInSlices } from './bulk-slices.ts';

const BOUNDS = { operations: 3, chars: 1000 };

function units(count: number, textChars = 10): BulkUnit[] {
  return Array.from({ length: count }, (_, position) => [
    {
      position,
      needs: [],
      afterwards: undefined,
      command: {
        kind: 'patch',
        endpointId: 'e',
        log: undefined,
        type: 'User',
        id: String(position),
        now: 0,
        ifMatch: undefined,
        operations: 'x'.repeat(textChars),
        needsSecrets: false,
      },
    },
  ]);
}

const done = (position: number, warning?: string): SliceOutcome => {
  const result = { created: 0, lastModified: 0, version: 1, changed: true, sequence: 1 };
  return {
    position,
    warning,
    outcome: { kind: 'done', result: { ...result, document: undefined } },
  };
};
const failed = (position: number): SliceOutcome => ({
  position,
  warning: undefined,
  outcome: { kind: 'failed', error: new Error('no') },
});

/** A writer that does everything, but for what `answer` says. */
class Sent {
  readonly slices: BulkSlice[] = [];
  readonly answer: (slice: BulkSlice, number: number) => readonly SliceOutcome[];

  constructor(answer: (slice: BulkSlice, number: number) => readonly SliceOutcome[] = allDone) {
    this.answer = answer;
  }

  readonly send = async (frame: Frame): Promise<Frame> => {
    const slice = decodeSlice(frame);
    this.slices.push(slice);
    return Promise.resolve(encodeOutcomes(this.answer(slice, this.slices.length)));
  };

  get sizes(): number[] {
    return this.slices.map(({ units }) => units.length);
  }
}

function allDone({ units }: BulkSlice): SliceOutcome[] {
  return units.flat().map(({ position }) => done(position));
}

t.test('slices are bounded by operations and by text; a unit is never cut', async (t) => {
  const byCount = new Sent();
  const result = await writeInSlices(
    { units: units(7), failOnErrors: undefined },
    BOUNDS,
    byCount.send,
  );
  t.same(byCount.sizes, [3, 3, 1]);
  t.same([...result.outcomes.keys()], [0, 1, 2, 3, 4, 5, 6]);
  t.equal(result.interrupted, undefined);
  const byText = new Sent();
  await writeInSlices({ units: units(4, 600), failOnErrors: undefined }, BOUNDS, byText.send);
  t.same(byText.sizes, [2, 2]);
  const whole = new Sent();
  const circle = [units(10).flat()];
  await writeInSlices({ units: circle, failOnErrors: undefined }, BOUNDS, whole.send);
  t.same(whole.sizes, [1]);
  const none = new Sent();
  await writeInSlices({ units: [], failOnErrors: undefined }, BOUNDS, none.send);
  t.same(none.sizes, []);
});

t.test('the next slice is made while the last one is written, and not before', async (t) => {
  const made: number[] = [];
  function* making(): Generator<BulkUnit> {
    for (const unit of units(9)) {
      made.push(unit[0]?.position ?? -1);
      yield unit;
    }
  }
  const seen: number[] = [];
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const writing = writeInSlices(
    { units: making(), failOnErrors: undefined },
    BOUNDS,
    async (frame) => {
      seen.push(made.length);
      if (seen.length === 1) await promise;
      return encodeOutcomes(allDone(decodeSlice(frame)));
    },
  );
  while (made.length < 6) await new Promise((next) => setImmediate(next));
  t.same(seen, [3], 'the second slice is ready while the first waits for its answer');
  resolve(undefined);
  await writing;
  t.same(seen, [3, 6, 9]);
});

t.test('a slice has left this thread before the next one is made', async (t) => {
  let hasLeft = true;
  function* making(): Generator<BulkUnit> {
    for (const unit of units(6)) {
      t.ok(hasLeft, `unit ${unit[0]?.position ?? -1}`);
      yield unit;
    }
  }
  // As the calls of a turn do: they leave at its end.
  await writeInSlices({ units: making(), failOnErrors: undefined }, BOUNDS, async (frame) => {
    hasLeft = false;
    setImmediate(() => {
      hasLeft = true;
    });
    return Promise.resolve(encodeOutcomes(allDone(decodeSlice(frame))));
  });
});

t.test('later slices are told what failed, and how many failures are left', async (t) => {
  const sent = new Sent((slice, number) =>
    slice.units.flat().map(({ position }) => (number === 1 ? failed(position) : done(position))),
  );
  await writeInSlices({ units: units(6), failOnErrors: 5 }, BOUNDS, sent.send);
  t.match(sent.slices, [
    { failed: [], failuresLeft: 5 },
    { failed: [0, 1, 2], failuresLeft: 2 },
  ]);
});

t.test('after enough failures no further slice is sent', async (t) => {
  for (const failOnErrors of [1, 2, 3]) {
    const sent = new Sent(({ units }) => units.flat().map(({ position }) => failed(position)));
    const result = await writeInSlices({ units: units(9), failOnErrors }, BOUNDS, sent.send);
    t.equal(sent.slices.length, 1);
    t.equal(result.interrupted, undefined);
  }
});

t.test('a slice that fails whole ends the bulk; what was done before is told', async (t) => {
  const full = new StoreError('full', 'full');
  const sent = new Sent((slice, number) => {
    if (number === 2) throw full;
    return allDone(slice);
  });
  const { outcomes, interrupted } = await writeInSlices(
    { units: units(9), failOnErrors: undefined },
    BOUNDS,
    sent.send,
  );
  t.equal(sent.slices.length, 2);
  t.equal(interrupted, full);
  t.same(
    [...outcomes].map(([position, { kind }]) => [position, kind]),
    [0, 1, 2].map((at) => [at, 'done']).concat([3, 4, 5].map((at) => [at, 'failed'])),
  );
});

t.test('when the first slice fails nothing was done, and the bulk fails', async (t) => {
  const sent = new Sent(() => {
    throw new StoreError('overloaded', 'busy');
  });
  await t.rejects(writeInSlices({ units: units(9), failOnErrors: 1 }, BOUNDS, sent.send), {
    code: 'overloaded',
  });
});

t.test('a defect in the making of units is the caller’s to hear of', async (t) => {
  function* breaking(): Generator<BulkUnit> {
    yield* units(4);
    throw new Error('defect');
  }
  const sent = new Sent();
  const writing = writeInSlices({ units: breaking(), failOnErrors: undefined }, BOUNDS, sent.send);
  await t.rejects(writing, { message: 'defect' });
  t.equal(sent.slices.length, 1);
});

t.test('the first warning is kept for the log', async (t) => {
  const sent = new Sent((_slice, number) => [done(number), done(number + 5, `w${number}`)]);
  const result = await writeInSlices(
    { units: units(5), failOnErrors: undefined },
    BOUNDS,
    sent.send,
  );
  t.equal(result.warning, 'w1');
});
