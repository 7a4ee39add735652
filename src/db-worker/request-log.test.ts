import Database from 'better-sqlite3';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { NO_ROW, unpackContents } from '../sqlite/request-contents.ts';
import type { RequestContent } from '../store/request-content.ts';
import { type LogChunk, LogPacker } from './log-packer.ts';
import { logPathOf } from './log-path.ts';
import { openRequestLog } from './open-request-log.ts';
import type { LogBounds } from './log-file.ts';
import { RequestLog } from './request-log.ts';
import { ENTRY, LOG_BOUNDS, MemoryLogFile } from './test/log-file.ts';

const DAY_MS = 86_400_000;

function open(bounds: Partial<LogBounds> = {}): {
  file: MemoryLogFile;
  log: RequestLog;
  reports: string[];
} {
  const file = new MemoryLogFile();
  const reports: string[] = [];
  const log = new RequestLog(file, { ...LOG_BOUNDS, ...bounds }, (line) => reports.push(line));
  return { file, log, reports };
}

function content(key: number, endpointId?: string, body = `body ${key}`): RequestContent {
  return {
    key,
    endpointId,
    requestHeaders: '[]',
    requestBody: body,
    responseHeaders: '[["ETag","1"]]',
    responseBody: undefined,
    responseBytes: 7,
  };
}

/** As they come from the main thread. */
function chunks(...contents: readonly RequestContent[]): LogChunk[] {
  const packer = new LogPacker();
  for (const each of contents) packer.add(each);
  return packer.take();
}

/** All that housekeeping has to do, at a time. */
function keep(log: RequestLog, now = 0): void {
  while (log.housekeeping(now));
}

t.test('rows are written at the flush, in one transaction', async (t) => {
  const { file, log } = open();
  log.add(ENTRY);
  log.add({
    ...ENTRY,
    status: 404,
    detail: 'no User',
    who: 'ada',
    credentialId: 'c',
    queueMs: 0.5,
  });
  t.equal(file.count(), 0);
  log.flush();
  t.same(
    file.db
      .prepare('SELECT status, detail, who, credential_id, queue_ms FROM request_log ORDER BY row')
      .all(),
    [
      { status: 200, detail: null, who: null, credential_id: null, queue_ms: null },
      { status: 404, detail: 'no User', who: 'ada', credential_id: 'c', queue_ms: 0.5 },
    ],
  );
});

t.test('contents find their rows, also in a later bundle, a chunk for each endpoint', async (t) => {
  const { file, log } = open();
  log.add({ ...ENTRY, contentKey: 1, endpointId: 'a' });
  log.add(ENTRY);
  log.flush();
  const later = { ...ENTRY, contentKey: 2, endpointId: 'b' };
  const contents = [content(2, 'b'), content(1, 'a'), content(99, 'a'), content(98, 'c')];
  log.addBundle({ rows: [later], chunks: chunks(...contents) }, 0);
  log.flush();
  t.equal(file.count('request_contents'), 0, 'not with the rows, which answers wait for');
  keep(log);
  const kept = file.db
    .prepare<[], { endpoint_id: string; row_min: number; data: Uint8Array }>(
      'SELECT endpoint_id, row_min, data FROM request_contents ORDER BY endpoint_id',
    )
    .all();
  t.same(
    kept.map((chunk) => [chunk.endpoint_id, chunk.row_min]),
    [
      ['a', 1],
      ['b', 3],
    ],
  );
  t.match(unpackContents(kept[0]?.data ?? new Uint8Array()), [
    { row: 1, content: { requestBody: 'body 1', responseBody: undefined, responseBytes: 7 } },
    { row: NO_ROW },
  ]);
  t.equal(log.contentsDropped, 2, 'of rows that nobody knows');
});

t.test('a content never comes to a row whose number was rolled back', async (t) => {
  const { file, log } = open();
  file.db.exec(
    "CREATE TRIGGER refuse BEFORE INSERT ON request_log WHEN new.method = 'BAD' BEGIN SELECT raise(ABORT, 'no'); END",
  );
  log.add({ ...ENTRY, contentKey: 1 });
  log.add({ ...ENTRY, method: 'BAD' });
  log.flush();
  log.add({ ...ENTRY, contentKey: 2 });
  log.addBundle({ rows: [], chunks: chunks(content(1, undefined, 'of another')) }, 0);
  log.flush();
  keep(log);
  t.equal(file.count(), 1);
  t.equal(file.count('request_contents'), 0);
});

t.test(
  'contents that nobody comes to write are dropped and counted, their rows stay',
  async (t) => {
    const { file, log } = open({ waitingBytesMax: 100 });
    const rows = Array.from({ length: 10 }, (_, n) => ({ ...ENTRY, contentKey: n }));
    log.addBundle({ rows, chunks: rows.flatMap((_, n) => chunks(content(n))) }, 0);
    log.flush();
    keep(log);
    t.equal(file.count(), 10);
    t.ok(log.contentsDropped > 4 && log.contentsDropped < 9, `${log.contentsDropped} dropped`);
  },
);

