/** Requests that a proxy before us may have read differently (RFC 9112 §11.2). */
import t from 'tap';
import { RawConnection, requestText } from './raw-connection.ts';
import { BEARER, serve } from './serve.ts';

const AUTHORIZED = `Authorization: ${BEARER}`;
const HIDDEN = requestText('DELETE /scim/v2/Users/victim', [AUTHORIZED]);

t.test('a header that may come once, twice: 400, and the connection ends', async (t) => {
  const { port, store } = await serve(t);
  for (const header of [AUTHORIZED, 'Host: other', 'Content-Length: 2']) {
    const connection = await RawConnection.open(port);
    const twice = ['Content-Type: application/json', AUTHORIZED, header];
    await connection.send(requestText('POST /scim/v2/Users', twice, '{}'));
    const { status, headers, body } = await connection.response();
    t.equal(status, 400, header);
    t.match(JSON.parse(body), { status: '400', detail: /may be sent once/ }, header);
    t.equal(headers.get('connection'), 'close');
    t.equal(await connection.closed(), '');
  }
  t.match(store.logged, [{ status: 400 }, { status: 400 }, { status: 400 }]);
});

t.test('a transfer-encoding other than chunked: 400, and the connection ends', async (t) => {
  const { port } = await serve(t);
  for (const encoding of ['gzip', 'identity', 'gzip, chunked']) {
    const connection = await RawConnection.open(port);
    await connection.send(
      requestText('POST /scim/v2/Users', [AUTHORIZED, `Transfer-Encoding: ${encoding}`]),
    );
    const { status, body } = await connection.response();
    t.equal(status, 400, encoding);
    t.match(JSON.parse(body), { detail: /transfer-encoding takes chunked/ });
    t.equal(await connection.closed(), '');
  }
});

t.test('what hides behind a request in doubt is never served, in the same segment', async (t) => {
  const { port, store, call } = await serve(t);
  const doubtful = [
    requestText('POST /scim/v2/Users', [AUTHORIZED, 'Content-Length: 2'], '{}'),
    requestText('POST /scim/v2/Users', [AUTHORIZED, 'Transfer-Encoding: gzip']),
    requestText('GET /scim/v2/Users', [AUTHORIZED, 'Host: other']),
  ];
  for (const request of doubtful) {
    const connection = await RawConnection.open(port);
    await connection.send(request + HIDDEN + HIDDEN);
    t.notMatch(await connection.closed(), /HTTP\/1\.1 [^4]/);
  }
  t.same(store.commands, []);
  t.equal((await call('GET', '/scim/v2/Users')).status, 200);
});

t.test('Content-Length beside chunked never reaches us', async (t) => {
  const { port, store } = await serve(t);
  const connection = await RawConnection.open(port);
  const headers = [AUTHORIZED, 'Content-Length: 5', 'Transfer-Encoding: chunked'];
  await connection.send(`${requestText('POST /scim/v2/Users', headers)}0\r\n\r\n${HIDDEN}`);
  t.match(await connection.closed(), /^HTTP\/1\.1 400 /);
  t.same(store.commands, []);
});

t.test('what is reflected cannot write headers of its own', async (t) => {
  const { port } = await serve(t);
  const connection = await RawConnection.open(port);
  const paths = ['/scim/v2/Users/a%0d%0aSet-Cookie:%20x', '/scim/endpoints/a%0d%0ab/Users'];
  for (const path of paths) {
    await connection.send(requestText(`GET ${path}`, [AUTHORIZED, 'X-Request-Id: å€😀']));
    const { status, headers, body } = await connection.response();
    t.equal(status, 404, path);
    t.notOk(headers.has('set-cookie'));
    t.match(headers.get('x-request-id'), /^id-\d+$/);
    t.match(JSON.parse(body), { detail: /^[^\r\n]+$/ });
  }
});
