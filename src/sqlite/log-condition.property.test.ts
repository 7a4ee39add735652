/** What a filter of the log means in SQL is what it means of one row in memory. */
import Database from 'better-sqlite3';
import fc from 'fast-check';
import t from 'tap';
import type { RequestLogEntry } from '../store/commands.ts';
import { ACTIVITY_TYPES, SEVERITIES } from '../store/log-facts.ts';
import { logMatcher } from '../store/log-match.ts';
import type { LogFilter } from '../store/request-logs.ts';
import { LogReader } from './log-reader.ts';
import { migrate } from './migrate.ts';
import { LOG_MIGRATIONS, RequestLogTable } from './tables/request-log.ts';

const GUID = '2b9a0c1e-1111-4222-8333-ABCDEFabcdef';
const text = fc.constantFrom(undefined, 'ada', 'Ada_%', 'ÄDA', GUID, `${GUID}0`, 'a\\b');

const entry: fc.Arbitrary<RequestLogEntry> = fc.record({
  time: fc.integer({ min: 0, max: 9 }),
  requestId: fc.constantFrom('r', 'R2'),
  endpointId: fc.constantFrom(undefined, 'a', 'b'),
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'PATCH', 'DELETE'),
  target: fc.constantFrom(
    '/scim/v2/Users',
    '/scim/v2/Users?filter=userName+eq+%22x%22',
    '/scim/v2/Users?count=1&filter=x',
    '/scim/v2/Users?nofilter=x',
    '/scim/v2/Users/.search',
    '/scim/v2/Users/.Search',
    '/scim/admin/endpoints',
    '/scim/administrators',
    '/scim/v2/Bulk',
    '/scim/v2/logs',
    '/scim/v2/Logs',
    '/scim/v2/logs?page=1',
    '/scim/v2/logs/1',
    '/scim/v2/logsome',
    '/scim/v2/activity/summary',
    '/api/x',
    '/metrics',
  ),
  requestBytes: fc.constant(0),
  status: fc.constantFrom(200, 201, 204, 304, 400, 401, 403, 404, 409, 499, 500, 503),
  durationMs: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
  detail: text,
  credentialId: text,
  userAgent: text,
  address: text,
  who: text,
  resourceType: fc.constantFrom(undefined, 'User', 'Group', 'Device'),
  resourceId: text,
});

const optional = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(values, { nil: undefined, freq: 2 });

const filter: fc.Arbitrary<LogFilter> = fc.record({
  endpointId: optional(fc.constantFrom('a', 'b')),
  method: optional(fc.constantFrom('GET', 'POST')),
  status: optional(fc.constantFrom(2, 4, 404)),
  hasError: optional(fc.boolean()),
  urlContains: optional(fc.constantFrom('USERS', '_', '%', '\\')),
  since: optional(fc.integer({ min: 0, max: 9 })),
  until: optional(fc.integer({ min: 0, max: 9 })),
  search: optional(fc.constantFrom('ADA', 'äda', '_%', 'R2', '\\')),
  requestId: optional(fc.constantFrom('r', 'R2')),
  minDurationMs: optional(fc.integer({ min: 0, max: 3 })),
  hidesAdmin: optional(fc.boolean()),
  hidesKeepalive: optional(fc.boolean()),
  type: optional(fc.constantFrom(...ACTIVITY_TYPES)),
  severity: optional(fc.constantFrom(...SEVERITIES)),
});

t.test('a row matches in memory as it does in SQL', (t) => {
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 20 }), filter, (entries, by) => {
      const db = new Database(':memory:');
      migrate(db, LOG_MIGRATIONS, 0);
      const table = new RequestLogTable(db);
      for (const each of entries) table.insert(each);
      const range = { first: 1, last: entries.length };
      const all = new LogReader(db, {}).rows(range, 100);
      const matches = logMatcher(by);
      t.strictSame(new LogReader(db, by).rows(range, 100), all.filter(matches));
      db.close();
    }),
    { numRuns: 300 },
  );
  t.end();
});
