import t from 'tap';
import { loopback } from './channel.ts';
import { testClient } from './test/client.ts';
import { nextTurn, testServer } from './test/server.ts';

t.test('over the bound of calls a call is refused at once and nothing is sent', async (t) => {
  const { channel, port } = loopback();
  const { client, sent } = testClient(channel, { maxInFlight: 2 });
  const { batches } = testServer(port);
  const admitted = [client.call('echo', ['1']), client.call('echo', ['2'])];
  t.equal(client.inFlight, 2);
  await t.rejects(client.call('refused', ['3']), { message: 'overloaded' });
  await Promise.all(admitted);
  t.equal(client.inFlight, 0);
  t.same(await client.call('echo', ['4']), ['4'], 'answered calls make room');
  t.notMatch(JSON.stringify([sent, batches]), /refused/);
  await client.terminate();
});

t.test('the bound of text counts the strings of calls in flight', async (t) => {
  const { channel, port } = loopback();
  const { client } = testClient(channel, { maxInFlightBytes: 10 });
  testServer(port);
  const admitted = client.call('echo', ['12345', 123456789, null, '67890']);
  await t.rejects(client.call('echo', ['x']), { message: 'overloaded' });
  t.resolveMatch(client.call('echo', [1, null]), [1, null], 'a call without text costs none');
  await admitted;
  await t.rejects(client.call('echo', ['12345678901']), { message: 'overloaded' });
  t.same(await client.call('echo', ['1234567890']), ['1234567890'], 'the room is back in full');
  await client.terminate();
});

t.test('one-way posts are sent also at the bound', async (t) => {
  const { channel, port } = loopback();
  const { client } = testClient(channel, { maxInFlight: 1 });
  const { batches } = testServer(port);
  const call = client.call('echo', []);
  client.post('note', []);
  await call;
  t.same(batches, [['echo', 'note']]);
  await client.terminate();
});

t.test('a call past its deadline rejects and its late answer is ignored', async (t) => {
  const { channel, port } = loopback();
  const { client, tick, deaths } = testClient(channel, { deadlineMs: 8000 });
  const { server } = testServer(port);
  const late = client.call('keep', ['old']);
  for (let i = 0; i < 4; i += 1) tick();
  const younger = client.call('keep', ['young']);
  for (let i = 0; i < 4; i += 1) tick();
  await nextTurn();
  t.equal(client.inFlight, 2, 'not before the deadline');
  tick();
  await t.rejects(late, { message: 'outcome unknown: no answer within 8000 ms' });
  server.reply(1, ['too late']);
  server.reply(2, ['in time']);
  server.flush();
  t.same(await younger, ['in time']);
  t.equal(client.inFlight, 0);
  t.same(deaths, []);
  await client.terminate();
});

t.test('what a stuck worker holds stays counted past the deadline', async (t) => {
  const { channel, port } = loopback();
  const { client, tick } = testClient(channel, { maxInFlight: 1 });
  const { server } = testServer(port);
  const late = client.call('keep', []);
  for (let i = 0; i < 20; i += 1) tick();
  await t.rejects(late, { message: /outcome unknown/ });
  await t.rejects(client.call('echo', []), { message: 'overloaded' });
  server.refuse(1, new Error('late refusal'));
  server.flush();
  while (client.inFlight > 0) await nextTurn();
  t.same(await client.call('echo', ['again']), ['again']);
  await client.terminate();
});

t.test('the timer runs eight times per deadline', async (t) => {
  const { channel } = loopback();
  const intervals: number[] = [];
  const { client } = testClient(channel, {
    deadlineMs: 8000,
    every: (intervalMs) => {
      intervals.push(intervalMs);
      return () => undefined;
    },
  });
  t.same(intervals, [1000]);
  await client.terminate();
});
