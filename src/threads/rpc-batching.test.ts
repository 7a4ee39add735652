import t from 'tap';
import { LIMITS } from '../platform/limits.ts';
import { loopback } from './channel.ts';
import { RpcServer } from './rpc-server.ts';
import { testClient } from './test/client.ts';
import { nextTurn, testServer } from './test/server.ts';

t.test('calls of one turn cross as one flat message, in order', async (t) => {
  const { channel, port } = loopback();
  const { client, sent } = testClient(channel);
  testServer(port);
  const first = client.call('echo', ['a', 1]);
  client.post('echo', [null]);
  const second = client.call('other', []);
  t.same(sent, [], 'nothing is sent within the turn');
  await Promise.all([first, second]);
  t.same(sent, [[1, 'echo', 2, 'a', 1, 0, 'echo', 1, null, 2, 'other', 0]]);
  await client.call('echo', ['next turn']);
  t.equal(sent.length, 2);
  await client.terminate();
});

t.test('a batch with enough calls goes out at once', async (t) => {
  const { channel, port } = loopback();
  const { client, sent } = testClient(channel, { maxInFlight: LIMITS.rpcBatchCalls * 2 });
  testServer(port);
  const calls = Array.from({ length: LIMITS.rpcBatchCalls }, () => client.call('echo', []));
  t.equal(sent.length, 1, 'before the turn ends');
  calls.push(client.call('echo', []));
  t.equal(sent.length, 1);
  await Promise.all(calls);
  t.equal(sent.length, 2);
  await client.terminate();
});

t.test('a batch with enough text goes out at once', async (t) => {
  const { channel, port } = loopback();
  const { client, sent } = testClient(channel, { maxInFlightBytes: LIMITS.rpcBatchBytes * 2 });
  testServer(port);
  const call = client.call('echo', ['x'.repeat(LIMITS.rpcBatchBytes)]);
  t.equal(sent.length, 1);
  await call;
  await client.terminate();
});

t.test('the server hands over calls of several waiting messages as one batch', async (t) => {
  const { channel, port } = loopback();
  const { batches } = testServer(port);
  channel.postMessage([1, 'a', 0]);
  channel.postMessage([2, 'b', 0, 3, 'c', 0]);
  channel.postMessage([0, 'd', 0]);
  while (batches.length === 0) await nextTurn();
  t.same(batches, [['a', 'b', 'c', 'd']]);
  port.close();
});

t.test('more calls than a batch holds wait for a turn and keep their order', async (t) => {
  const { channel, port } = loopback();
  const turns: string[] = [];
  const server = new RpcServer(port, {
    maxBatch: 3,
    describeError: () => ({ code: '', message: '' }),
    handle: (calls) => {
      turns.push(calls.map((call) => call.method).join(''));
      process.nextTick(() => turns.push('|'));
    },
  });
  channel.postMessage([1, 'a', 0, 2, 'b', 0]);
  channel.postMessage([3, 'c', 0, 4, 'd', 0, 5, 'e', 0, 6, 'f', 0, 7, 'g', 0]);
  channel.postMessage([8, 'h', 0]);
  while (turns.length < 6) await nextTurn();
  t.equal(turns.join(''), 'abc|def|gh|');
  server.close();
});

t.test('a batch ends before it holds too much text', async (t) => {
  const { channel, port } = loopback();
  const batches: string[] = [];
  const server = new RpcServer(port, {
    maxBatch: 10,
    maxBatchBytes: 6,
    describeError: () => ({ code: '', message: '' }),
    handle: (calls) => batches.push(calls.map((call) => call.method).join('')),
  });
  const [three, seven] = ['x'.repeat(3), 'x'.repeat(7)];
  channel.postMessage([1, 'a', 1, three, 2, 'b', 1, three, 3, 'c', 1, three, 4, 'd', 1, seven]);
  channel.postMessage([5, 'e', 0, 6, 'f', 1, three]);
  while (batches.join('').length < 6) await nextTurn();
  t.same(batches, ['ab', 'c', 'd', 'ef']);
  server.close();
});

t.test('answers wait for flush and cross as one message', async (t) => {
  const { channel, port } = loopback();
  const answers: unknown[] = [];
  channel.on('message', (message) => answers.push(message));
  const server = new RpcServer(port, {
    maxBatch: 10,
    describeError: () => ({ code: 'taken', message: 'no' }),
    handle: () => undefined,
  });
  server.reply(1, ['x', null]);
  server.refuse(2, new Error('refused'));
  server.notice('news', [7]);
  while (answers.length === 0) await nextTurn();
  t.same(answers, [[0, 2, 'news', 7]], 'a notice does not carry unflushed answers along');
  server.flush();
  server.flush();
  while (answers.length === 1) await nextTurn();
  t.same(answers[1], [1, 2, 'x', null, -2, 4, 'taken', 'no', null, null]);
  await nextTurn();
  t.equal(answers.length, 2, 'an empty flush sends nothing');
  t.throws(() => server.reply(0, []), /one-way/);
  t.throws(() => server.refuse(0, new Error('x')), /one-way/);
  server.close();
  server.notice('news', []);
  server.reply(1, []);
  t.doesNotThrow(() => server.flush(), 'answers after close go nowhere');
});
