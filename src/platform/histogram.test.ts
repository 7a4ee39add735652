import t from 'tap';
import { Histogram } from './histogram.ts';
import { renderFamilies } from './metrics-text.ts';

t.test('each value is in the first bucket that holds it, the bound included', (t) => {
  const histogram = new Histogram([1, 2]);
  for (const value of [0, 1, 1.5, 2, 3, 100]) histogram.observe(value);
  t.same(histogram.sample({ a: 'b' }), {
    labels: { a: 'b' },
    bounds: [1, 2],
    counts: [2, 2, 2],
    sum: 107.5,
  });
  t.end();
});

t.test('buckets are told cumulatively, the last is all of them', (t) => {
  const histogram = new Histogram([0.5, 2]);
  for (const value of [0.1, 1, 1, 9]) histogram.observe(value);
  const samples = [histogram.sample({ class: 'list' })];
  const family = { name: 'x_seconds', kind: 'histogram', help: 'Of a\ntest.', samples } as const;
  t.equal(
    renderFamilies([family]),
    [
      '# HELP x_seconds Of a\\ntest.',
      '# TYPE x_seconds histogram',
      'x_seconds_bucket{class="list",le="0.5"} 1',
      'x_seconds_bucket{class="list",le="2"} 3',
      'x_seconds_bucket{class="list",le="+Inf"} 4',
      'x_seconds_sum{class="list"} 11.1',
      'x_seconds_count{class="list"} 4',
      '',
    ].join('\n'),
  );
  t.end();
});
