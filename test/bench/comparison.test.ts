/** Two revisions against each other: what is asked of each, what their figures say, and the page. */
import t from 'tap';
import {
  compareOne,
  comparisonTable,
  difference,
  type ScenarioComparison,
  type Side,
  type Trial,
} from '../../bench/comparison.ts';
import { comparisonPageOf } from '../../bench/page/comparison-page.ts';
import type { OpenLoopFigures } from '../../bench/open-loop.ts';
import type { ResultLine } from '../../bench/report.ts';
import { environmentOf, resultLineOf } from './result-line.ts';

const openLoopAt = (perSecond: number): OpenLoopFigures => ({
  perSecond,
  lateStarts: 0,
  clientLateStarts: 0,
  latestStartMs: 0,
  unanswered: 0,
  windows: [],
});

function trialOf(perSecond: number, parts: Partial<ResultLine> = {}): Trial {
  const distribution = [50, 90, 99, 100].map(
    (percentile) => [percentile, percentile * 10] as const,
  );
  const line = resultLineOf({ perSecond, distribution, tenths: [1, perSecond, 3, 2], ...parts });
  return { line, perSecond, serverCpuUs: 20 };
}

/** Each trial of a side has the next of its figures. */
async function comparedOf(
  perSecond: Record<Side, number[]>,
  parts: Partial<ResultLine> = {},
): Promise<ScenarioComparison> {
  const run = async (side: Side): Promise<Trial> => trialOf(perSecond[side].shift() ?? NaN, parts);
  return compareOne('get-user', undefined, run, () => undefined);
}

t.test('two revisions are asked the same, and trials that say nothing are told', async (t) => {
  const rates: (number | undefined)[] = [];
  const said: string[] = [];
  const run = async (side: Side, rate: number | undefined): Promise<Trial> => {
    rates.push(rate);
    const invalid = side === 'B' && rates.length === 4 ? 'the client was busy' : null;
    return trialOf(10, { invalid, openLoop: openLoopAt(rate ?? 5000 + rates.length) });
  };
  const { measures } = await compareOne('mixed', undefined, run, (text) => said.push(text));
  t.same(rates, [undefined, 5001, 5001, 5001, 5001, 5001], 'what A found first');
  t.ok(said.includes('mixed: B is INVALID, the client was busy'));
  t.match(comparisonTable(measures), '1 trials INVALID');
});

t.test(
  'the first two trials are no figures, and any two of one revision are the noise',
  async (t) => {
    const figures = async (A: number[], B: number[]) =>
      (await comparedOf({ A, B })).measures.find(({ measure }) => measure === 'requests/s');
    t.match(await figures([1, 1, 200, 220], [300, 330]), {
      a: 210,
      b: 315,
      ratio: 1.5,
      noise: 1.1,
    });
    t.match(await figures([50, 100, 1, 1], [1, 1]), { ratio: 1, noise: 2 }, 'A against A');
    t.match(
      await figures([1, 1, 300, 100], [200, 200]),
      { ratio: 1, noise: 3 },
      'among those of A',
    );
    t.match(await figures([1, 1, 10, 10], [10, 40]), { ratio: 2.5, noise: 4 }, 'among those of B');
  },
);

t.test('a difference is told beyond the noise only, and whether it is good', async (t) => {
  const common = { scenario: 'x', a: 1, b: 1, noise: 1.05, invalid: 0 };
  const told = (measure: string, ratio: number) => difference({ ...common, measure, ratio });
  t.equal(told('requests/s', 1.04), undefined);
  t.equal(told('requests/s', 0.96), undefined);
  t.equal(told('requests/s', 1.251), '25 % more, better');
  t.equal(told('requests/s', 0.9), '10 % less, worse');
  t.equal(told('p99 µs', 0.918), '8.2 % less, better');
  t.equal(told('server µs', 1.1), '10 % more, worse');
  t.equal(told('server µs', NaN), 'not known here');
});

const pageWith = (...comparisons: ScenarioComparison[]): string =>
  comparisonPageOf({
    environment: environmentOf(),
    revisions: { A: 'abc1234 (HEAD~1)', B: 'def5678+changes' },
    seconds: 5,
    users: 10_000,
    compared: comparisons.map((comparison) => ({ question: 'How <fast>?', comparison })),
  });

t.test(
  'the page has both trials of each over each other, and nothing from elsewhere',
  async (t) => {
    const page = pageWith(await comparedOf({ A: [10, 10, 10, 10], B: [20, 20] }));
    const plots = page.match(/<svg viewBox="0 0 460 240".*?<\/svg>/gs) ?? [];
    t.equal(plots.length, 2, 'latency and throughput');
    for (const plot of plots) {
      for (const tone of ['a', 'b']) {
        t.equal(plot.match(new RegExp(`class="line ${tone}"`, 'g'))?.length, 1);
        t.equal(plot.match(new RegExp(`class="line ${tone} again"`, 'g'))?.length, 1);
      }
      t.notMatch(plot, /NaN|Infinity|undefined/);
    }
    t.notMatch(page, /\b(src|href)=|@import|url\(/);
    t.match(page, 'How &lt;fast&gt;?');
    t.match(page, 'requests/s 100 % more, better; the rest within the noise.');
    t.match(page, '<td>2.000</td><td>1.000</td><td>100 % more, better</td>');
    t.match(page, '<td>1.000</td><td>1.000</td><td>within the noise</td>');
    t.match(page, 'abc1234 (HEAD~1)');
  },
);

t.test('the page names trials that say nothing, of the noise too', async (t) => {
  const busy = await comparedOf({ A: [1, 1, 1, 1], B: [1, 1] }, { invalid: 'the client was busy' });
  const page = pageWith(busy);
  t.match(page, 'run 1 of A: the client was busy');
  t.match(page, 'run 2 of B: the client was busy');
  t.notMatch(pageWith(await comparedOf({ A: [1, 1, 1, 1], B: [1, 1] })), 'nvalid');
});
