import t, { type Test } from 'tap';
import { RawConnection, requestText } from './raw-connection.ts';
import { BEARER, serve, user, type Served } from './serve.ts';

const JSON_HEADERS = [`Authorization: ${BEARER}`, 'Content-Type: application/scim+json'];
const CHUNKED = [...JSON_HEADERS, 'Transfer-Encoding: chunked'];

function post(body: string, headers = JSON_HEADERS): string {
  return requestText('POST /scim/v2/Users', headers, body);
}

function chunk(bytes: string | Buffer): Buffer {
  const data = Buffer.from(bytes);
  const head = Buffer.from(`${data.byteLength.toString(16)}\r\n`);
  return Buffer.concat([head, data, Buffer.from('\r\n')]);
}

/** The server still serves. */
async function stillServes(t: Test, { call }: Served): Promise<void> {
  t.equal((await call('GET', '/scim/v2/Users')).status, 200, 'the next request works');
}

t.test('a request that dribbles in byte by byte is one request', async (t) => {
  const { port } = await serve(t);
  const connection = await RawConnection.open(port);
  const userName = 'dribble-å€😀';
  const bytes = Buffer.from(post(JSON.stringify(user({ userName }))));
  // uWebSockets.js answers 505 when a segment ends inside " HTTP/1.1": the request line is whole.
  const line = bytes.indexOf('\r\n') + 2;
  await connection.send(bytes.subarray(0, line), ...[...bytes.subarray(line)].map(oneByte));
  const { status, body } = await connection.response();
  t.equal(status, 201);
  t.match(JSON.parse(body), { userName });
});

t.test('a chunked body may split a character anywhere', async (t) => {
  const { port } = await serve(t);
  const connection = await RawConnection.open(port);
  const bytes = Buffer.from(JSON.stringify(user({ userName: '😀' })));
  const half = bytes.indexOf(0xf0) + 2;
  await connection.send(
    requestText('POST /scim/v2/Users', CHUNKED),
    chunk(bytes.subarray(0, half)),
    chunk(bytes.subarray(half)),
    '0\r\n\r\n',
  );
  const { status, body } = await connection.response();
  t.equal(status, 201);
  t.match(JSON.parse(body), { userName: '😀' });
});

t.test('broken UTF-8 is 400, whole or cut off at the end', async (t) => {
  const served = await serve(t);
  const connection = await RawConnection.open(served.port);
  for (const bytes of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xf0, 0x9f, 0x98]]) {
    const head = requestText('POST /scim/v2/Users', [
      ...JSON_HEADERS,
      `Content-Length: ${String(bytes.length + 2)}`,
    ]);
    await connection.send(head, Buffer.from([0x22, ...bytes, 0x22]));
    const { status, body } = await connection.response();
    t.equal(status, 400, String(bytes));
    t.match(JSON.parse(body), { scimType: 'invalidSyntax', detail: /UTF-8/ });
  }
  t.same(served.store.commands, []);
  await stillServes(t, served);
});

t.test('bodies that are no JSON object are 400 with a clear line', async (t) => {
  const served = await serve(t);
  const deep = '['.repeat(20_000) + ']'.repeat(20_000);
  const bodies = ['', ' ', '{', '{"a":1,}', 'null', '"x"', '[]', '[{}]', '5', deep, '{"a":01}'];
  for (const body of bodies) {
    const { status, json } = await served.call('POST', '/scim/v2/Users', body);
    t.equal(status, 400, body.slice(0, 20));
    t.match(json, { status: '400', detail: /^[^\n]{10,200}$/ }, body.slice(0, 20));
  }
  t.same(served.store.commands, []);
  await stillServes(t, served);
});

t.test('duplicate keys and __proto__ do no harm', async (t) => {
  const served = await serve(t);
  const body =
    '{"userName":"first","__proto__":{"active":false},"constructor":{"prototype":1},"userName":"last"}';
  const { status, json } = await served.call('POST', '/scim/v2/Users', body);
  t.equal(status, 201);
  t.equal(json['userName'], 'last');
  t.notOk('active' in json);
  await stillServes(t, served);
});

t.test('a type of content that is no JSON is 415', async (t) => {
  const served = await serve(t);
  for (const type of ['text/plain', 'application/json; charset=latin1']) {
    const reply = await served.call('POST', '/scim/v2/Users', user(), { 'Content-Type': type });
    t.equal(reply.status, 415, type);
    t.match(reply.json, { status: '415', detail: /application\/scim\+json/ });
  }
  const connection = await RawConnection.open(served.port);
  await connection.send(post('{}', [`Authorization: ${BEARER}`]));
  t.equal((await connection.response()).status, 415, 'none at all');
  await stillServes(t, served);
});

t.test('the largest body is taken, one byte more is 413 before it is read', async (t) => {
  const served = await serve(t, { limits: { bodyBytes: 1000 } });
  const body = JSON.stringify(user());
  const largest = body.padEnd(1000, ' ');
  t.equal((await served.call('POST', '/scim/v2/Users', largest)).status, 201);
  const connection = await RawConnection.open(served.port);
  await connection.send(
    requestText('POST /scim/v2/Users', [...JSON_HEADERS, 'Content-Length: 1001']),
  );
  const refusal = await connection.response();
  t.equal(refusal.status, 413);
  t.match(JSON.parse(refusal.body), { status: '413', detail: /1000 bytes/ });
  t.equal(refusal.headers.get('connection'), 'close');
  t.equal(await connection.closed(), '');
  await stillServes(t, served);
});

t.test('a chunked body over the limit is 413 as soon as it is over', async (t) => {
  const served = await serve(t, { limits: { bodyBytes: 1000 } });
  const connection = await RawConnection.open(served.port);
  await connection.send(requestText('POST /scim/v2/Users', CHUNKED), chunk('x'.repeat(900)));
  await connection.send(chunk('x'.repeat(101)));
  t.equal((await connection.response()).status, 413);
  await connection.closed();
  await stillServes(t, served);
});

t.test('an 8 KiB token gets through the headers', async (t) => {
  const sharedSecret = 'x'.repeat(8192);
  const { call } = await serve(t, { sharedSecret });
  const headers = { Authorization: `Bearer ${sharedSecret}` };
  t.equal((await call('GET', '/scim/v2/Users', undefined, headers)).status, 200);
});

t.test('a target over the limit is 414', async (t) => {
  const { call } = await serve(t, { limits: { targetBytes: 100 } });
  t.equal((await call('GET', `/scim/v2/Users?x=${'y'.repeat(100)}`)).status, 414);
});

function oneByte(byte: number): Uint8Array {
  return Uint8Array.of(byte);
}