t.test('a log that cannot be written drops, counts, and reports once', async (t) => {
  const { file, log, reports } = open();
  file.db.exec('ALTER TABLE request_log RENAME TO gone');
  for (let n = 0; n < 3; n += 1) {
    log.add(ENTRY);
    log.flush();
  }
  t.equal(log.dropped, 3);
  t.equal(reports.length, 1);
  file.db.exec('ALTER TABLE gone RENAME TO request_log');
  log.add(ENTRY);
  log.flush();
  t.equal(file.count(), 1);
  t.equal(reports.length, 2);
});

t.test('a full disk is waited out', async (t) => {
  const { file, log, reports } = open();
  file.db.pragma('max_page_count = 16');
  for (let n = 0; n < 400; n += 1) {
    log.add({ ...ENTRY, detail: 'x'.repeat(300) });
    log.flush();
  }
  t.ok(log.dropped > 0 && log.dropped < 400);
  file.db.pragma('max_page_count = 100000');
  log.add(ENTRY);
  log.flush();
  t.match(reports, [/cannot be written/, /works again/]);
});

t.test('the oldest rows go when there are too many, with their contents', async (t) => {
  const { file, log } = open({ rowsMax: 50, sliceRows: 10 });
  for (let n = 1; n <= 200; n += 1) {
    log.addBundle({ rows: [{ ...ENTRY, contentKey: n }], chunks: chunks(content(n)) }, 0);
    log.flush();
    keep(log);
  }
  const first = Number(file.db.prepare('SELECT min(row) FROM request_log').pluck().get());
  t.ok(file.count() >= 50 && file.count() <= 60, `${file.count()} rows`);
  t.ok(first > 140);
  const oldest = Number(file.db.prepare('SELECT min(row_max) FROM request_contents').pluck().get());
  t.ok(oldest >= first - 10, 'contents follow within a slice');
});

t.test('the oldest rows go when they take too much, and the room is used again', async (t) => {
  const { file, log } = open({ bytesMax: 256 * 1024, sliceRows: 20 });
  for (let n = 0; n < 2000; n += 1) {
    log.add({ ...ENTRY, detail: 'y'.repeat(1000) });
    log.flush();
    keep(log);
  }
  const bytes = Number(file.db.pragma('page_count', { simple: true })) * 4096;
  t.ok(bytes < 512 * 1024, `${bytes} bytes`);
  t.ok(file.count() > 100);
});

t.test('rows grow old while nothing is written', async (t) => {
  const { file, log } = open({ ageMaxMs: DAY_MS, sliceRows: 3 });
  for (let hour = 0; hour < 10; hour += 1) log.add({ ...ENTRY, time: hour * 3_600_000 });
  log.flush();
  keep(log, DAY_MS);
  t.equal(file.count(), 10);
  log.look();
  keep(log, DAY_MS + 3_600_000 * 4.5);
  t.equal(file.count(), 5);
});

t.test('a clock that goes back neither removes new rows nor stops the log', async (t) => {
  const { file, log } = open({ ageMaxMs: DAY_MS, sliceRows: 100 });
  log.add({ ...ENTRY, time: 100 * DAY_MS, requestId: 'by a wrong clock' });
  log.flush();
  log.add({ ...ENTRY, time: 10 * DAY_MS, requestId: 'old' });
  log.add({ ...ENTRY, time: 11.5 * DAY_MS, requestId: 'new' });
  log.flush();
  log.look();
  keep(log, 12 * DAY_MS);
  t.same(file.db.prepare('SELECT request_id FROM request_log ORDER BY row').pluck().all(), [
    'by a wrong clock',
    'new',
  ]);
});

t.test('a disk that damages every file is not filled up with them', async (t) => {
  const { file, log, reports } = open();
  file.damages = true;
  file.inPlace = false;
  log.look();
  for (let n = 0; n < 20; n += 1) {
    log.add(ENTRY);
    log.flush();
  }
  t.equal(file.putAsides, 1);
  t.equal(log.dropped, 20);
  t.match(reports, [/gone/, /put aside/, /cannot be written/]);
  file.damages = false;
  log.look();
  log.add(ENTRY);
  log.flush();
  t.equal(file.count(), 1);
});

