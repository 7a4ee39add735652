import { EventEmitter, once } from 'node:events';
import { Worker } from 'node:worker_threads';
import t from 'tap';
import type { MetricFamily } from './metrics.ts';
import { ThreadMetrics } from './thread-metrics.ts';

const IDLE = 'setInterval(() => {}, 1000)';

function threadsOf(family: MetricFamily | undefined): unknown[] {
  return family?.samples.map(({ labels }) => labels['thread']) ?? [];
}

t.test('each thread that lives is told by name, with its memory', async (t) => {
  const events = new EventEmitter();
  const metrics = new ThreadMetrics(events);
  const options = [{ eval: true, name: 'db-worker' }, { eval: true }, { eval: true }];
  const workers = options.map((each) => new Worker(IDLE, each));
  t.teardown(async () => Promise.all(workers.map((worker) => worker.terminate())));
  for (const worker of workers) events.emit('worker', worker);
  await Promise.all(workers.map((worker) => once(worker, 'online')));
  const [active, heap, external] = await metrics.families();
  const names = ['main', 'db-worker', 'filter-1', 'filter-2'];
  for (const family of [active, heap, external]) t.same(threadsOf(family), names);
  for (const { value } of heap?.samples ?? []) t.ok(value > 1e5, String(value));

  const [gone] = workers;
  if (gone === undefined) return t.fail('there are workers');
  const ended = once(gone, 'exit');
  await gone.terminate();
  await ended;
  t.same(threadsOf((await metrics.families())[0]), ['main', 'filter-1', 'filter-2']);
  return undefined;
});
