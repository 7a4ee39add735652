/**
 * A session as one HTML file without anything from elsewhere: what was measured, where, how, beside
 * which limit. It is read by people who were not there, so the method stands on it.
 */
import { writeFileSync } from 'node:fs';
import type { Environment } from '../environment.ts';
import type { OccasionLine } from '../occasion.ts';
import type { PeerFigures } from '../peers.ts';
import type { ProfilePage } from '../profile/profiler.ts';
import { COLUMNS, limitKey, type ResultLine, shareText, type Shown } from '../report.ts';
import type { Verdict } from '../targets.ts';
import { connectionsSections, occasionsSection, peersSection, profilesSection } from './parts.ts';
import { htmlTable, pageDocument } from './document.ts';
import { sectionOf } from './scenario-section.ts';
import { barPlot, escaped } from './svg.ts';

export interface SessionFigures {
  readonly environment: Environment;
  readonly connectionCounts: readonly number[];
  readonly seconds: number;
  readonly users: number;
  readonly scenarios: readonly Shown[];
  /** The limits beside them, see `limitKey`. */
  readonly limits: ReadonlyMap<string, ResultLine>;
  readonly occasions: readonly OccasionLine[];
  readonly peers: PeerFigures | undefined;
  readonly profiles: readonly ProfilePage[];
  readonly firstAnswerMs: number;
  readonly idleRssMiB: number | null;
  readonly endRssMiB: number | null;
  readonly verdicts: readonly Verdict[];
  /** Targets that this session says nothing about, and why. */
  readonly notJudged: readonly string[];
}

export function writePage(path: string, figures: SessionFigures): void {
  writeFileSync(path, pageOf(figures));
}

/** @returns the HTML */
export function pageOf(figures: SessionFigures): string {
  const { environment, scenarios } = figures;
  const own = scenarios.map(({ line }) => line);
  const sections = scenarios.map(({ line, question }) =>
    sectionOf(line, question, figures.limits.get(limitKey(line))),
  );
  return pageDocument({
    title: `Scimlane bench, ${environment.revision}`,
    heading: 'How fast Scimlane is',
    where: whereOf(figures),
    sections: [
      `<section>
<h2>Share of the limit</h2>
<p>Beside each scenario the same machine does the same without SCIM, in the same minutes with the same client: for reads bare uWebSockets.js with as many bytes, for writes a bare group-commit insert of the same row with full durability.</p>
${sharesOf(own)}
</section>`,
      `<section>
<h2>Figures</h2>
${tableOf(own)}
<p class="note">Server µs is CPU time of all the server's threads for one request, from the kernel: the client, which takes cores of the same machine, cannot touch it. Where the client's own share of a core is near 100 %, it is the client that was measured, and the line says that it is invalid. Late is how many requests of an open loop left more than 2 ms after they were due. Start to the first answer took ${figures.firstAnswerMs} ms with ${figures.users.toLocaleString('en')} users; memory was ${figures.idleRssMiB ?? '–'} MiB idle and ${figures.endRssMiB ?? '–'} MiB after the run.</p>
${verdictsOf(figures.verdicts, figures.notJudged)}
</section>`,
      peersSection(figures.peers, own),
      occasionsSection(figures.occasions),
      connectionsSections(own),
      profilesSection(figures.profiles),
      ...sections,
      methodSection(environment),
    ],
  });
}

function whereOf({ environment, connectionCounts, seconds, users }: SessionFigures): string {
  const { startedAt, revision, node, cores, cpu, kernel } = environment;
  return (
    `${startedAt.slice(0, 16).replace('T', ' ')} UTC · revision ${revision} · Node ${node} · ` +
    `${cores} × ${cpu} · Linux ${kernel} · ${connectionCounts.join(', ')} connections, ${seconds} s each, ` +
    `${users.toLocaleString('en')} users`
  );
}

function sharesOf(lines: readonly ResultLine[]): string {
  const bars = lines
    .filter(({ shareOfLimit }) => shareOfLimit !== null)
    .map((line) => ({
      label: atConnections(line, lines),
      share: line.shareOfLimit ?? 0,
      text: `${shareText(line)} · ${line.perSecond.toLocaleString('en')}/s`,
    }));
  return `<div class="scroll bars">${barPlot('Share of the limit', bars)}</div>`;
}

/** With its connections, where it has run with several. */
function atConnections(line: ResultLine, lines: readonly ResultLine[]): string {
  const runs = lines.filter(({ scenario }) => scenario === line.scenario);
  return runs.length === 1 ? line.scenario : `${line.scenario}, ${line.connections}`;
}

function tableOf(lines: readonly ResultLine[]): string {
  const isWrong = (row: number): boolean => {
    const line = lines[row];
    return line !== undefined && (line.complaints > 0 || line.invalid !== null);
  };
  return htmlTable(
    COLUMNS.map(([title]) => title),
    lines.map((line) => COLUMNS.map(([, text]) => text(line))),
    isWrong,
  );
}

function verdictsOf(verdicts: readonly Verdict[], unjudged: readonly string[]): string {
  const left =
    unjudged.length === 0 ? '' : `<p class="note">Not judged: ${escaped(unjudged.join('; '))}.</p>`;
  if (verdicts.length === 0) return left;
  const rows = verdicts.map(({ scenario, measure, wanted, measured, met, missedBy }) => [
    scenario,
    measure,
    measured,
    wanted,
    met ? 'met' : `missed by ${Math.round(missedBy * 100)} %`,
  ]);
  const titles = ['scenario', 'measure', 'measured', 'wanted', ''];
  const isMissed = (row: number): boolean => verdicts[row]?.met === false;
  return `<h3>Targets</h3>${htmlTable(titles, rows, isMissed)}${left}`;
}

function methodSection({ diskSyncMs }: Environment): string {
  return `<section>
<h2>How this was measured</h2>
<ul>
<li>The server ran as in production, in a process of its own: full durability, the request log on, a token checked.</li>
<li>The client runs on the same machine, one request in flight on each connection: autocannon where the loop is closed, a generator of our own for open loops and for clients that come and go. Every answer was checked, and what was written was read back.</li>
<li>The loop is closed: a slow server is asked less often. Percentiles at full load tell how long the queue is. Only where a line says “open loop” requests leave by the clock, and their times count from when they were due.</li>
<li>The disk needed ${diskSyncMs} ms for one synced write.</li>
<li>Figures of other machines, or of a busy hour, are not to be compared with these.</li>
</ul>
</section>`;
}
