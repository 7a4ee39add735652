/** Clients that come and go each have a connection of their own, and ask what their last answer says. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import t from 'tap';
import { driveVisits, type Ask, type Visit } from '../../bench/visits.ts';

async function startEcho(): Promise<{ port: number; connections: () => number; stop: () => void }> {
  let connections = 0;
  const server = createServer((request, response) => response.end(request.url));
  server.on('connection', () => (connections += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, connections: () => connections, stop: () => void server.close() };
}

const ask = (path: string, expected = path): Ask => ({
  what: `ask ${path}`,
  parts: { method: 'GET', path },
  isRight: (status, body) => status === 200 && body === expected,
});

/** The second request is made of the first one's answer. */
function* visit(n: number): Visit {
  const { body } = yield ask(`/first-${n}`);
  yield ask(`${body}-then`);
}

const OPTIONS = { connections: 3, seconds: 0.05, first: 7 };

t.test('each client has a connection, and all of its requests are counted', async (t) => {
  const server = await startEcho();
  t.teardown(server.stop);
  const run = await driveVisits(visit, { port: server.port, ...OPTIONS });
  t.ok(run.answered >= 6);
  t.equal(run.sent, run.answered);
  t.same(run.complaints, []);
  t.equal(server.connections(), run.answered / 2);
});

t.test('a wrong answer is a complaint', async (t) => {
  const server = await startEcho();
  t.teardown(server.stop);
  function* wrong(n: number): Visit {
    yield ask('/right');
    if (n === 8) yield ask('/wrong', '/other');
  }
  const run = await driveVisits(wrong, { port: server.port, ...OPTIONS });
  t.same(run.complaints, ['ask /wrong: 200 /wrong']);
  t.equal(run.wrong, 1);
});

t.test('a server that is not there is a complaint, and an end', async (t) => {
  const server = await startEcho();
  server.stop();
  const run = await driveVisits(visit, { port: server.port, ...OPTIONS, seconds: 0 });
  t.equal(run.answered, 0);
  const none = await driveVisits(visit, { port: server.port, ...OPTIONS, seconds: 0.02 });
  t.match(none.complaints[0], /ECONNREFUSED/);
});
