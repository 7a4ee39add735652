/** The dashboard, the alert rules and the page of metrics name what a running server tells. */
import { readFileSync } from 'node:fs';
import t from 'tap';
import { shipped, startBackedUp } from '../support/backed-up-server.ts';
import { entraUser } from '../support/entra.ts';
import { SECRET } from '../support/server.ts';

const ROOT = new URL('../../', import.meta.url);

/** Told only after a drill and after a restore, of which the server of this test has had neither. */
const LATER = /^scimlane_backup_(last_drill|start_restore)_/;

function textOf(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

/** Every series that a text names. */
function namedIn(text: string): string[] {
  return [...new Set(text.match(/\bscimlane_[a-z0-9_]+/g))].sort();
}

/** Every series of a scrape, with the labels it has. */
function seriesOf(scrape: string): Map<string, Set<string>> {
  const series = new Map<string, Set<string>>();
  for (const [, name = '', labels = ''] of scrape.matchAll(/^(scimlane_\w+)(?:\{(.*)\})? \S+$/gm)) {
    const known = series.get(name) ?? new Set();
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) known.add(label);
    series.set(name, known);
  }
  return series;
}

/** `name{label…` of the expressions, where the label is none that Prometheus itself adds. */
function labelsIn(text: string): [name: string, label: string][] {
  const selectors = text.matchAll(/\b(scimlane_[a-z0-9_]+)\{([^}]*)\}/g);
  return [...selectors].flatMap(([, name = '', inside = '']) =>
    [...inside.matchAll(/(\w+)\s*(?:=|!)/g)]
      .map(([, label = '']): [string, string] => [name, label])
      .filter(([, label]) => label !== 'instance'),
  );
}

t.test('what the files name exists, on a server that did a little of everything', async (t) => {
  const { server, scim, admin } = await startBackedUp(t);
  t.equal((await scim.post('/Users', entraUser('ada'))).status, 201);
  t.equal((await scim.get('/Users?filter=displayName%20co%20%22a%22')).status, 200);
  t.equal((await admin.post('/trigger', undefined)).status, 201);
  await shipped(admin);
  const headers = { Authorization: `Bearer ${SECRET}` };
  const scrape = await (await fetch(`${server.origin}/metrics`, { headers })).text();
  const series = seriesOf(scrape);

  for (const path of ['infra/grafana/scimlane.json', 'infra/prometheus/alerts.yml']) {
    const text = textOf(path);
    const names = namedIn(text);
    t.ok(names.length > 10, path);
    t.same(
      names.filter((name) => !series.has(name) && !LATER.test(name)),
      [],
      `${path} names nothing else`,
    );
    const strangers = labelsIn(text).filter(([name, label]) => !series.get(name)?.has(label));
    t.same(strangers, [], `${path} asks for no other label`);
  }

  const page = [...textOf('docs/METRICS.md').matchAll(/^\| `(scimlane_\w+)/gm)];
  const documented = page.map(([, name = '']) => name);
  const ours = [...scrape.matchAll(/^# TYPE (scimlane_\w+)/gm)]
    .map(([, name = '']) => name)
    .filter((name) => !/^scimlane_(process|nodejs)_/.test(name));
  t.same(
    documented.filter((name) => !LATER.test(name)).toSorted(),
    ours.toSorted(),
    'the page lists what there is, and nothing else',
  );
  const later = documented.filter((name) => LATER.test(name));
  t.equal(later.length, 4);
  for (const name of namedIn(textOf('infra/prometheus/alerts.yml'))) {
    if (LATER.test(name)) t.ok(later.includes(name), `${name} is documented`);
  }

  t.match(
    scrape,
    /^scimlane_http_requests_total\{class="resources",method="POST",status="201"\} 1$/m,
  );
  t.match(scrape, /^scimlane_writer_commit_seconds_count [1-9]\d*$/m);
  t.match(scrape, /^scimlane_thread_heap_bytes\{thread="db-worker"\} [1-9]\d*$/m);
  t.match(scrape, /^scimlane_thread_heap_bytes\{thread="backup"\} [1-9]\d*$/m);
  t.match(scrape, /^scimlane_thread_heap_bytes\{thread="filter-1"\} [1-9]\d*$/m);
  t.match(scrape, /^scimlane_filter_run_seconds_count [1-9]\d*$/m);
});

t.test('every panel and every alert asks something, and the files are what they seem', (t) => {
  const dashboard: unknown = JSON.parse(textOf('infra/grafana/scimlane.json'));
  const asked = JSON.stringify(dashboard).match(/"expr":"[^"]/g) ?? [];
  t.ok(asked.length > 20);
  const rules = textOf('infra/prometheus/alerts.yml')
    .split(/^ {6}- alert: /m)
    .slice(1);
  t.ok(rules.length > 10);
  for (const rule of rules) {
    t.match(rule, /^Scimlane\w+\n {8}expr: /);
    t.match(rule, /\n {8}labels: \{ severity: (page|ticket) \}\n {8}annotations:\n {10}summary: '/);
  }
  const names = rules.map((rule) => rule.slice(0, rule.indexOf('\n')));
  t.equal(new Set(names).size, names.length);
  t.end();
});
