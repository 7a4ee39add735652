/** What the writer counts, on a writer in this thread. */
import t from 'tap';
import { systemClock } from '../platform/clock.ts';
import { renderFamilies } from '../platform/metrics-text.ts';
import type { BulkUnit, ResourceWrite } from '../store/commands.ts';
import { startWriterInProcess } from './in-process.ts';
import { WriterMetrics, type WriterFamily } from './writer-metrics.ts';

const ENDPOINT = '01890000-0000-7000-8000-00000000ffff';

function createUser(name: string): ResourceWrite {
  return {
    kind: 'create',
    endpointId: ENDPOINT,
    log: undefined,
    type: 'User',
    id: name,
    now: 1,
    document: JSON.stringify({ schemas: [], id: name, userName: name }),
    name,
    externalId: undefined,
    display: name,
    members: undefined,
    secrets: undefined,
  };
}

function valueOf(families: readonly WriterFamily[], series: string): number {
  const line = renderFamilies(families)
    .split('\n')
    .find((each) => each.startsWith(`scimlane_writer_${series} `));
  if (line === undefined) throw new Error(`${series} is not told`);
  return Number(line.split(' ')[1]);
}

t.test('commits are counted with their commands, a bulk with its operations', async (t) => {
  const fail = (fault: unknown): void => void t.fail(String(fault));
  const writer = await startWriterInProcess(
    {
      path: `${t.testdir()}/data.db`,
      synchronous: 'FULL',
      defaultEndpointId: ENDPOINT,
      gate: undefined,
    },
    { warning: fail, damaged: fail, died: fail },
    systemClock,
  );
  t.equal(valueOf(await writer.metrics(), 'commit_seconds_count'), 0);
  await Promise.all(['a', 'b', 'c'].map((name) => writer.write(createUser(name))));
  const units: BulkUnit[] = ['d', 'e', 'f', 'g'].map((name, position) => [
    { position, command: createUser(name), afterwards: undefined, needs: [] },
  ]);
  const bulk = { kind: 'bulk', endpointId: ENDPOINT, log: undefined, count: 4 } as const;
  await writer.writeBulk({ ...bulk, units, failOnErrors: undefined });
  const families = await writer.metrics();
  t.equal(valueOf(families, 'commit_commands_sum'), 7);
  const commits = valueOf(families, 'commit_commands_count');
  t.ok(commits >= 2 && commits <= 4, `${commits} commits`);
  t.equal(valueOf(families, 'commit_seconds_count'), commits);
  t.ok(valueOf(families, 'commit_seconds_sum') > 0);
  t.ok(valueOf(families, 'wal_pages') > 0);
  t.equal(valueOf(families, 'log_rows_dropped_total'), 0);
  t.equal(valueOf(families, 'waiting_calls'), 0);
  await writer.close();
  await t.rejects(writer.metrics(), { code: 'unavailable' });
});

t.test('checkpoints that fail are counted', (t) => {
  const metrics = new WriterMetrics();
  metrics.checkpointFailed();
  metrics.checkpointFailed();
  const families = metrics.families(
    6,
    { pages: 9, checkpointedPages: 4 },
    { beside: 7, here: 3, held: 1 },
    { dropped: 3, contentsDropped: 5 },
  );
  t.equal(valueOf(families, 'checkpoint_failures_total'), 2);
  const checkpoints = families.find(({ name }) => name.endsWith('_checkpoints_total'));
  t.match(checkpoints?.samples, [
    { labels: { by: 'thread', outcome: 'asked' }, value: 7 },
    { labels: { by: 'writer', outcome: 'done' }, value: 2 },
    { labels: { by: 'writer', outcome: 'held' }, value: 1 },
  ]);
  t.equal(valueOf(families, 'repeated_batches_total'), 6);
  t.equal(valueOf(families, 'wal_checkpointed_pages'), 4);
  t.equal(valueOf(families, 'log_rows_failed_total'), 3);
  t.equal(valueOf(families, 'log_contents_failed_total'), 5);
  t.end();
});
