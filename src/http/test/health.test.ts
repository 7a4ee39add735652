import t from 'tap';
import { RawConnection, requestText } from './raw-connection.ts';
import { serve } from './serve.ts';

const NO_TOKEN = { Authorization: '' };

t.test('live asks for nothing', async (t) => {
  const { call, readiness } = await serve(t);
  readiness.reason = 'the disk is full';
  const reply = await call('GET', '/health/live', undefined, NO_TOKEN);
  t.equal(reply.status, 200);
  t.same(reply.json, { status: 'live' });
  t.equal(reply.headers.get('content-type'), 'application/json');
});

t.test('ready says why not', async (t) => {
  const { call, readiness } = await serve(t);
  t.same((await call('GET', '/health/ready', undefined, NO_TOKEN)).json, { status: 'ready' });
  readiness.reason = 'the disk is full';
  const reply = await call('GET', '/health/ready', undefined, NO_TOKEN);
  t.equal(reply.status, 503);
  t.same(reply.json, { status: 'notReady', reason: 'the disk is full' });
});

t.test('not ready while draining', async (t) => {
  const { server, port } = await serve(t);
  const connection = await RawConnection.open(port);
  await connection.send(requestText('GET /health/live'));
  await connection.response();
  await server.drain(1000);
  await connection.send(requestText('GET /health/ready'));
  const { status, body } = await connection.response();
  t.equal(status, 503);
  t.match(JSON.parse(body), { reason: 'stopping' });
});
