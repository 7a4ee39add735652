import t, { type Test } from 'tap';
import type { ResourceSearch } from '../sqlite/search/run.ts';
import { ask } from '../sqlite/test/asks.ts';
import { TestDatabase } from '../sqlite/test/database.ts';
import type { FilterPoolOptions } from './pool.ts';
import { FilterWorkers } from './pool.ts';

t.test('a job is done by a worker, and sees every commit before it', async (t) => {
  const data = new TestDatabase(t);
  const pool = open(t, { path: data.path });
  for (let n = 0; n < 5; n++) {
    data.user(`u${n}`);
    const { result } = await pool.search(searchFor('userName sw "U"'));
    t.equal(result.totalResults, n + 1);
    t.equal(result.resources.at(-1)?.id, `u${n}`);
  }
  const group = data.group('g', [1, 2]);
  t.equal(group, 6);
  const wanted = { endpoint: 1, type: 'Group', links: { base: 'b' } };
  t.match((await pool.get({ ...wanted, id: 'g' }))?.links, /u0.*u1/);
  t.equal(await pool.get({ ...wanted, id: 'nobody' }), undefined);
  t.strictSame(await pool.stats({ endpoint: 1 }), {
    resources: { User: 5, Group: 1 },
    memberships: 2,
  });
});

t.test('an error keeps its class and fields on the way', async (t) => {
  const data = new TestDatabase(t);
  const pool = open(t, { path: data.path });
  t.match(await failure(pool.search(searchFor('nonsense eq "x"'))), {
    name: 'ScimError',
    status: 400,
    scimType: 'invalidFilter',
  });
  t.match(await failure(pool.get({ endpoint: 1, type: 'User', id: 'x', links: undefined })), {
    value: undefined,
  });
});

t.test('a file that cannot be opened fails the job, not the worker', async (t) => {
  const pool = open(t, { path: `${t.testdir()}/not-there.db` });
  t.match(await failure(pool.stats({ endpoint: 1 })), { name: 'Error', message: /unable to open/ });
  t.match(await failure(pool.stats({ endpoint: 1 })), { name: 'Error', message: /unable to open/ });
});

t.test('a full queue refuses at once, and takes more when it has room', async (t) => {
  const pool = open(t, { workerUrl: fixture('obedient-worker'), threads: 1, queueMax: 2 });
  const waiting = [1, 2, 3].map(() => failure(pool.stats({ endpoint: 1 })));
  t.match(pool.metrics(), { running: 1, waiting: 2 });
  t.match(await failure(pool.stats({ endpoint: 1 })), {
    name: 'StoreError',
    code: 'overloaded',
    message: /wait for a filter worker/,
  });
  t.match(pool.metrics(), { running: 1, waiting: 2, sums: { refused: 1 } });
  await pool.close();
  for (const error of await Promise.all(waiting)) t.match(error, { code: 'unavailable' });
  t.match(pool.metrics(), { running: 0, waiting: 0, workers: 0 });
});

t.test('a job is told when its deadline passes', async (t) => {
  const pool = open(t, { workerUrl: fixture('obedient-worker'), deadlineMs: 1 });
  t.match(await failure(pool.stats({ endpoint: 1 })), { message: 'stopped by 1' });
  t.match(pool.metrics().sums, { expired: 1, refused: 0 });
});

t.test('a worker that dies fails its job only, and is replaced', async (t) => {
  const deaths: string[] = [];
  const pool = open(t, {
    workerUrl: fixture('dying-worker'),
    threads: 1,
    onWorkerDeath: (message) => deaths.push(message),
  });
  const behind = pool.stats({ endpoint: 1 });
  t.match(await failure(pool.search(searchFor('userName pr'))), {
    name: 'Error',
    message: 'a filter worker died: worker exited with code: 7',
  });
  t.match(deaths, [/died/]);
  t.equal(deaths.length, 1);
  t.equal((await behind).memberships, 42);
  t.equal((await pool.stats({ endpoint: 1 })).memberships, 42);
  t.match(pool.metrics(), { workers: 1, sums: { deaths: 1, ended: 2 } });
});

t.test('so does one that runs out of memory', async (t) => {
  const deaths: string[] = [];
  const pool = open(t, {
    workerUrl: fixture('greedy-worker'),
    threads: 1,
    heapMib: 16,
    onWorkerDeath: (message) => deaths.push(message),
  });
  t.match(await failure(pool.search(searchFor('userName pr'))), {
    name: 'Error',
    message: /memory limit/,
  });
  t.equal(deaths.length, 1);
  t.equal((await pool.stats({ endpoint: 1 })).memberships, 42);
});

t.test('a worker that does not stop when told to is ended, and is replaced', async (t) => {
  const deaths: string[] = [];
  const pool = open(t, {
    workerUrl: fixture('deaf-worker'),
    threads: 1,
    graceMs: 1,
    onWorkerDeath: (message) => deaths.push(message),
  });
  const first = (await pool.stats({ endpoint: 1 })).resources['thread'];
  let go = (): void => undefined;
  const search = failure(pool.search(searchFor('userName pr'), { onGone: (tell) => (go = tell) }));
  const behind = pool.stats({ endpoint: 1 });
  go();
  t.match(await search, { code: 'abandoned' });
  t.strictSame(deaths, ['a filter worker died: ended, because it did not stop when told to']);
  t.not((await behind).resources['thread'], first);
  t.match(pool.metrics(), { workers: 1, sums: { deaths: 1, abandoned: 1 } });
});

t.test('a close does not wait for a deaf worker either', async (t) => {
  const pool = open(t, { workerUrl: fixture('deaf-worker'), graceMs: 1, onWorkerDeath: () => {} });
  const running = failure(pool.search(searchFor('userName pr')));
  await pool.close();
  t.match(await running, { code: 'unavailable' });
});

t.test('a closed pool refuses; closing twice is no fault', async (t) => {
  const pool = open(t, { path: new TestDatabase(t).path });
  await Promise.all([pool.close(), pool.close()]);
  t.match(await failure(pool.stats({ endpoint: 1 })), { code: 'unavailable' });
});

function open(t: Test, options: Partial<FilterPoolOptions>): FilterWorkers {
  const pool = new FilterWorkers({
    path: 'unused',
    threads: 2,
    onWorkerDeath: (message) => t.fail(message),
    ...options,
  });
  t.teardown(() => pool.close());
  return pool;
}

function fixture(name: string): URL {
  return new URL(`./test/${name}.ts`, import.meta.url);
}

function searchFor(filter: string): ResourceSearch {
  return ask({ filter, count: 10 });
}

/** What a call is refused with, or its value. */
function failure(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (value) => ({ value }),
    (error: unknown) => error,
  );
}
