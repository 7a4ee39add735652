/** What the bench makes of what it has measured: metrics, memory, shares, plots, a progress bar. */
import t from 'tap';
import { memoryFigures } from '../../bench/memory-watch.ts';
import { batchesBetween, parsedScrape } from '../../bench/metrics-scrape.ts';
import { parseOptions } from '../../bench/options.ts';
import { connectionsPlot, windowsPlot } from '../../bench/page/plots.ts';
import { linePlot } from '../../bench/page/svg.ts';
import { peerRows } from '../../bench/peers.ts';
import { barText } from '../../bench/progress-bar.ts';
import { occasionLine } from '../../bench/occasion.ts';
import { aligned, table } from '../../bench/report.ts';
import { scenarioHash } from '../../bench/scenario-hash.ts';
import { holdsFloor } from '../../bench/short-check.ts';
import { lagged, type Step } from '../../bench/step-load.ts';
import { sessionEnd } from '../../bench/session.ts';
import { resultLineOf } from './result-line.ts';

const metrics = (ones: number, upToTwo: number, all: number): string =>
  [
    '# HELP scimlane_writer_commit_commands Commands in one transaction.',
    `scimlane_writer_commit_commands_bucket{le="1"} ${ones}`,
    `scimlane_writer_commit_commands_bucket{le="2"} ${upToTwo}`,
    `scimlane_writer_commit_commands_bucket{le="+Inf"} ${all}`,
    'scimlane_writer_checkpoints_total{by="thread",outcome="asked"} 3',
    'scimlane_writer_checkpoints_total{by="writer",outcome="done"} 4',
    'scimlane_thread_active_seconds_total{thread="main"} 1.5',
    'scimlane_nodejs_eventloop_lag_p99_seconds 0.012',
  ].join('\n');

t.test('batches are those between two scrapes, each in one class', async (t) => {
  const before = parsedScrape(metrics(5, 5, 6));
  const after = parsedScrape(metrics(15, 35, 46));
  t.same(batchesBetween(before, after), [
    [1, 10],
    [2, 20],
    [null, 10],
  ]);
  t.equal(after.checkpoints, 7);
  t.equal(after.activeSeconds.get('main'), 1.5);
  t.equal(after.loopLagP99Ms, 12);
});

t.test('memory is flat when the end of a run has no more than its second quarter', async (t) => {
  const samples = (mib: (at: number) => number) =>
    Array.from({ length: 100 }, (_, at) => [at, mib(at)] as const);
  t.match(memoryFigures(samples((at) => 200 + Math.min(at, 20))), { flat: true, growth: 0 });
  t.match(memoryFigures(samples((at) => 200 + at)), { flat: false });
  t.equal(memoryFigures([]), undefined, 'nothing is known');
});

t.test('a share below its floor counts when it is so thrice', async (t) => {
  const check = { scenario: { name: 'get-user' }, floor: 0.5 };
  const run = async (...shares: number[]) => {
    const said: string[] = [];
    const holds = await holdsFloor(
      check,
      async () => shares.shift() ?? NaN,
      (line) => said.push(line),
    );
    return { holds, lines: said.length };
  };
  t.same(await run(0.5), { holds: true, lines: 1 });
  t.same(await run(0.4, 0.6), { holds: true, lines: 2 });
  t.same(await run(0.4, 0.4, 0.5), { holds: true, lines: 3 });
  t.same(await run(0.4, 0.4, 0.4), { holds: false, lines: 3 });
  t.same(await run(NaN, NaN, NaN), { holds: false, lines: 3 });
});