t.test('clearing one endpoint leaves the others, and nothing of its own', async (t) => {
  const { file, log } = open({ sliceRows: 2 });
  for (let n = 1; n <= 12; n += 1) {
    const endpointId = n % 2 === 0 ? 'a' : 'b';
    const rows = [{ ...ENTRY, contentKey: n, endpointId }];
    log.addBundle({ rows, chunks: chunks(content(n, endpointId)) }, 0);
  }
  let [upTo, more] = log.clear('a', undefined);
  log.add({ ...ENTRY, endpointId: 'a' });
  log.flush();
  while (more === 1) [upTo, more] = log.clear('a', upTo);
  const left = "SELECT count(*) FROM request_log WHERE endpoint_id = 'a'";
  t.equal(file.db.prepare(left).pluck().get(), 1, 'what was written meanwhile');
  t.equal(file.count(), 7);
  const kept = file.db.prepare('SELECT DISTINCT endpoint_id FROM request_contents').pluck().all();
  t.same(kept, ['b']);
  [upTo, more] = log.clear(undefined, undefined);
  while (more === 1) [upTo, more] = log.clear(undefined, upTo);
  t.equal(file.count() + file.count('request_contents') + file.count('request_zones'), 0);
});

t.test('a change of runs waits for rows, and for no contents', async (t) => {
  const { file, log } = open();
  log.addBundle({ rows: [{ ...ENTRY, contentKey: 1 }], chunks: chunks(content(1)) }, 0);
  const change = { kind: 'toggle', endpointId: 'a', id: '1', label: '', now: 0 } as const;
  t.match(log.changeRun(change), { after: 1 });
  t.equal(file.count('request_contents'), 0);
  keep(log);
  t.equal(file.count('request_contents'), 1);
});

t.test('a file that cannot be opened is tried again', async (t) => {
  const { file, log, reports } = open();
  file.failOpenWith = new Error('no permission');
  file.inPlace = false;
  log.look();
  log.add(ENTRY);
  log.flush();
  t.equal(log.dropped, 1);
  t.match(reports, [/gone/, /no permission/]);
  file.failOpenWith = undefined;
  log.look();
  log.add(ENTRY);
  log.flush();
  t.equal(file.count(), 1);
});

t.test('on a disk', async (t) => {
  const onDisk = (t: Test): { path: string; folder: string } => {
    const folder = t.testdir();
    return { folder, path: `${folder}/scimlane.db` };
  };
  const rows = (path: string): unknown => {
    const db = new Database(logPathOf(path), { readonly: true });
    try {
      return db.prepare('SELECT count(*) FROM request_log').pluck().get();
    } finally {
      db.close();
    }
  };
  const clock = { now: () => 42 };

  t.test('a damaged file is put aside at the start and begun anew', async (t) => {
    const { path, folder } = onDisk(t);
    t.equal(logPathOf(path), `${folder}/scimlane.logs.db`);
    writeFileSync(logPathOf(path), 'no database, and long enough for a page header '.repeat(200));
    const reports: string[] = [];
    const log = openRequestLog({ path }, clock, (line) => reports.push(line));
    log.add(ENTRY);
    log.flush();
    t.equal(rows(path), 1);
    t.match(reports, [/put aside/]);
    t.ok(readdirSync(folder).includes('scimlane.logs.db.damaged-42'));
    log.close();
  });

  t.test('a file that somebody deletes is begun anew', async (t) => {
    const { path } = onDisk(t);
    const reports: string[] = [];
    const log = openRequestLog({ path }, clock, (line) => reports.push(line));
    log.add(ENTRY);
    log.flush();
    for (const suffix of ['', '-wal', '-shm']) rmSync(logPathOf(path) + suffix, { force: true });
    log.add(ENTRY);
    log.flush();
    log.look();
    log.add(ENTRY);
    log.flush();
    t.equal(rows(path), 1);
    t.match(reports, [/gone/]);
    log.close();
    t.ok(existsSync(logPathOf(path)));
  });

  t.test('damage that shows while it runs is put aside too', async (t) => {
    const { path, folder } = onDisk(t);
    const reports: string[] = [];
    const log = openRequestLog({ path }, clock, (line) => reports.push(line));
    for (let n = 0; n < 50; n += 1) log.add({ ...ENTRY, detail: 'z'.repeat(2000) });
    log.flush();
    log.close();
    const zeros = Buffer.alloc(64 * 1024, 0xff);
    const { openSync, writeSync, closeSync } = await import('node:fs');
    const handle = openSync(logPathOf(path), 'r+');
    writeSync(handle, zeros, 0, zeros.length, 4096 * 2);
    closeSync(handle);
    const again = openRequestLog({ path }, clock, (line) => reports.push(line));
    for (let n = 0; n < 20; n += 1) {
      again.add(ENTRY);
      again.flush();
    }
    t.match(reports, [/damaged/]);
    t.ok(readdirSync(folder).includes('scimlane.logs.db.damaged-42'));
    t.ok(Number(rows(path)) > 10);
    again.close();
  });
});
