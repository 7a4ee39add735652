/** Runs in the log's file: one at a time for an endpoint, and gone with the last of their requests. */
import Database from 'better-sqlite3';
import t from 'tap';
import { LIMITS } from '../../platform/limits.ts';
import { LogFollower } from '../log-follower.ts';
import { migrate } from '../migrate.ts';
import { LOG_MIGRATIONS, RequestLogTable } from './request-log.ts';
import { changeRun, pruneRuns } from './runs.ts';

const ENTRY = {
  requestId: 'r',
  method: 'GET',
  target: '/',
  requestBytes: 0,
  status: 200,
  durationMs: 1,
  detail: undefined,
};

function log(rows: number): { db: Database.Database; table: RequestLogTable } {
  const db = new Database(':memory:');
  migrate(db, LOG_MIGRATIONS, 0);
  const table = new RequestLogTable(db);
  for (let n = 0; n < rows; n += 1) {
    table.insert({ ...ENTRY, time: n, endpointId: n % 2 === 0 ? 'a' : 'b' });
  }
  return { db, table };
}

const toggle = (endpointId: string, id: string, now: number) =>
  ({ kind: 'toggle', endpointId, id, label: id, now }) as const;

const openOf = (db: Database.Database): string[] =>
  new LogFollower(db)
    .openRuns()
    .map(({ endpointId }) => endpointId)
    .sort();

t.test('a second change ends the run of its endpoint and of no other', (t) => {
  const { db } = log(10);
  const begun = { id: '1', label: '1', startedAt: 5, after: 2, last: undefined };
  t.match(changeRun(db, 2, toggle('a', '1', 5)), { ...begun, endedAt: undefined });
  t.match(changeRun(db, 3, toggle('b', '2', 6)), { id: '2', endedAt: undefined });
  t.same(openOf(db), ['a', 'b']);
  t.match(changeRun(db, 7, toggle('a', '3', 7)), { ...begun, endedAt: 7, last: 7 });
  const follower = new LogFollower(db);
  t.same(openOf(db), ['b']);
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
  pruneRuns(db, table.lastRow, 10);
  t.same(ids(), ['new', 'old', 'running']);
  table.clear(undefined, 4, 100);
  pruneRuns(db, table.lastRow, 10);
  t.same(ids(), ['new', 'running']);
  table.clear(undefined, table.lastRow, 100);
  pruneRuns(db, table.lastRow, 10);
  t.same(ids(), ['running'], 'also with the last of all requests');
  t.end();
});

t.test(
  'a run that nobody ended goes with the last request of its time, whatever its endpoint',
  (t) => {
    const { db, table } = log(3);
    const { runOpenMs } = LIMITS;
    changeRun(db, 3, toggle('gone', 'open', 1));
    const insert = (time: number): void => {
      table.insert({ ...ENTRY, time, endpointId: 'a' });
    };
    insert(1 + runOpenMs);
    insert(2 + runOpenMs);
    const ids = (): string[] => new LogFollower(db).runs('gone', 9).map(({ id }) => id);
    const later = 10 * runOpenMs;
    table.clear(undefined, 3, 100);
    pruneRuns(db, table.lastRow, later);
    t.same(ids(), ['open'], 'a request of its last moment is there');
    table.clear(undefined, 4, 100);
    pruneRuns(db, table.lastRow, later);
    t.same(ids(), []);
    changeRun(db, 5, toggle('gone', 'again', later));
    table.clear(undefined, table.lastRow, 100);
    pruneRuns(db, table.lastRow, later + runOpenMs);
    t.same(ids(), ['again'], 'an empty log is judged by the clock');
    pruneRuns(db, table.lastRow, later + runOpenMs + 1);
    t.same(ids(), []);
    t.end();
  },
);

t.test('a run that is over by itself is not ended by the next change: another one begins', (t) => {
  const { db } = log(3);
  const { runOpenMs } = LIMITS;
  changeRun(db, 1, toggle('a', 'first', 1000));
  changeRun(db, 1, toggle('b', 'other', 1000));
  const next = changeRun(db, 3, toggle('a', 'second', 1000 + runOpenMs));
  t.match(next, { id: 'second', endedAt: undefined });
  const follower = new LogFollower(db);
  t.match(follower.run('a', 'first'), { endedAt: 1000 + runOpenMs, last: 3 });
  t.same(openOf(db), ['a', 'b']);
  t.match(changeRun(db, 3, toggle('b', 'x', 999 + runOpenMs)), { id: 'other', last: 3 });
  t.end();
});
