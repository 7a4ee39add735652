/** Which cores client and servers get. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import { coresIn, pinningOf, pinningText, placeServer, thisMachine } from '../../bench/pinning.ts';

const four = { cores: 4, allowed: [0, 1, 2, 3], hasTaskset: true };

t.test('with four cores the client has the last, servers the others', async (t) => {
  const apart = { cores: 4, client: '3', eventLoop: '0,1,2', servers: '0,1,2' };
  t.same(pinningOf(four), apart);
  t.match(pinningOf({ ...four, allowed: [8, 9, 14, 15] }), { client: '15', servers: '8,9,14' });
  t.equal(pinningText(apart), 'the client is pinned to core 3, event loops of servers to 0,1,2');
});

t.test('with fewer only event loops are kept from the client', async (t) => {
  const two = { cores: 2, client: '1', eventLoop: '0', servers: '0,1' };
  t.same(pinningOf({ ...four, cores: 2, allowed: [0, 1] }), two);
  t.match(pinningOf({ ...four, cores: 3, allowed: [0, 1, 2] }), {
    client: '2',
    eventLoop: '0,1',
    servers: '0,1,2',
  });
  t.match(pinningText(two), /servers to 0, their other threads to 0,1$/);
});

t.test('with eight the client has two', async (t) => {
  const eight = { ...four, cores: 8, allowed: [0, 1, 2, 3, 4, 5, 6, 7] };
  t.match(pinningOf(eight), { client: '6,7', servers: '0,1,2,3,4,5' });
  t.match(pinningOf({ ...eight, cores: 7, allowed: [0, 1, 2, 3, 4, 5, 6] }), { client: '6' });
});

t.test('nothing is pinned on one core, or without taskset', async (t) => {
  t.equal(pinningOf({ ...four, cores: 1, allowed: [0] }), undefined);
  t.equal(pinningOf({ ...four, allowed: [] }), undefined, 'a system that does not tell');
  t.equal(pinningOf({ ...four, hasTaskset: false }), undefined);
  t.match(pinningText(undefined), /^nothing is pinned/);
});

t.test('the event loop of a process goes elsewhere than its other threads', async (t) => {
  const pinning = pinningOf(thisMachine());
  if (pinning === undefined || pinning.servers === pinning.eventLoop) {
    t.pass('this machine has no two or three cores and taskset');
    return;
  }
  const child = spawn(process.execPath, ['-e', 'console.log(); setInterval(() => {}, 1000)'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  const { pid = 0 } = child;
  // Before it speaks, some of its threads are not there yet.
  await once(child.stdout, 'data');
  placeServer(pid, pinning);
  const cores = readdirSync(`/proc/${pid}/task`).map((thread) => {
    const status = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8');
    const list = /^Cpus_allowed_list:\s+(\S+)$/m.exec(status)?.[1] ?? '';
    return [Number(thread) === pid, coresIn(list).join(',')];
  });
  for (const [isEventLoop, list] of cores) {
    t.equal(list, isEventLoop === true ? pinning.eventLoop : pinning.servers);
  }
});

t.test('cores as the kernel lists them', async (t) => {
  t.same(coresIn('0-3,8,10-11'), [0, 1, 2, 3, 8, 10, 11]);
  t.same(coresIn('5'), [5]);
});
