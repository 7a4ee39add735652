/** What the bench of access counts and checks: turns, tokens that must not open, what the log holds. */
import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import t, { type Test } from 'tap';
import { clientAddressOf, type FloodOptions, startFlood } from '../../bench/access/flood.ts';
import { logHolds } from '../../bench/access/log-seen.ts';
import { readLoad } from '../../bench/access/tenant.ts';
import { besideBase, median, thereAndBack, type Turn } from '../../bench/access/turns.ts';
import { forgedJwt, wrongSecret } from '../../bench/access/wrong-tokens.ts';
import type { Product } from '../../bench/processes.ts';
import { SERIAL_MARK } from '../../bench/users.ts';
import { startStandIn } from './stand-in.ts';

type Kind = 'a' | 'b';

function turn(kind: Kind, round: number, perSecond: number, serverCpuUs: number): Turn<Kind> {
  const times = { p50Us: 100, p99Us: 200, clientCpuShare: 0.5, invalid: null };
  return { kind, round, perSecond, serverCpuUs, ...times };
}

t.test('there and back', async (t) => {
  t.same(thereAndBack(['a', 'b', 'c']), ['a', 'b', 'c', 'c', 'b', 'a']);
  t.equal(median([9, 1, 5]), 5);
  t.equal(median([9, 1, 5, 6]), 5.5);
  t.equal(median([7]), 7);
});

t.test('a way is compared with the base of the same round', async (t) => {
  const turns = [
    turn('a', 0, 1000, 20),
    turn('b', 0, 900, 22),
    turn('b', 0, 900, 23),
    turn('a', 0, 1000, 21),
    // A machine half as fast.
    turn('a', 1, 500, 40),
    turn('b', 1, 400, 44),
    turn('b', 1, 400, 44),
    turn('a', 1, 500, 40),
  ];
  t.match(besideBase(turns, 'b', 'a'), {
    rounds: 2,
    perSecond: 650,
    serverCpuUs: 33.25,
    serverCpuApartUs: 0.5,
    shareOfBase: 0.85,
    shareFrom: 0.8,
    shareTo: 0.9,
    beyondBaseUs: 3,
    beyondFromUs: 2,
    beyondToUs: 4,
    invalid: null,
  });
  t.match(besideBase(turns, 'a', 'a'), { shareOfBase: 1, beyondBaseUs: 0 });
  const busy = turns.map((each, at) => (at === 2 ? { ...each, invalid: 'busy' } : each));
  t.equal(besideBase(busy, 'b', 'a').invalid, 'busy');
  t.equal(besideBase(busy, 'a', 'a').invalid, null);
});

t.test('wrong tokens differ from right ones where it counts', async (t) => {
  const secret = 'S'.repeat(43);
  const tokens = {
    'shared secret': 'x',
    'bearer credential': `scim_0192-ab_${secret}`,
    JWT: `head.claims.${secret}${secret}`,
  };
  t.equal(wrongSecret({ tokens }), `scim_0192-ab_${secret.slice(9)}${SERIAL_MARK}`);
  t.equal(forgedJwt({ tokens }), `head.claims.${SERIAL_MARK}${secret.slice(9)}${secret}`);
  t.equal(clientAddressOf(0), '10.0.0.0');
  t.equal(clientAddressOf(70_000), '10.1.17.112');
});

t.test('each user is read with each token, and must be the right one', async (t) => {
  const server = await standIn();
  const tokens = { 'shared secret': 'a', 'bearer credential': 'b', JWT: 'c' };
  const client = { get: never, post: never, patch: never, total: never };
  const tenant = { server, id: '1', root: '/r', client, userIds: ['u0', 'u1'], tokens };
  const load = readLoad(tenant, ['a', 'b']);
  const asked = [0, 1, 2, 3, 4].map((n) =>
    /^GET (\S+) .*Bearer (\w)/s.exec(load.request(n).toString())?.slice(1),
  );
  const [u0, u1] = ['/r/Users/u0', '/r/Users/u1'];
  t.same(asked, [
    [u0, 'a'],
    [u0, 'b'],
    [u1, 'a'],
    [u1, 'b'],
    [u0, 'a'],
  ]);
  const second = '{"id":"u1","userName":"ada.000000001@contoso.example"}';
  t.equal(load.check(3, 200, second), undefined);
  t.equal(load.check(1, 200, second.replaceAll('1', '0')), undefined);
  t.match(load.check(4, 200, second), /answered/);
  t.match(load.check(3, 401, second), /401/);
});

function never(): Promise<never> {
  return Promise.reject(new Error('not to be asked'));
}

async function serving(t: Test, listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

/** With a Content-Length, by which the client of the flood reads. */
function answer(response: ServerResponse, status: number, body: string): void {
  response.statusCode = status;
  response.end(body);
}

function floodOf(port: number): FloodOptions {
  return {
    port,
    path: '/Users/1',
    token: `wrong-${SERIAL_MARK}`,
    ownAddresses: true,
    expected: [401, 429],
    perSecond: 100,
    connections: 2,
    seconds: 1,
    patienceMs: 30_000,
    first: 1000,
  };
}

const ERROR_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:Error';

function refusal(status: number): string {
  return JSON.stringify({ schemas: [ERROR_SCHEMA], status: String(status), detail: 'no' });
}

t.test('a flood sends another token from another address each time', async (t) => {
  const seen = new Set<string>();
  const port = await serving(t, ({ headers }, response) => {
    seen.add(`${headers.authorization ?? ''} ${String(headers['x-forwarded-for'])}`);
    const status = seen.size <= 10 ? 401 : 429;
    answer(response, status, refusal(status));
  });
  const flood = await startFlood(floodOf(port));
  const { statuses, wrong, unanswered } = await flood.ended();
  t.same(statuses, { 401: 10, 429: 90 });
  t.same({ wrong, unanswered, seen: seen.size }, { wrong: 0, unanswered: 0, seen: 100 });
  t.ok(seen.has('Bearer wrong-000001000 10.0.3.232'));
});

t.test('a wrong token that is let in is noticed, and a refusal that is none of SCIM', async (t) => {
  let asked = 0;
  const lenient = await serving(t, (_request, response) => {
    asked += 1;
    const status = asked === 90 ? 200 : 401;
    answer(response, status, status === 200 ? '{}' : refusal(401));
  });
  await t.rejects((await startFlood(floodOf(lenient))).ended(), { message: /flood: 200/ });
  const bare = await serving(t, (_request, response) => answer(response, 401, ''));
  await t.rejects((await startFlood(floodOf(bare))).ended(), { message: /flood: 401/ });
});

t.test('a log that does not hold what its level says is noticed', async (t) => {
  const log: { items: object[]; row: object } = { items: [], row: {} };
  const port = await serving(t, ({ url = '' }, response) => {
    response.end(JSON.stringify(url.includes('?') ? { items: log.items } : log.row));
  });
  const server: Product = { ...(await standIn()), base: `http://127.0.0.1:${port}/scim/v2` };
  const holds = (level: 'off' | 'summary' | 'full') =>
    logHolds({ server, id: '1' }, 'POST', level, 0);
  await t.resolves(holds('off'));
  log.items = [{ id: '7' }];
  log.row = { id: '7', requestHeaders: null };
  await t.resolves(holds('summary'));
  await t.rejects(holds('off'), { message: /the log has summary/ });
  log.row = { id: '7', requestHeaders: {} };
  await t.resolves(holds('full'));
  await t.rejects(holds('summary'), { message: /the log has full/ });
});

/** Only for its fields. */
async function standIn(): Promise<Product> {
  const server = await startStandIn(undefined);
  await server.stop();
  return server;
}
