import t from 'tap';
import { RequestMetrics } from './request-metrics.ts';

const NONE = { requests: 0, bytes: 0 };

function countsOf(metrics: RequestMetrics): object[] {
  const [counts] = metrics.families(NONE, 0);
  if (counts?.kind !== 'counter') throw new Error('the first family counts');
  return counts.samples.map(({ labels, value }) => ({ ...labels, value }));
}

t.test('a request is counted by what it was for, not by its endpoint', (t) => {
  const metrics = new RequestMetrics();
  metrics.observe('resources', 'GET', 200, 1);
  metrics.observe('resources', 'GET', 200, 1);
  metrics.observe('resources', 'POST', 201, 1);
  metrics.observe('resources', 'POST', 409, 1);
  metrics.observe('root', 'GET', 200, 1);
  metrics.observe('search', 'POST', 200, 1);
  metrics.observe('schemas', 'GET', 200, 1);
  metrics.observe('adminEndpoints', 'GET', 200, 1);
  t.same(countsOf(metrics), [
    { class: 'resources', method: 'GET', status: '200', value: 2 },
    { class: 'resources', method: 'POST', status: '201', value: 1 },
    { class: 'resources', method: 'POST', status: '409', value: 1 },
    { class: 'search', method: 'GET', status: '200', value: 1 },
    { class: 'search', method: 'POST', status: '200', value: 1 },
    { class: 'discovery', method: 'GET', status: '200', value: 1 },
    { class: 'admin', method: 'GET', status: '200', value: 1 },
  ]);
  t.end();
});

t.test('methods that nobody knows are one series', (t) => {
  const metrics = new RequestMetrics();
  for (let n = 0; n < 100; n += 1) metrics.observe(undefined, `M${n}`, 404, 1);
  t.same(countsOf(metrics), [{ class: 'none', method: 'other', status: '404', value: 100 }]);
  t.end();
});

t.test('times are in seconds, by class and verb', (t) => {
  const metrics = new RequestMetrics();
  metrics.observe('resource', 'GET', 200, 0.4);
  metrics.observe('resource', 'GET', 404, 3000);
  const times = metrics.families(NONE, 0)[1];
  if (times?.kind !== 'histogram') return t.fail('the second family tells times');
  const [sample] = times.samples;
  t.same(sample?.labels, { class: 'resource', method: 'GET' });
  t.same([sample?.counts[0], sample?.counts.at(-2), sample?.sum], [1, 1, 3.0004]);
  return t.end();
});

t.test('what is under way is told too', (t) => {
  const families = new RequestMetrics().families({ requests: 3, bytes: 70 }, 2);
  t.match(families.slice(2), [
    { name: 'scimlane_http_requests_in_flight', samples: [{ value: 3 }] },
    { name: 'scimlane_http_request_bytes_in_flight', samples: [{ value: 70 }] },
    { name: 'scimlane_http_log_followers', samples: [{ value: 2 }] },
  ]);
  t.end();
});
