/** Only the thread that asks is slowed: neither the main thread nor those that serve the process. */
import { execFileSync } from 'node:child_process';
import { getPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import t from 'tap';

const THREAD = new URL('./test/low-priority-thread.ts', import.meta.url);
const STRIP_CACHE = new URL('../strip-cache.js', import.meta.url);

/** Starts the thread and prints the priorities of all threads while it lives. */
const FRESH_PROCESS = `
  const { Worker } = require('node:worker_threads');
  const { readdirSync, readFileSync } = require('node:fs');
  const worker = new Worker(new URL('${THREAD.href}'), {
    execArgv: ['--import', '${STRIP_CACHE.href}'],
  });
  worker.once('message', (own) => {
    const all = readdirSync('/proc/self/task').map((id) => {
      const stat = readFileSync('/proc/self/task/' + id + '/stat', 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')')).split(' ')[17]);
    });
    console.log(JSON.stringify({ own, all }));
    worker.postMessage('end');
  });
`;

const isLinux = process.platform === 'linux';

t.test('on Linux it is the one thread', { skip: !isLinux && 'not Linux' }, async (t) => {
  const before = getPriority();
  const worker = new Worker(THREAD, { execArgv: ['--import', STRIP_CACHE.href] });
  t.teardown(() => worker.terminate());
  const own = await new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  t.equal(own, Math.max(before, 15));
  t.equal(getPriority(), before);
});

t.test('in a new process too', { skip: !isLinux && 'not Linux' }, async (t) => {
  // libuv starts its threads when they are first needed: here the slowed thread is the first.
  const printed = execFileSync(process.execPath, ['-e', FRESH_PROCESS], { encoding: 'utf8' });
  const { own, all } = JSON.parse(printed) as { own: number; all: number[] };
  t.ok(all.length > 5, 'libuv has its threads');
  const usual = getPriority();
  if (usual >= own) t.pass('the tests themselves run at low priority');
  else t.equal(all.filter((nice) => nice === own).length, 1);
});
