/** Whose turn it is, who gives up, and what is told of it: the pool with stand-ins for its workers. */
import t, { type Test } from 'tap';
import type { Caller } from '../store/queries.ts';
import { ask } from '../sqlite/test/asks.ts';
import type { ResourceSearch } from '../sqlite/search/run.ts';
import { FilterWorkers, type FilterPoolOptions } from './pool.ts';

/** A client who can go. */
class Client implements Caller {
  go: () => void = () => undefined;
  readonly isGone: boolean;

  constructor(isGone = false) {
    this.isGone = isGone;
  }

  onGone(callback: () => void): void {
    this.go = callback;
    if (this.isGone) callback();
  }
}

t.test('endpoints take turns: one job does not wait for hundreds', async (t) => {
  const pool = open(t, { threads: 1 });
  const first = new Client();
  const blocking = failure(pool.search(blockingSearch(), first));
  const many = Array.from({ length: 100 }, () => pool.stats({ endpoint: 1 }));
  const one = pool.stats({ endpoint: 2 });
  const another = pool.stats({ endpoint: 3 });
  t.match(pool.metrics(), { running: 1, waiting: 102 });
  first.go();
  t.match(await blocking, { code: 'abandoned' });
  t.equal((await one).memberships, 2, 'after the first of the many');
  t.equal((await another).memberships, 3);
  const places = (await Promise.all(many)).map(({ memberships }) => memberships);
  t.strictSame(places, [1, ...Array.from({ length: 99 }, (_, n) => n + 4)]);
});

t.test('a full queue makes room for an endpoint that has nothing in it', async (t) => {
  const pool = open(t, { threads: 1, queueMax: 3 });
  const first = new Client();
  const blocking = failure(pool.search(blockingSearch(), first));
  const many = [1, 2, 3, 4].map(() => failure(pool.stats({ endpoint: 1 })));
  const one = pool.stats({ endpoint: 2 });
  t.match(await many[3], { code: 'overloaded' }, 'found no place');
  t.match(await many[2], { code: 'overloaded' }, 'made room');
  t.match(pool.metrics(), { waiting: 3, sums: { refused: 2 } });
  first.go();
  await blocking;
  t.match(await one, { memberships: 2 });
  t.match(await Promise.all(many.slice(0, 2)), [
    { value: { memberships: 1 } },
    { value: { memberships: 3 } },
  ]);
});

t.test('a client who goes takes his job out of the queue, and others stay', async (t) => {
  const pool = open(t, { threads: 1 });
  const [running, waiting] = [new Client(), new Client()];
  const first = failure(pool.search(blockingSearch(), running));
  const second = failure(pool.search(blockingSearch(), waiting));
  const other = pool.stats({ endpoint: 1 });
  waiting.go();
  t.match(await second, { name: 'StoreError', code: 'abandoned' });
  t.match(pool.metrics(), { running: 1, waiting: 1, sums: { abandoned: 1, ended: 0 } });
  waiting.go();
  running.go();
  t.match(await first, { code: 'abandoned' });
  t.equal((await other).memberships, 1);
  t.match(pool.metrics(), { running: 0, waiting: 0, sums: { abandoned: 2, ended: 2 } });
  running.go();
  t.match(pool.metrics().sums, { abandoned: 2 }, 'an answer was there before he went');
});

t.test('a client who has gone already is not worked for', async (t) => {
  const pool = open(t, { threads: 1 });
  t.match(await failure(pool.search(blockingSearch(), new Client(true))), { code: 'abandoned' });
});

t.test('a job that could not begin before its deadline may be tried again', async (t) => {
  const pool = open(t, { threads: 1, deadlineMs: 10 });
  // Has a deadline of minutes.
  const first = failure(pool.checkConfig({ endpoint: 0, config: '{}' }));
  t.match(await failure(pool.stats({ endpoint: 1 })), { name: 'StoreError', code: 'overloaded' });
  t.match(pool.metrics(), { running: 1, waiting: 0, sums: { refused: 1, expired: 0 } });
  await pool.close();
  t.match(await first, { code: 'unavailable' });
});

t.test('nor is one too expensive that has hardly run when its deadline passes', async (t) => {
  // By this clock no time passes.
  const pool = open(t, { threads: 1, deadlineMs: 10, clock: { now: () => 1000 } });
  t.match(await failure(pool.search(blockingSearch())), { code: 'overloaded' });
  t.match(pool.metrics().sums, { refused: 1, expired: 0 });
});

t.test('an endpoint stays with its worker while that is idle', async (t) => {
  const pool = open(t, { threads: 2 });
  // Two at once start both; each is ready when it has done one that came alone.
  await Promise.all([1, 2].map((endpoint) => pool.stats({ endpoint })));
  const homes = new Set<unknown>();
  for (let endpoint = 1; homes.size < 2; endpoint++) {
    homes.add((await pool.stats({ endpoint })).resources['thread']);
  }
  homes.clear();
  for (let endpoint = 1; endpoint <= 12; endpoint++) {
    const { thread } = (await pool.stats({ endpoint })).resources;
    for (let n = 0; n < 3; n++) {
      t.equal((await pool.stats({ endpoint })).resources['thread'], thread);
    }
    homes.add(thread);
  }
  t.equal(homes.size, 2, 'and endpoints are spread over both');
  const together = await Promise.all([1, 2].map(() => pool.stats({ endpoint: 1 })));
  t.equal(new Set(together.map(({ resources }) => resources['thread'])).size, 2, 'busy: another');
});

t.test('its metrics are sums since the start, and what is now', async (t) => {
  let now = 1000;
  const pool = open(t, { threads: 1, clock: { now: () => now } });
  const client = new Client();
  const blocking = failure(pool.search(blockingSearch(), client));
  const behind = pool.stats({ endpoint: 1 });
  now = 1500;
  client.go();
  await blocking;
  await behind;
  const { times, ...rest } = pool.metrics();
  t.same([times.wait.sum, times.run.sum], [0.5, 0.5]);
  t.strictSame(rest, {
    workers: 1,
    waiting: 0,
    running: 0,
    columnBytes: 1000,
    sums: {
      ended: 2,
      refused: 0,
      expired: 0,
      abandoned: 1,
      deaths: 0,
    },
  });
});

function open(t: Test, options: Partial<FilterPoolOptions>): FilterWorkers {
  const pool = new FilterWorkers({
    path: 'unused',
    threads: 1,
    workerUrl: new URL('./test/counting-worker.ts', import.meta.url),
    onWorkerDeath: (message) => t.fail(message),
    ...options,
  });
  t.teardown(() => pool.close());
  return pool;
}

/** Lasts until it is told to stop. */
function blockingSearch(): ResourceSearch {
  return { ...ask({ count: 10 }), endpoint: 0 };
}

/** What a call is refused with, or its value. */
function failure(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (value) => ({ value }),
    (error: unknown) => error,
  );
}
