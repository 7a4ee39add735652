/** What a run's report makes of its rows. */
import t from 'tap';
import type { LoggedRequest } from '../../store/request-logs.ts';
import type { RunNow } from '../../store/run-end.ts';
import { loggedRequest } from '../test/logged-request.ts';
import { reportOf, runEntry, type RunReport } from './report.ts';

const RUN: RunNow = {
  id: 'r',
  endpointId: 'e',
  label: 'a run',
  startedAt: 0,
  endedAt: 1,
  after: 0,
  last: 9,
  endedByItself: false,
};

const SLOW_MS = 500;

function report(...rows: readonly Partial<LoggedRequest>[]): RunReport {
  const entries = rows.map((fields, at) => {
    const request = loggedRequest(at + 1, { endpointId: 'e', ...fields });
    return runEntry({ request, content: undefined }, SLOW_MS, true);
  });
  return reportOf({ run: RUN, endpointName: 'acme', entries, slowMs: SLOW_MS, notes: [] });
}

t.test('the verdict follows the worst answer', (t) => {
  t.equal(report().verdict.state, 'empty');
  t.equal(report({}).verdict.state, 'clean');
  t.match(report({}, { status: 404 }).verdict, { state: 'refusals', text: /1 was refused/ });
  const worst = report({ status: 404 }, { status: 500 }, { status: 503 });
  t.match(worst.verdict, { state: 'failures', text: '2 requests failed' });
  t.match(worst.counts, { requests: 3, succeeded: 0, refused: 1, failed: 2 });
  t.end();
});

t.test('timings by operation', (t) => {
  const user = { resourceType: 'User' };
  const rows = Array.from({ length: 100 }, (_, at) => ({ ...user, durationMs: 100 - at }));
  const { timings } = report(
    ...rows,
    { ...user, resourceId: 'x', method: 'PATCH', status: 400 },
    { ...user, resourceId: 'x', durationMs: undefined },
    { method: 'POST', target: '/scim/v2/Users/.search?x', ...user },
    { target: '/scim/v2/Schemas?x' },
  );
  t.match(timings[0], { operation: 'GET User list', count: 100, p50Ms: 50, p95Ms: 95, maxMs: 100 });
  t.same(
    timings.slice(1).map(({ operation, refused }) => [operation, refused]),
    [
      ['PATCH User', 1],
      ['GET User', 0],
      ['SEARCH User', 0],
      ['GET Schemas', 0],
    ],
  );
  t.end();
});

t.test('what was slow, the slowest first', (t) => {
  const { slowest, counts } = report({ durationMs: 500 }, { durationMs: 501 }, { durationMs: 900 });
  t.same(
    slowest.map(({ ms }) => ms),
    [900, 501],
  );
  t.equal(counts.slow, 2);
  t.end();
});

t.test('without a kept answer the status says what a refusal means', (t) => {
  const { entries } = report({ status: 409 }, { status: 418 }, { status: 599 }, {});
  t.match(entries[0]?.meaning?.section, /7644/);
  t.match(entries[1]?.meaning?.section, /3\.12/);
  t.match(entries[2]?.meaning?.text, /defect/);
  t.equal(entries[3]?.meaning, undefined);
  t.end();
});
