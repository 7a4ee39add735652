/** Parts of the page that stand there when a session has them: peers, starts, connections, profiles. */
import { OCCASION_TITLES, type OccasionLine, occasionRow } from '../occasion.ts';
import { PEER_TITLES, type PeerFigures, peerRows } from '../peers.ts';
import type { ProfilePage } from '../profile/profiler.ts';
import type { ResultLine } from '../report.ts';
import { htmlTable } from './document.ts';
import { connectionsPlot } from './plots.ts';
import { escaped } from './svg.ts';

export function peersSection(peers: PeerFigures | undefined, own: readonly ResultLine[]): string {
  if (peers === undefined) return '';
  const notes = peers.peers.map(({ name, note }) => `<li>${escaped(name)}: ${escaped(note)}.</li>`);
  return `<section>
<h2>Peers beside us</h2>
<p>Other servers in the same session, with the same client, users and checks. Scimlane keeps its own promises meanwhile: full durability, schema checks, a log of every request.</p>
<ul>${notes.join('')}</ul>
${htmlTable(PEER_TITLES, peerRows(peers, own))}
</section>`;
}

export function occasionsSection(lines: readonly OccasionLine[]): string {
  if (lines.length === 0) return '';
  return `<section>
<h2>Starts and restores</h2>
<p>From the start of the process to its first answer.</p>
${htmlTable(OCCASION_TITLES, lines.map(occasionRow))}
</section>`;
}

/** Of scenarios that ran with several numbers of connections. */
export function connectionsSections(lines: readonly ResultLine[]): string {
  const names = [...new Set(lines.map(({ scenario }) => scenario))];
  const figures = names.flatMap((name) => {
    const runs = lines
      .filter(({ scenario }) => scenario === name)
      .toSorted((one, other) => one.connections - other.connections);
    return runs.length < 2
      ? []
      : [
          `<figure>${connectionsPlot(name, runs)}<figcaption>${escaped(name)}</figcaption></figure>`,
        ];
  });
  if (figures.length === 0) return '';
  return `<section>
<h2>Percentiles against connections</h2>
<p><span class="key a"></span> 50 % <span class="key c"></span> 97.5 % <span class="key b"></span> 99 %</p>
<div class="plots">${figures.join('\n')}</div>
</section>`;
}

export function profilesSection(profiles: readonly ProfilePage[]): string {
  if (profiles.length === 0) return '';
  const items = profiles.map(
    ({ scenario, thread, file }) =>
      `<li><a href="${encodeURIComponent(file)}">${escaped(scenario)}: ${escaped(thread)} thread</a></li>`,
  );
  return `<section>
<h2>Where the time goes</h2>
<p>Flame graphs of the server's threads while the load ran. The profiler slows the server: the figures of this session are no measurements.</p>
<ul>${items.join('')}</ul>
</section>`;
}
