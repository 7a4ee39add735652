/** Runs in the log's file: one at a time for an endpoint, and gone with the last of their requests. */
import Database from 'better-sqlite3';
import t from 'tap';
import { LogFollower } from '../log-follower.ts';
import { migrate } from '../migrate.ts';
import { LOG_MIGRATIONS, RequestLogTable } from './request-log.ts';
import { changeRun, pruneRuns } from './runs.ts';

function log(rows: number): { db: Database.Database; table: RequestLogTable } {
  const db = new Database(':memory:');
  migrate(db, LOG_MIGRATIONS, 0);
  const table = new RequestLogTable(db);
  for (let n = 0; n < rows; n += 1) {
    table.insert({
      time: n,
      requestId: 'r',
      endpointId: n % 2 === 0 ? 'a' : 'b',
      method: 'GET',
      target: '/',
      requestBytes: 0,
      status: 200,
      durationMs: 1,
      detail: undefined,
    });
  }
  return { db, table };
}

const toggle = (endpointId: string, id: string, now: number) =>
  ({ kind: 'toggle', endpointId, id, label: id, now }) as const;

t.test('a second change ends the run of its endpoint and of no other', (t) => {
  const { db } = log(10);
  const begun = { id: '1', label: '1', startedAt: 5, after: 2, last: undefined };
  t.match(changeRun(db, 2, toggle('a', '1', 5)), { ...begun, endedAt: undefined });
  t.match(changeRun(db, 3, toggle('b', '2', 6)), { id: '2', endedAt: undefined });
  t.same(new LogFollower(db).endpointsWithRun().sort(), ['a', 'b']);
  t.match(changeRun(db, 7, toggle('a', '3', 7)), { ...begun, endedAt: 7, last: 7 });
  const follower = new LogFollower(db);
  t.same(follower.endpointsWithRun(), ['b']);
  const [run] = follower.runs('a', 9);
  t.match(run, { id: '1', endedAt: 7 });
  const rows = run === undefined ? [] : follower.ofRun(run, run.after, 9);
  t.same(
    rows.map(({ row }) => row),
    [3, 5, 7],
  );
  t.same(run && follower.ofRun(run, 5, 9).map(({ row }) => row), [7]);
  t.equal(follower.run('b', '1'), undefined);
  t.equal(changeRun(db, 9, { kind: 'remove', endpointId: 'b', id: '1' }), undefined);
  t.match(changeRun(db, 9, { kind: 'remove', endpointId: 'a', id: '1' }), { id: '1' });
  t.same(follower.runs('a', 9), []);
  t.end();
});

t.test('a run stays while there is a request of its time, or while it runs', (t) => {
  const { db, table } = log(10);
  changeRun(db, 1, toggle('a', 'old', 1));
  changeRun(db, 4, toggle('a', '', 2));
  changeRun(db, 4, toggle('a', 'new', 3));
  changeRun(db, 8, toggle('a', '', 4));
  changeRun(db, 1, toggle('b', 'running', 4));
  const ids = (): string[] =>
    ['a', 'b'].flatMap((id) => new LogFollower(db).runs(id, 9).map((run) => run.id));
  pruneRuns(db, table.lastRow);
  t.same(ids(), ['new', 'old', 'running']);
  table.clear(undefined, 4, 100);
  pruneRuns(db, table.lastRow);
  t.same(ids(), ['new', 'running']);
  table.clear(undefined, table.lastRow, 100);
  pruneRuns(db, table.lastRow);
  t.same(ids(), ['running'], 'also with the last of all requests');
  t.end();
});
