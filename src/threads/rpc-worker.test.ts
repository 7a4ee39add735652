import t from 'tap';
import { Rebuilt, echoWorker, testClient } from './test/client.ts';

t.test('a worker says hello and answers in order of the calls', async (t) => {
  const { client } = testClient(echoWorker());
  t.same(await client.ready, ['at your service', 1]);
  const settled: string[] = [];
  const calls = ['a', 'b', 'c'].map((name) =>
    client.call('echo', [name, 1.5, null]).then((frame) => settled.push(String(frame[0]))),
  );
  await Promise.all(calls);
  t.same(settled, ['a', 'b', 'c']);
  t.equal(client.inFlight, 0);
  await client.terminate();
});

t.test('frames cross unchanged', async (t) => {
  const { client } = testClient(echoWorker());
  const frames = [[], [''], [null, null], ['å€😀\r\n', -1, 0.5, 2 ** 53], ['x'.repeat(200_000)]];
  for (const frame of frames) t.same(await client.call('echo', frame), frame);
  await client.terminate();
});

t.test('a refusal rejects one call with code, status and scimType', async (t) => {
  const { client } = testClient(echoWorker());
  const refused = client.call('refuse', ['userName is taken']);
  const answered = client.call('echo', ['neighbour']);
  const error = await refused.catch((error: unknown) => error);
  t.ok(error instanceof Rebuilt);
  t.same((error as Rebuilt).serialized, {
    code: 'test',
    message: 'userName is taken',
    status: 409,
    scimType: 'uniqueness',
  });
  t.same(await answered, ['neighbour']);
  await client.terminate();
});

t.test('one-way posts arrive in order with calls and leave nothing in flight', async (t) => {
  const { client } = testClient(echoWorker());
  client.post('remember', ['one']);
  client.post('remember', ['two']);
  t.equal(client.inFlight, 0);
  t.same(await client.call('recall', []), ['one', 'two']);
  await client.terminate();
});

t.test('a notice reaches onNotice', async (t) => {
  const { client, notices } = testClient(echoWorker());
  client.post('notice', ['checkpoint', 7]);
  await client.call('echo', []);
  t.same(notices, [['news', ['checkpoint', 7]]]);
  await client.terminate();
});

t.test('a worker that throws rejects what is in flight and what comes later', async (t) => {
  const { client, deaths, ticking } = testClient(echoWorker());
  await client.ready;
  const first = client.call('never', []);
  client.post('throw', []);
  const second = client.call('echo', []);
  await t.rejects(first, { message: 'outcome unknown: the worker broke' });
  await t.rejects(second, { message: 'outcome unknown: the worker broke' });
  await t.rejects(client.call('echo', []), { message: 'outcome unknown: the worker broke' });
  client.post('remember', ['lost']);
  t.equal(client.inFlight, 0);
  t.notOk(ticking(), 'the timer is stopped');
  await client.close();
  t.same(
    deaths.map((error) => error.message),
    ['the worker broke'],
    'onDeath once, though exit follows error',
  );
});

t.test('an unasked exit is a death, also with code 0', async (t) => {
  const { client, deaths } = testClient(echoWorker());
  await client.ready;
  await t.rejects(client.call('exit', [0]), {
    message: 'outcome unknown: the worker exited with code 0',
  });
  t.equal(deaths.length, 1);
});

t.test('a worker that cannot start rejects ready with its reason', async (t) => {
  const { client, deaths } = testClient(echoWorker('fail at start'));
  const call = client.call('echo', []);
  await t.rejects(client.ready, { message: 'no such file' });
  await t.rejects(call, { message: 'outcome unknown: no such file' });
  t.equal(await client.close(), 0);
  t.same(deaths, [], 'told once, by ready');
});

t.test('a worker that throws while it loads rejects ready', async (t) => {
  const { client, deaths } = testClient(echoWorker('throw at start'));
  await t.rejects(client.ready, { message: 'thrown at start' });
  await client.close();
  t.same(deaths, []);
});

t.test('an exit that was asked for is no death', async (t) => {
  const { client, deaths } = testClient(echoWorker());
  await client.ready;
  const stopped = client.call('stop', []);
  const gone = client.close();
  t.same(await stopped, [], 'the last answer arrives');
  t.equal(await gone, 0);
  t.same(deaths, []);
  await t.rejects(client.call('echo', []), { message: /outcome unknown/ });
});

t.test('terminate ends a worker that does not answer', async (t) => {
  const { client, deaths } = testClient(echoWorker());
  await client.ready;
  const call = client.call('never', []);
  const [, exitCode] = await Promise.all([
    t.rejects(call, { message: 'outcome unknown: the worker exited with code 1' }),
    client.terminate(),
  ]);
  t.equal(exitCode, 1);
  t.same(deaths, []);
});