t.test('plots hold every point, and shade what else went on', async (t) => {
  const runs = [1, 50, 200].map((connections) => resultLineOf({ connections }));
  const plot = connectionsPlot('create-user', runs);
  t.equal(plot.match(/<path class="line/g)?.length, 3);
  t.notMatch(plot, /NaN|Infinity|undefined/);
  const windows = [0, 60].map((fromSeconds) => ({
    fromSeconds,
    answered: 1,
    p50Us: 1000,
    p99Us: 9000,
  }));
  t.notMatch(windowsPlot('soak', windows), /NaN|Infinity|undefined/);
  const axis = { from: 0, to: 10, title: 's', ticks: [] };
  const bands = [{ kind: 'snapshot', from: 2, to: 40 }];
  const shaded = linePlot('x', axis, axis, [{ name: 'x', tone: 'a', points: [[0, 1]] }], bands);
  const [, width] = /class="band snapshot"[^>]* width="([\d.]+)"/.exec(shaded) ?? [];
  t.ok(Number(width) > 0 && Number(width) < 460, 'cut at the end of the axis');
});

t.test('a wrong start or restore fails the session too', async (t) => {
  const restored = occasionLine('restore', 100_000, [1, 2, 3], undefined, 1);
  t.same(sessionEnd([resultLineOf()], [restored], []), { wrong: 1, missed: 0 });
  t.same(sessionEnd([resultLineOf({ complaints: 2 })], [], []), { wrong: 1, missed: 0 });
});

t.test('the table has the tail, what left late, and a limit that was none', async (t) => {
  const openLoop = {
    perSecond: 5000,
    lateStarts: 1234,
    clientLateStarts: 0,
    latestStartMs: 3,
    unanswered: 0,
    windows: [],
  };
  const line = resultLineOf({ distribution: [[99.9, 54_320]], openLoop, limitInvalid: 'busy' });
  t.match(table([line]), /54\.32 +1,234 .* 50 % LIMIT INVALID/);
  t.notMatch(table([resultLineOf()]), 'INVALID');
});

t.test('a peer that cannot says why, one that can is compared', async (t) => {
  const own = [resultLineOf({ perSecond: 9000 })];
  const scenario = 'create-user';
  const rows = peerRows(
    {
      peers: [],
      lines: [
        { peer: 'one', scenario, line: resultLineOf({ perSecond: 3000 }), cannot: undefined },
        { peer: 'other', scenario, line: undefined, cannot: 'POST user: 400' },
      ],
    },
    own,
  );
  t.match(rows, [
    [scenario, 'Scimlane', '9,000'],
    [scenario, 'one', '3,000', /ms/, '3.0 times'],
    [scenario, 'other', 'cannot: POST user: 400', '–', ''],
  ]);
});

t.test('the bar tells the step, the table lines up', async (t) => {
  t.equal(barText(1, 2, 3, 'x'), `${'░'.repeat(24)} 1/2  3 s  x`);
  t.equal(barText(2, 2, 10, 'x'), `${'█'.repeat(12)}${'░'.repeat(12)} 2/2 10 s  x`);
  t.equal(
    aligned(
      [
        ['a', '1'],
        ['bbb', '22'],
      ],
      1,
    ),
    'a     1\nbbb  22',
  );
});

t.test('a scenario has a hash of its own, a limit has none', async (t) => {
  t.match(scenarioHash('create-user'), /^[0-9a-f]{12}$/);
  t.not(scenarioHash('create-user'), scenarioHash('get-user'));
  t.equal(scenarioHash('limit: echo'), undefined);
});

t.test('steps that need an answer come well after it', async (t) => {
  const step = (what: string): Step => ({
    what,
    request: () => ({ method: 'GET', path: '/' }),
    isRight: () => true,
  });
  const numbered = (what: string) => Array.from({ length: 150 }, (_, at) => step(`${what} ${at}`));
  const order = lagged(numbered('find'), numbered('change')).map(({ what }) => what);
  t.equal(order.length, 300);
  for (let at = 0; at < 150; at += 1) {
    t.ok(order.indexOf(`change ${at}`) - order.indexOf(`find ${at}`) >= 100);
  }
});

t.test('options: several connections, and what is no number', async (t) => {
  t.match(parseOptions(['--connections', '1,50']), { connections: 1, connectionCounts: [1, 50] });
  t.match(parseOptions(['--scenario', 'a,b']), { scenarios: ['a', 'b'] });
  t.match(parseOptions(['--full']), { peers: true, connections: 50 });
  t.throws(() => parseOptions(['--connections', '1,x']), /whole number/);
  t.throws(() => parseOptions(['--rate', '0']), /--rate/);
});
