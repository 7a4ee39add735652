/**
 * A token that takes time to be verified: the body that comes meanwhile is neither lost nor read
 * without bound, and whoever gives up first is heard.
 */
import t from 'tap';
import type { Test } from 'tap';
import { HttpError } from '../http-error.ts';
import type { Principal } from '../principal.ts';
import { RawConnection, requestText } from './raw-connection.ts';
import { type Served, type ServeOptions, serve, turns, user } from './serve.ts';

const PRINCIPAL: Principal = {
  kind: 'credential',
  id: 'a-client',
  endpointId: '0190-default',
  scopes: ['scim.read', 'scim.write'],
  subject: undefined,
};

interface Slow extends Served {
  /** Of the tokens that wait, what becomes of the next. */
  readonly decide: (verdict: Principal | Error) => void;
  readonly waiting: () => Promise<void>;
}

async function slow(t: Test, options: ServeOptions = {}): Promise<Slow> {
  const asked: PromiseWithResolvers<Principal>[] = [];
  const tokenVerifier = {
    known: () => undefined,
    verify: () => {
      const answer = Promise.withResolvers<Principal>();
      asked.push(answer);
      return answer.promise;
    },
  };
  const served = await serve(t, { ...options, tokenVerifier });
  return {
    ...served,
    decide: (verdict) => {
      const next = asked.shift();
      if (verdict instanceof Error) next?.reject(verdict);
      else next?.resolve(verdict);
    },
    waiting: async () => {
      while (asked.length === 0) await turns(1);
    },
  };
}

const wrong = (): HttpError =>
  new HttpError(401, 'the token has expired', { headers: [['WWW-Authenticate', 'Bearer']] });

const AUTHORIZATION = { Authorization: 'Bearer not.one.ofours' };

for (const size of [100, 3_000_000]) {
  t.test(
    `a body of ${size} bytes that came first is there when the token is found good`,
    async (t) => {
      const { call, decide, waiting, store } = await slow(t);
      const title = 'x'.repeat(size);
      const answered = call('POST', '/scim/v2/Users', user({ title }), AUTHORIZATION);
      await waiting();
      await turns(200);
      t.equal(store.commands.length, 0, 'nothing happens before it is known who asks');
      decide(PRINCIPAL);
      const { status, json } = await answered;
      t.equal(status, 201);
      t.equal(String(json['title']).length, size);
      t.match(store.commands, [{ kind: 'create', log: { requestBytes: Number } }]);
    },
  );
}

t.test('a body in pieces, some before and some after the verdict', async (t) => {
  const { port, decide, waiting } = await slow(t);
  const connection = await RawConnection.open(port);
  const body = JSON.stringify(user());
  const head = requestText('POST /scim/v2/Users', [
    'Authorization: Bearer not.one.ofours',
    'Content-Type: application/scim+json',
    `Content-Length: ${body.length}`,
  ]);
  await connection.send(head, body.slice(0, 10));
  await waiting();
  decide(PRINCIPAL);
  await turns();
  await connection.send(body.slice(10, 20), body.slice(20));
  t.equal((await connection.response()).status, 201);
  connection.destroy();
});

t.test('refused while the body still comes: 401, and the connection goes on', async (t) => {
  const { port, decide, waiting, store } = await slow(t);
  const connection = await RawConnection.open(port);
  const body = JSON.stringify(user({ title: 'y'.repeat(100_000) }));
  const headers = [
    'Authorization: Bearer not.one.ofours',
    'Content-Type: application/scim+json',
    `Content-Length: ${body.length}`,
  ];
  await connection.send(requestText('POST /scim/v2/Users', headers), body.slice(0, 50_000));
  await waiting();
  decide(wrong());
  const refused = await connection.response();
  t.match(refused, { status: 401, body: /the token has expired/ });
  await connection.send(body.slice(50_000));
  await connection.send(requestText('GET /scim/v2/ServiceProviderConfig', []));
  t.equal((await connection.response()).status, 200, 'the rest of the body is no request');
  t.match(store.logged[0], { status: 401, detail: 'the token has expired' });
  t.equal(store.commands.length, 0);
  connection.destroy();
});

t.test('the verdict comes before what is wrong with the body', async (t) => {
  const { call, decide, waiting } = await slow(t);
  const requests: readonly (readonly [string, Record<string, string>])[] = [
    ['no json', {}],
    ['{}', { 'Content-Type': 'text/plain' }],
  ];
  for (const [body, headers] of requests) {
    const answered = call('POST', '/scim/v2/Users', body, { ...AUTHORIZATION, ...headers });
    await waiting();
    decide(wrong());
    t.equal((await answered).status, 401);
  }
});

t.test('a body over the limit is refused while the token waits', async (t) => {
  const { port, waiting } = await slow(t, { limits: { bodyBytes: 1000 } });
  const connection = await RawConnection.open(port);
  const chunk = `${(600).toString(16)}\r\n${'z'.repeat(600)}\r\n`;
  await connection.send(
    requestText('POST /scim/v2/Users', [
      'Authorization: Bearer not.one.ofours',
      'Content-Type: application/scim+json',
      'Transfer-Encoding: chunked',
    ]),
  );
  await waiting();
  await connection.send(chunk, chunk);
  t.equal((await connection.response()).status, 413);
  connection.destroy();
});

t.test('a client that goes away meanwhile is not waited for, nor served', async (t) => {
  const { port, decide, waiting, store, faults, server } = await slow(t);
  for (const method of ['POST /scim/v2/Users', 'GET /scim/v2/Users']) {
    const connection = await RawConnection.open(port);
    const headers = ['Authorization: Bearer not.one.ofours', 'Content-Type: application/scim+json'];
    const body = method.startsWith('POST') ? [`Content-Length: 100`] : [];
    await connection.send(requestText(method, [...headers, ...body]));
    await waiting();
    connection.destroy();
    await turns(50);
    decide(method.startsWith('POST') ? PRINCIPAL : wrong());
  }
  while (store.logged.length < 2) await turns(1);
  t.match(store.logged, [{ status: 499 }, { status: 499 }]);
  t.strictSame([store.commands, faults], [[], []]);
  t.ok(await server.drain(1000), 'no place is held any more');
});

t.test('a verifier that never answers ends at the deadline', async (t) => {
  const { call, clock, waiting } = await slow(t, { limits: { requestDeadlineMs: 200 } });
  const answered = call('POST', '/scim/v2/Users', user(), AUTHORIZATION);
  await waiting();
  await turns(50);
  clock.time += 200;
  t.equal((await answered).status, 503);
});

t.test('a fault of the verifier is a 500 that tells nothing', async (t) => {
  const { call, decide, waiting, faults } = await slow(t);
  const answered = call('GET', '/scim/v2/Users', undefined, AUTHORIZATION);
  await waiting();
  decide(new Error('a bug with a secret in it'));
  const { status, text } = await answered;
  t.equal(status, 500);
  t.notMatch(text, /secret/);
  t.equal(faults.length, 1);
});
