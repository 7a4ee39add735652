import Database from 'better-sqlite3';
import fc from 'fast-check';
import t from 'tap';
import { RequestLog } from './db-worker/request-log.ts';
import { ENTRY, LOG_BOUNDS, MemoryLogFile } from './db-worker/test/log-file.ts';
import { walkLog } from './log-walk.ts';
import { systemClock } from './platform/clock.ts';
import { LogReader } from './sqlite/log-reader.ts';
import { migrate } from './sqlite/migrate.ts';
import { LOG_MIGRATIONS, RequestLogTable } from './sqlite/tables/request-log.ts';
import type { RequestLogEntry } from './store/commands.ts';
import type { LogFilter } from './store/request-logs.ts';

const BOUNDS = { scanRows: 7, scanMs: 60_000 };

function filled(entries: readonly Partial<RequestLogEntry>[]): {
  db: Database.Database;
  table: RequestLogTable;
} {
  const db = new Database(':memory:');
  migrate(db, LOG_MIGRATIONS, 0);
  const table = new RequestLogTable(db);
  for (const entry of entries) table.insert({ ...ENTRY, ...entry });
  return { db, table };
}

const entry = fc.record({
  endpointId: fc.constantFrom(undefined, 'a', 'b'),
  method: fc.constantFrom('GET', 'POST', 'PATCH'),
  status: fc.constantFrom(200, 201, 404, 409, 500),
  // A clock that jumps.
  time: fc.integer({ min: 0, max: 50 }),
  durationMs: fc.integer({ min: 0, max: 9 }),
  target: fc.constantFrom('/scim/v2/Users', '/scim/v2/Groups?x=100%', '/scim/admin/logs', '/Ab_c'),
  who: fc.constantFrom(undefined, 'ada', 'Ada_%', 'grace'),
});
const optional = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(values, { nil: undefined, freq: 2 });
const filter = fc.record({
  endpointId: optional(fc.constantFrom('a', 'b')),
  method: optional(fc.constantFrom('GET', 'POST')),
  status: optional(fc.constantFrom(4, 2, 404)),
  hasError: optional(fc.boolean()),
  since: optional(fc.integer({ min: 0, max: 50 })),
  until: optional(fc.integer({ min: 0, max: 50 })),
  urlContains: optional(fc.constantFrom('users', '_', '%', '/Ab')),
  search: optional(fc.constantFrom('ADA', '_%', 'groups')),
  minDurationMs: optional(fc.integer({ min: 0, max: 9 })),
  hidesAdmin: optional(fc.boolean()),
});

function matches(row: Partial<RequestLogEntry>, by: LogFilter): boolean {
  const { status = 0, time = 0, durationMs = 0, target = '', who = '' } = row;
  const has = (text: string, part: string): boolean =>
    text.toLowerCase().includes(part.toLowerCase());
  return (
    (by.endpointId === undefined || row.endpointId === by.endpointId) &&
    (by.method === undefined || row.method === by.method) &&
    (by.status === undefined ||
      (by.status < 10 ? Math.floor(status / 100) === by.status : status === by.status)) &&
    (by.hasError === undefined || status >= 400 === by.hasError) &&
    time >= (by.since ?? 0) &&
    time <= (by.until ?? Infinity) &&
    (by.urlContains === undefined || has(target, by.urlContains)) &&
    (by.search === undefined || has(target, by.search) || has(who, by.search)) &&
    durationMs >= (by.minDurationMs ?? 0) &&
    !(by.hidesAdmin === true && target.startsWith('/scim/admin'))
  );
}

