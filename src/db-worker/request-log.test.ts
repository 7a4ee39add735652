import Database from 'better-sqlite3';
import t from 'tap';
import { LIMITS } from '../platform/limits.ts';
import { migrate } from '../sqlite/migrate.ts';
import { LOG_MIGRATIONS } from '../sqlite/tables/request-log.ts';
import type { RequestLogEntry } from '../store/commands.ts';
import { openRequestLog } from './data-files.ts';
import { logPathOf } from './log-path.ts';
import { RequestLog } from './request-log.ts';
import { writeFileSync, readdirSync } from 'node:fs';

const ENTRY: RequestLogEntry = {
  time: 1.5,
  requestId: 'r',
  endpointId: undefined,
  method: 'GET',
  target: '/scim/v2/Users',
  requestBytes: 0,
  status: 200,
  durationMs: 0.25,
  detail: undefined,
};

function open(): Database.Database {
  const db = new Database(':memory:');
  migrate(db, LOG_MIGRATIONS, 0);
  return db;
}

t.test('rows are written at the flush, in one transaction', async (t) => {
  const db = open();
  const log = new RequestLog(db, (message) => t.fail(message));
  log.add(ENTRY);
  log.add({ ...ENTRY, status: 404, detail: 'no User' });
  t.equal(db.prepare('SELECT count(*) FROM request_log').pluck().get(), 0);
  log.flush();
  t.same(db.prepare('SELECT status, detail FROM request_log ORDER BY row').all(), [
    { status: 200, detail: null },
    { status: 404, detail: 'no User' },
  ]);
});

t.test('a log that cannot be written drops, counts, and reports once', async (t) => {
  const db = open();
  const reports: string[] = [];
  const log = new RequestLog(db, (message) => reports.push(message));
  db.exec('ALTER TABLE request_log RENAME TO gone');
  for (let n = 0; n < 3; n += 1) {
    log.add(ENTRY);
    log.flush();
  }
  t.equal(log.dropped, 3);
  t.equal(reports.length, 1);
  db.exec('ALTER TABLE gone RENAME TO request_log');
  log.add(ENTRY);
  log.flush();
  t.equal(db.prepare('SELECT count(*) FROM request_log').pluck().get(), 1);
  t.equal(reports.length, 2);
});

t.test('the oldest rows go when there are too many', async (t) => {
  const db = open();
  db.prepare(
    "INSERT INTO request_log (row, time, request_id, method, target, status, request_bytes) VALUES (1, 0, 'old', 'GET', '/', 200, 0), (?, 0, 'new', 'GET', '/', 200, 0)",
  ).run(LIMITS.logRowsMax + 10);
  const log = new RequestLog(db, (message) => t.fail(message));
  for (let n = 0; n < LIMITS.logPruneRows; n += 1) log.add(ENTRY);
  log.flush();
  t.equal(db.prepare("SELECT count(*) FROM request_log WHERE request_id = 'old'").pluck().get(), 0);
  t.equal(db.prepare("SELECT count(*) FROM request_log WHERE request_id = 'new'").pluck().get(), 1);
});

t.test('a damaged log file is put aside and begun anew', async (t) => {
  const folder = t.testdir();
  const path = logPathOf(`${folder}/scimlane.db`);
  t.equal(path, `${folder}/scimlane.logs.db`);
  writeFileSync(
    path,
    'this is no database, and long enough to be read as a page header '.repeat(100),
  );
  const reports: string[] = [];
  const db = openRequestLog(path, 42, (message) => reports.push(message));
  t.teardown(() => db.close());
  const log = new RequestLog(db, (message) => t.fail(message));
  log.add(ENTRY);
  log.flush();
  t.equal(db.prepare('SELECT count(*) FROM request_log').pluck().get(), 1);
  t.equal(reports.length, 1);
  t.ok(readdirSync(folder).includes('scimlane.logs.db.damaged-42'));
});
