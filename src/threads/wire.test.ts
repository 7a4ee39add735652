import fc from 'fast-check';
import t from 'tap';
import { loopback } from './channel.ts';
import { type Frame, type FrameValue, isFrame } from './frame.ts';
import { testClient } from './test/client.ts';
import { appendAnswer, appendCall, decodeCalls, visitAnswers, type Call } from './wire.ts';

const frames = fc.array(fc.oneof(fc.string(), fc.double({ noNaN: true }), fc.constant(null)));
const ids = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

t.test('calls come back as they were appended', (t) => {
  fc.assert(
    fc.property(fc.array(fc.tuple(ids, fc.string(), frames)), (calls) => {
      const message: FrameValue[] = [];
      for (const call of calls) appendCall(message, ...call);
      const decoded: Call[] = [];
      decodeCalls(message, decoded);
      t.same(
        decoded,
        calls.map(([id, method, frame]) => ({ id, method, frame })),
      );
    }),
  );
  t.end();
});

t.test('answers come back as they were appended', (t) => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.maxSafeInteger(), frames)), (answers) => {
      const message: FrameValue[] = [];
      for (const answer of answers) appendAnswer(message, ...answer);
      const decoded: [number, Frame][] = [];
      visitAnswers(message, (id, frame) => decoded.push([id, frame]));
      t.same(decoded, answers);
    }),
  );
  t.end();
});

t.test('a message of another shape is a defect', (t) => {
  const badCalls: unknown[] = [
    ...['text', null, undefined, { 0: 1 }, [undefined], [true], [[1, 'a', 0]]],
    ...[[1], [1, 'a'], ['1', 'a', 0], [1, 2, 0], [-1, 'a', 0], [1.5, 'a', 0]],
    ...[
      [1, 'a', 1],
      [1, 'a', -1],
      [1, 'a', 0.5],
      [1, 'a', '0'],
      [1, 'a', 0, 2],
    ],
  ];
  for (const message of badCalls) {
    t.throws(() => decodeCalls(message, []), { name: 'AssertionFailed' }, JSON.stringify(message));
  }
  const badAnswers: unknown[] = [
    'text',
    [1],
    [1, 2, 'a'],
    ['1', 0],
    [NaN, 0],
    [1, null],
    [1, 0, 2],
  ];
  for (const message of badAnswers) {
    const decode = (): void => visitAnswers(message, () => undefined);
    t.throws(decode, { name: 'AssertionFailed' }, JSON.stringify(message));
  }
  t.end();
});

t.test('only arrays of strings, numbers and nulls are frames', (t) => {
  t.ok(isFrame([]));
  t.ok(isFrame(['', 0, null]));
  for (const other of [[undefined], [1n], [false], [{}], [[]], 'a', { length: 0 }, null]) {
    t.notOk(isFrame(other));
  }
  t.end();
});

t.test('a worker that sends nonsense counts as dead', async (t) => {
  for (const nonsense of [{ id: 1 }, [1, 9, 'a'], [99, 0], [0, 0], [-1, 1, 'code only']]) {
    const { channel, port } = loopback();
    const { client, deaths } = testClient(channel);
    port.postMessage([0, 1, '#hello']);
    await client.ready;
    const call = client.call('echo', []);
    port.postMessage(nonsense);
    await t.rejects(call, { message: /^outcome unknown: / });
    t.equal(deaths.length, 1, JSON.stringify(nonsense));
    await client.terminate();
  }
});
