/** The log's file as its readers find it: emptied, opened again, begun anew. */
import { rmSync } from 'node:fs';
import t, { type Test } from 'tap';
import { ENTRY } from './db-worker/test/log-file.ts';
import { logPathOf } from './db-worker/log-path.ts';
import { openRequestLog } from './db-worker/open-request-log.ts';
import type { RequestLog } from './db-worker/request-log.ts';
import { SqliteRequestLogs } from './request-logs.ts';

const clock = { now: () => 0 };

interface Rig {
  readonly file: string;
  readonly reader: SqliteRequestLogs;
  /** Closed with the test. */
  readonly open: () => RequestLog;
}

function rig(t: Test): Rig {
  const path = `${t.testdir()}/scimlane.db`;
  const file = logPathOf(path);
  const store = {
    clearLog: async () => Promise.resolve(),
    changeRun: async () => Promise.resolve(undefined),
  };
  const open = (): RequestLog => {
    const log = openRequestLog({ path }, clock, () => undefined);
    t.teardown(() => log.close());
    return log;
  };
  return { file, reader: new SqliteRequestLogs(file, store, clock), open };
}

function write(log: RequestLog, count: number): void {
  for (let n = 0; n < count; n += 1) log.add({ ...ENTRY, endpointId: 'e' });
  log.flush();
}

function keep(log: RequestLog): void {
  log.look();
  while (log.housekeeping(0));
}

t.test('a number is never given twice, and a run never gets other requests', async (t) => {
  const { reader, open } = rig(t);
  const log = open();
  const toggle = (id: string): unknown =>
    log.changeRun({ kind: 'toggle', endpointId: 'e', id, label: id, now: 0 });
  toggle('ended');
  write(log, 10);
  toggle('');
  toggle('running');
  let [upTo, more] = log.clear(undefined, undefined);
  while (more === 1) [upTo, more] = log.clear(undefined, upTo);
  keep(log);
  t.same(
    (await reader.runs('e', 9)).map(({ id }) => id),
    ['running'],
    'gone with its last request',
  );
  log.close();
  const again = open();
  write(again, 1);
  const { requests, last } = await reader.behind(0, 9);
  t.equal(requests[0]?.row, 11);
  t.equal(last, 11);
  t.match(await reader.openRuns(), [{ endpointId: 'e' }]);
  const run = await reader.run('e', 'running');
  t.match(run, { after: 10 });
});

t.test('of rows that grew old, too', async (t) => {
  const { reader, open } = rig(t);
  const log = open();
  write(log, 10);
  log.look();
  while (log.housekeeping(Number.MAX_SAFE_INTEGER));
  t.equal((await reader.behind(0, 9)).last, 0);
  log.close();
  write(open(), 1);
  t.equal((await reader.behind(0, 9)).last, 11);
});

t.test('a file that was begun anew is another one, whatever its inode', async (t) => {
  const { file, reader, open } = rig(t);
  const log = open();
  write(log, 1);
  log.changeRun({ kind: 'toggle', endpointId: 'e', id: 'r', label: 'r', now: 0 });
  const before = await reader.behind(0, 9);
  t.equal((await reader.behind(0, 9)).file, before.file);
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  log.look();
  write(log, 1);
  const after = await reader.behind(0, 9);
  t.equal(after.last, 1);
  t.match(after.file, /^[0-9a-f]{32}$/);
  t.not(after.file, before.file);
  t.same(await reader.openRuns(), [], 'its runs are gone with it');
});
