/** An open loop tells of a server that stands still as its clients would, not as its few requests do. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import t, { type Test } from 'tap';
import { saturated } from '../../bench/client-load.ts';
import type { Load } from '../../bench/drive.ts';
import { driveOpenLoop } from '../../bench/open-loop.ts';
import { CLIENT_LATE_MS, elapsedUs, OpenLoopClock } from '../../bench/open-loop-clock.ts';

const REQUEST = 'GET / HTTP/1.1\r\nHost: test\r\n\r\n';

/** @returns the port */
async function listening(t: Test, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

/** One connection; every answer takes a tenth of a millisecond, but one takes `stallMs`. */
function simulated(count: number, stallAt: number, stallMs: number): number[] {
  const clock = new OpenLoopClock(0, 1000, count);
  const times: number[] = [];
  let nowMs = 0;
  while (clock.remaining > 0) {
    const departure = clock.depart(nowMs);
    if (departure === undefined) {
      nowMs = clock.dueMs(clock.departed);
      continue;
    }
    nowMs += departure.n === stallAt ? stallMs : 0.1;
    times.push(elapsedUs(departure.dueMs, nowMs) / 1000);
    clock.becameFree(nowMs);
  }
  return times;
}

t.test('a stall counts in all requests that were due meanwhile', async (t) => {
  const times = simulated(1000, 100, 200);
  t.equal(times.length, 1000);
  const slow = times.filter((ms) => ms > 10);
  t.ok(slow.length > 190, `${slow.length} requests, not one`);
  t.equal(Math.max(...times), 200);
  t.ok((times[200] ?? 0) > 100, 'what was due in the middle waited for half of it');
  t.ok((times[999] ?? 0) < 1, 'and the queue was worked off');
});

t.test('requests leave when they are due, and no earlier', async (t) => {
  const clock = new OpenLoopClock(1000, 100, 3);
  t.equal(clock.depart(999), undefined);
  t.same(clock.depart(1000), { n: 0, dueMs: 1000 });
  t.equal(clock.depart(1009), undefined);
  t.same(clock.depart(1010), { n: 1, dueMs: 1010 });
  t.same(clock.depart(1500), { n: 2, dueMs: 1020 });
  t.equal(clock.depart(2000), undefined, 'there are no more');
  t.equal(clock.lateStarts, 1);
  t.equal(clock.latestStartMs, 480);
});

t.test('who is to blame for a late start', async (t) => {
  const slowClient = new OpenLoopClock(0, 1000, 1);
  slowClient.depart(CLIENT_LATE_MS + 1);
  t.equal(slowClient.clientLateStarts, 1, 'a connection was free all the time');
  const slowServer = new OpenLoopClock(0, 1000, 1);
  slowServer.becameFree(CLIENT_LATE_MS + 1);
  slowServer.depart(CLIENT_LATE_MS + 1);
  t.equal(slowServer.lateStarts, 1);
  t.equal(slowServer.clientLateStarts, 0, 'all connections waited for the server');
});

t.test('connections are used in turn: none is left alone until the server closes it', async (t) => {
  const ofConnection = new Map<unknown, number>();
  const server = createServer(({ socket }, response) => {
    ofConnection.set(socket, (ofConnection.get(socket) ?? 0) + 1);
    response.setHeader('Content-Length', '0').end();
  });
  const port = await listening(t, server);
  const load: Load = {
    capacity: Infinity,
    request: () => Buffer.from(REQUEST),
    check: () => undefined,
  };
  const options = { port, perSecond: 200, seconds: 0.2, first: 0, connections: 4 };
  const { answered } = await driveOpenLoop(load, options);
  t.equal(answered, 40);
  t.equal(ofConnection.size, 4);
  t.ok(Math.min(...ofConnection.values()) >= 5, [...ofConnection.values()].join());
});

t.test('figures of a busy client are invalid', async (t) => {
  t.equal(saturated({ clientCpuShare: 0.5 }), undefined);
  t.match(saturated({ clientCpuShare: 0.99 }), /99 % of a core/);
  t.equal(saturated({ clientCpuShare: 0.5, sent: 1000, clientLateStarts: 10 }), undefined);
  t.match(saturated({ clientCpuShare: 0.5, sent: 1000, clientLateStarts: 20 }), /late with 2 %/);
});

t.test('what is never answered is among the times, and complained of', async (t) => {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    if (asked <= 50) response.end('{}');
  });
  const port = await listening(t, server);
  const load: Load = {
    capacity: 100,
    request: () => Buffer.from(REQUEST),
    check: () => undefined,
  };
  const pace = { perSecond: 500, seconds: 0.2, first: 0, patienceMs: 100 };
  const run = await driveOpenLoop(load, { ...pace, port, connections: 5 });
  t.equal(run.answered, 50);
  t.equal(run.sent, 55, 'then every connection waits');
  t.equal(run.openLoop?.unanswered, 50, 'those in flight, and those that never left');
  t.same(run.complaints, ['50 requests were never answered']);
  t.equal(run.wrong, 1);
  t.equal(run.latencyUs.count, 100);
  t.ok(run.latencyUs.max >= 100_000, 'as long as was waited for the last one');
});

t.test('over HTTP every request is sent once, checked, and counted', async (t) => {
  const server = createServer((_request, response) => response.end('{}'));
  const port = await listening(t, server);
  const seen = new Set<number>();
  const load: Load = {
    capacity: 1000,
    request: (n) => {
      seen.add(n);
      return Buffer.from(REQUEST);
    },
    check: (n, status, body) =>
      status === 200 && body === '{}' && n !== 42 ? undefined : `wrong ${n}`,
  };
  const run = await driveOpenLoop(load, {
    port,
    connections: 5,
    perSecond: 500,
    seconds: 0.2,
    first: 10,
    windowSeconds: 0.1,
  });
  t.equal(run.sent, 100);
  t.equal(run.answered, 100);
  t.equal(seen.size, 100);
  t.same([Math.min(...seen), Math.max(...seen)], [10, 109]);
  t.same(run.complaints, ['wrong 42']);
  t.equal(run.openLoop?.unanswered, 0);
  const inWindows = (run.openLoop?.windows ?? []).reduce((sum, { answered }) => sum + answered, 0);
  t.equal(inWindows, 100);
});
