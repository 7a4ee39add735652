import t from 'tap';
import { Metrics, type MetricFamily, type MetricSource } from './metrics.ts';

const LONG_MS = 60_000;

function family(fields: Partial<MetricFamily> = {}): MetricFamily {
  return {
    name: 'scimlane_test_bytes',
    kind: 'gauge',
    help: 'Of a test.',
    samples: [{ labels: {}, value: 7 }],
    ...fields,
  };
}

function source(name: string, ...families: MetricFamily[]): MetricSource {
  return { name, read: () => Promise.resolve(families) };
}

t.test('the process and the sources are told together', async (t) => {
  const counter = family({ name: 'scimlane_test_total', kind: 'counter' });
  const metrics = new Metrics([source('test', family(), counter)], LONG_MS);
  const text = await metrics.text();
  t.match(text, /^scimlane_process_resident_memory_bytes \d+$/m);
  t.match(text, /^# HELP scimlane_test_bytes Of a test\.$/m);
  t.match(text, /^# TYPE scimlane_test_bytes gauge\nscimlane_test_bytes 7$/m);
  t.match(text, /^# TYPE scimlane_test_total counter\nscimlane_test_total 7$/m);
  t.match(text, /^scimlane_metrics_source_up\{source="test"\} 1$/m);
  t.ok(text.endsWith('\n'));
  const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
  t.equal(new Set(names).size, names.length, 'no metric is told twice');
  t.same(
    names.filter((name) => name?.startsWith('scimlane_') !== true),
    [],
  );
});

t.test('labels are escaped, and for ever is a number', async (t) => {
  const samples = [{ labels: { storage: 'folder C:\\a "b"\nc' }, value: Infinity }];
  const text = await new Metrics([source('test', family({ samples }))], LONG_MS).text();
  t.match(text, 'scimlane_test_bytes{storage="folder C:\\\\a \\"b\\"\\nc"} +Inf\n');
});

t.test('a value that is not known is not told as 0', async (t) => {
  const text = await new Metrics([source('test', family({ samples: [] }))], LONG_MS).text();
  t.notMatch(text, 'scimlane_test_bytes');
});

t.test('a source that fails or hangs takes none of the others with it', async (t) => {
  const failing: MetricSource = { name: 'a', read: () => Promise.reject(new Error('gone')) };
  const hanging: MetricSource = { name: 'b', read: () => new Promise(() => undefined) };
  const text = await new Metrics([failing, hanging, source('c', family())], 20).text();
  t.match(text, /^scimlane_metrics_source_up\{source="a"\} 0$/m);
  t.match(text, /^scimlane_metrics_source_up\{source="b"\} 0$/m);
  t.match(text, /^scimlane_metrics_source_up\{source="c"\} 1$/m);
  t.match(text, /^scimlane_test_bytes 7$/m);
});

t.test('each scrape asks anew, also two at once', async (t) => {
  let value = 0;
  const read = (): Promise<MetricFamily[]> =>
    Promise.resolve([family({ samples: [{ labels: { n: `${(value += 1)}` }, value }] })]);
  const metrics = new Metrics([{ name: 'test', read }], LONG_MS);
  const texts = await Promise.all([metrics.text(), metrics.text()]);
  const told = texts.map((text) => text.match(/^scimlane_test_bytes.*$/gm));
  t.same(told.toSorted(), [['scimlane_test_bytes{n="1"} 1'], ['scimlane_test_bytes{n="2"} 2']]);
});
