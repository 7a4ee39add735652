/**
 * Two revisions beside each other as one HTML file: what differs by more than the noise, and for each
 * scenario how long answers took and how steadily they came, the trials of both over each other.
 */
import { writeFileSync } from 'node:fs';
import {
  type Comparison,
  difference,
  type ScenarioComparison,
  type Side,
  shownTrials,
} from '../comparison.ts';
import type { Environment } from '../environment.ts';
import { htmlTable, pageDocument } from './document.ts';
import { latencyPlot, type PlottedRun, throughputPlot } from './plots.ts';
import { escaped } from './svg.ts';

export interface Compared {
  readonly question: string;
  readonly comparison: ScenarioComparison;
}

export interface ComparisonFigures {
  /** Of this tree. */
  readonly environment: Environment;
  readonly revisions: Readonly<Record<Side, string>>;
  /** Measured time of one trial. */
  readonly seconds: number;
  readonly users: number;
  readonly compared: readonly Compared[];
}

export function writeComparisonPage(path: string, figures: ComparisonFigures): void {
  writeFileSync(path, comparisonPageOf(figures));
}

/** @returns the HTML */
export function comparisonPageOf(figures: ComparisonFigures): string {
  const { revisions, compared } = figures;
  return pageDocument({
    title: `Scimlane bench, ${revisions.A} against ${revisions.B}`,
    heading: 'Two revisions against each other',
    where: whereOf(figures),
    sections: [
      `<section>
<h2>What differs</h2>
<p>A is ${escaped(revisions.A)}, B is ${escaped(revisions.B)}. Told is what B has beside A.</p>
<ul>${compared.map(({ comparison }) => summary(comparison)).join('')}</ul>
</section>`,
      ...compared.map((each) => sectionOf(each, revisions)),
      METHOD,
    ],
  });
}

const METHOD = `<section>
<h2>How this was measured</h2>
<ul>
<li>Each trial ran in a fresh process on a fresh copy of its revision's own data, with full durability, the request log on, and a token checked. Every answer was checked.</li>
<li>First A ran twice, then A, B, B, A: the figures are the means of these two each, so that a drift of the machine hits both alike.</li>
<li>The noise is the farthest that two trials of one revision were apart: the two of A before, the two of A and the two of B that are compared. A ratio no farther from 1 says nothing.</li>
<li>Both ran with the packages that are installed now. Server µs is CPU time of all the server's threads for one request.</li>
</ul>
</section>`;

function whereOf({ environment, seconds, users }: ComparisonFigures): string {
  const { startedAt, node, cores, cpu, kernel, diskSyncMs } = environment;
  return (
    `${startedAt.slice(0, 16).replace('T', ' ')} UTC · Node ${node} · ${cores} × ${cpu} · ` +
    `Linux ${kernel} · disk sync ${diskSyncMs} ms · ${seconds} s a trial, ` +
    `${users.toLocaleString('en')} users`
  );
}

function summary({ scenario, measures, trials }: ScenarioComparison): string {
  const differing = measures.flatMap((each) => {
    const told = difference(each);
    return told === undefined ? [] : [`${each.measure} ${told}`];
  });
  const within = measures.length - differing.length;
  const rest = within === measures.length ? 'all within the noise' : 'the rest within the noise';
  const told = [...differing, ...(within === 0 ? [] : [rest])].join('; ');
  const invalid = invalidTrials(trials).length === 0 ? '' : ' Trials are invalid, see below.';
  return `<li><strong>${escaped(scenario)}</strong>: ${escaped(told)}.${invalid}</li>`;
}

function sectionOf(
  { question, comparison }: Compared,
  revisions: Readonly<Record<Side, string>>,
): string {
  const { scenario, measures, trials } = comparison;
  const runs = plotted(trials);
  const connections = runs[0]?.line.connections;
  return `<section>
<h2>${escaped(question)}</h2>
<p>${escaped(scenario)}, ${connections ?? 0} connections · <span class="key a"></span> A, ${escaped(revisions.A)} <span class="key b"></span> B, ${escaped(revisions.B)} · dashed: the second trial of each</p>
${htmlTable(['measure', 'A', 'B', 'B to A', 'noise', ''], measures.map(measureRow))}
${invalidNote(trials)}
<div class="plots"><figure>${latencyPlot(`Latency of ${scenario}`, runs)}<figcaption>Time to the whole answer, by percentile, logarithmic</figcaption></figure>
<figure>${throughputPlot(`Throughput of ${scenario}`, runs)}<figcaption>Answers per second while each trial ran, in tenths of a second</figcaption></figure></div>
</section>`;
}

/** A below B: what is new is what one looks for. */
function plotted(trials: ScenarioComparison['trials']): PlottedRun[] {
  const shown = shownTrials(trials);
  const runsOf = (side: Side, tone: PlottedRun['tone']): PlottedRun[] =>
    shown[side].map(({ line }, at) => {
      return { name: `${side}, trial ${at + 1}`, tone, isAgain: at > 0, line };
    });
  return [...runsOf('A', 'a'), ...runsOf('B', 'b')];
}

function measureRow(comparison: Comparison): readonly string[] {
  const { measure, a, b, ratio, noise } = comparison;
  return [
    measure,
    figure(a),
    figure(b),
    ratioText(ratio),
    ratioText(noise),
    difference(comparison) ?? 'within the noise',
  ];
}

function invalidNote(trials: ScenarioComparison['trials']): string {
  const told = invalidTrials(trials);
  return told.length === 0
    ? ''
    : `<p class="note"><strong>Invalid:</strong> ${escaped(told.join('; '))}.</p>`;
}

/** Those for the noise too. */
function invalidTrials({ A, B }: ScenarioComparison['trials']): string[] {
  return Object.entries({ A, B }).flatMap(([side, trials]) =>
    trials.flatMap(({ line }, at) =>
      line.invalid === null ? [] : [`run ${at + 1} of ${side}: ${line.invalid}`],
    ),
  );
}

function figure(value: number): string {
  if (Number.isNaN(value)) return '–';
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(1);
}

function ratioText(ratio: number): string {
  return Number.isNaN(ratio) ? '–' : ratio.toFixed(3);
}
