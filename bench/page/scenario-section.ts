/** One scenario on the page: its figures, how long answers took, how steadily they came. */
import { invalidText, ms, msAt, type ResultLine } from '../report.ts';
import { latencyPlot, memoryPlot, type PlottedRun, throughputPlot, windowsPlot } from './plots.ts';
import { escaped } from './svg.ts';

export function sectionOf(
  line: ResultLine,
  question: string,
  limit: ResultLine | undefined,
): string {
  const beside =
    limit === undefined
      ? ''
      : ` <span class="key b"></span> ${escaped(limit.scenario)}, ${limit.perSecond.toLocaleString('en')}/s`;
  const own: PlottedRun = { name: line.scenario, tone: 'a', line };
  const runs: PlottedRun[] =
    limit === undefined ? [own] : [own, { name: limit.scenario, tone: 'b', line: limit }];
  const windows = line.openLoop?.windows ?? [];
  const windowsFigure =
    windows.length < 2
      ? ''
      : `<figure>${windowsPlot(line.scenario, windows)}<figcaption>Time to the answer, stretch by stretch: 50 % and 99 %</figcaption></figure>`;
  const memoryFigure =
    line.memory === null
      ? ''
      : `<figure>${memoryPlot(line.memory.samples)}<figcaption>Resident memory: ${line.memory.flat ? 'flat' : 'NOT FLAT'}, ${Math.round(line.memory.growth * 100)} % more in the last quarter than in the second</figcaption></figure>`;
  return `<section>
<h2>${escaped(question)}</h2>
<p><span class="key a"></span> ${escaped(line.scenario)}, ${line.connections} connections, ${line.perSecond.toLocaleString('en')}/s, p99 ${ms(line.p99Us)} ms, p99.9 ${msAt(line, 99.9)} ms${beside}</p>
${notes(line, limit)}
<div class="plots"><figure>${latencyPlot(`Latency of ${line.scenario}`, runs)}<figcaption>Time to the whole answer, by percentile, logarithmic</figcaption></figure>
<figure>${throughputPlot(`Throughput of ${line.scenario}`, [own], line.marks)}<figcaption>Answers per second while it ran, in tenths of a second${marked(line)}</figcaption></figure>${windowsFigure}${memoryFigure}</div>
</section>`;
}

function marked({ marks }: ResultLine): string {
  const kinds = new Set(marks.map(({ kind }) => kind));
  return kinds.size === 0 ? '' : `; shaded: ${[...kinds].map((kind) => `${kind}s`).join(' and ')}`;
}

function notes(line: ResultLine, limit: ResultLine | undefined): string {
  const { openLoop, server } = line;
  const invalid = invalidText(line);
  const limitInvalid = limit === undefined ? undefined : invalidText(limit);
  const told = [
    ...(invalid === undefined ? [] : [`<strong>Invalid:</strong> ${escaped(invalid)}.`]),
    ...(limitInvalid === undefined
      ? []
      : [`<strong>The limit is invalid:</strong> ${escaped(limitInvalid)}.`]),
    ...(openLoop === null
      ? []
      : [
          `Open loop at ${openLoop.perSecond.toLocaleString('en')}/s; ${openLoop.lateStarts.toLocaleString('en')} requests left late, the latest by ${openLoop.latestStartMs} ms; ${openLoop.unanswered} unanswered.`,
        ]),
    ...(server === null ? [] : [serverNote(server)]),
  ];
  return told.length === 0 ? '' : `<p class="note">${told.join(' ')}</p>`;
}

function serverNote(server: NonNullable<ResultLine['server']>): string {
  const commits = server.batches.reduce((sum, [, count]) => sum + count, 0);
  const sizes = server.batches
    .filter(([, count]) => count > 0)
    .map(
      ([upTo, count]) => `${upTo === null ? 'more' : `≤ ${upTo}`}: ${percentOf(count, commits)}`,
    );
  const threads = Object.entries(server.threadShares)
    // A filter worker waits inside a call: for the event loop that is work.
    .filter(([name, share]) => share >= 0.01 && !name.startsWith('filter'))
    .map(([name, share]) => `${escaped(name)} ${Math.round(share * 100)} %`);
  return [
    `Threads at work: ${threads.join(', ') || 'none'}.`,
    ...(commits === 0
      ? []
      : [
          `${commits.toLocaleString('en')} commits, by their commands ${sizes.join(', ')}.`,
          `WAL file ${server.walFileMiB} MiB long, ${server.checkpoints} checkpoints.`,
        ]),
  ].join(' ');
}

function percentOf(count: number, all: number): string {
  return `${Math.round((count / all) * 100)} %`;
}