t.test('pages by number and by place find what a plain look would, in its order', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(entry, { maxLength: 60 }),
      filter,
      fc.integer({ min: 1, max: 9 }),
      fc.array(fc.tuple(fc.nat(60), fc.nat(60)), { maxLength: 2 }),
      async (entries, by, size, zones) => {
        const { db, table } = filled(entries);
        for (const [from, length] of zones) {
          const rows = entries.slice(from, from + length + 1);
          if (rows.length === 0) continue;
          const times = rows.map(({ time }) => time);
          table.insertZone({
            rowMin: from + 1,
            rowMax: from + rows.length,
            timeMin: Math.min(...times),
            timeMax: Math.max(...times),
          });
        }
        const expected = entries.flatMap((row, at) => (matches(row, by) ? [at + 1] : [])).reverse();
        const reader = new LogReader(db, by);
        const page = (before: number | undefined, skip: number) =>
          walkLog(reader, { filter: by, before, skip, limit: size }, BOUNDS, systemClock);
        const walked: number[] = [];
        let before: number | undefined;
        do {
          const found = await page(before, 0);
          walked.push(...found.requests.map(({ row }) => row));
          before = found.next;
        } while (before !== undefined);
        const byNumber: number[] = [];
        for (let skip = 0; skip < expected.length; skip += size) {
          byNumber.push(...(await page(undefined, skip)).requests.map(({ row }) => row));
        }
        db.close();
        t.strictSame(walked, expected);
        t.strictSame(byNumber, expected);
      },
    ),
    { numRuns: 150 },
  );
});

t.test('Entra’s keep-alive probe can be left out', async (t) => {
  const probe = {
    target: '/scim/v2/Users?filter=userName+eq+%22...%22',
    who: '2b9a0c1e-1111-4222-8333-abcdefabcdef',
  };
  const { db } = filled([probe, { ...probe, who: 'ada' }, { ...probe, status: 404 }, {}]);
  const reader = new LogReader(db, { hidesKeepalive: true });
  const query = { filter: { hidesKeepalive: true }, before: undefined, skip: 0, limit: 9 };
  const { requests } = await walkLog(reader, query, BOUNDS, systemClock);
  t.same(
    requests.map(({ row }) => row),
    [4, 3, 2],
  );
});

t.test('time that is up ends a walk where the next one goes on', async (t) => {
  const { db } = filled(Array.from({ length: 100 }, (_, at) => ({ status: at === 0 ? 500 : 200 })));
  const by = { hasError: true };
  const reader = new LogReader(db, by);
  let now = 0;
  const clock = { now: () => (now += 40) };
  let before: number | undefined;
  let walks = 0;
  const found: number[] = [];
  do {
    const query = { filter: by, before, skip: 0, limit: 5 };
    const page = await walkLog(reader, query, { scanRows: 8, scanMs: 100 }, clock);
    found.push(...page.requests.map(({ row }) => row));
    t.equal(page.complete, page.next === undefined);
    before = page.next;
    walks += 1;
  } while (before !== undefined);
  t.same(found, [1]);
  t.ok(walks > 3);
});

t.test('rows of an earlier build stay readable', async (t) => {
  const db = new Database(':memory:');
  migrate(db, LOG_MIGRATIONS.slice(0, 1), 0);
  db.exec(
    "INSERT INTO request_log VALUES (5, 1.5, 'e', 'r', 'GET', '/scim/v2/Users', 200, 0.5, 0, NULL)",
  );
  migrate(db, LOG_MIGRATIONS, 0);
  const table = new RequestLogTable(db);
  t.equal(table.insert(ENTRY), 6);
  const reader = new LogReader(db, { endpointId: 'e' });
  const query = { filter: { endpointId: 'e' }, before: undefined, skip: 0, limit: 9 };
  const { requests } = await walkLog(reader, query, BOUNDS, systemClock);
  t.match(requests, [{ row: 5, time: 1.5, requestId: 'r', durationMs: 0.5, who: undefined }]);
  t.equal(requests[0] && reader.content(requests[0]), undefined);
});

t.test('what the writer notes of times leads past rows of other times', async (t) => {
  const file = new MemoryLogFile();
  const log = new RequestLog(file, LOG_BOUNDS, (line) => t.fail(line));
  for (let n = 0; n < 5000; n += 1) {
    log.add({ ...ENTRY, time: n });
    if (n % 100 === 0) log.flush();
  }
  log.flush();
  const by = { since: 10, until: 20 };
  const reader = new LogReader(file.db, by);
  const passed = reader.passedOver(by);
  t.ok(passed.length >= 3 && passed.every(({ first }) => first > 21));
  const query = { filter: by, before: undefined, skip: 0, limit: 50 };
  const { requests } = await walkLog(reader, query, BOUNDS, systemClock);
  t.equal(requests.length, 11);
});
