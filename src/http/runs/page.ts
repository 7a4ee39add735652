/**
 * A run's report as one page that needs nothing else: no script, no picture, no font from anywhere.
 * Whatever a client sent is text in it and stays text (see `markup.ts`).
 */
import { createHash } from 'node:crypto';
import { html, type Markup, NOTHING } from './markup.ts';
import { PAGE_STYLE } from './page-style.ts';
import type { ReportedRequest, RunEntry, RunReport, RunSource, Timing } from './report.ts';
import { said } from './said.ts';

/** Of a page, in characters: behind them requests are told without headers and bodies. */
const PAGE_CHARS = 32 * 1024 * 1024;

/** Of a target, where it is one of many. */
const TARGET_CHARS = 200;

/** Of `Content-Security-Policy`: the style of the page, and nothing at all besides. */
export function pagePolicy(): string {
  const hash = createHash('sha256').update(PAGE_STYLE).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

export async function* reportPage(report: RunReport, source: RunSource): AsyncGenerator<string> {
  const page = { chars: 0 };
  for await (const piece of piecesOf(report, source, page)) {
    page.chars += piece.length;
    yield piece;
  }
}

/** How much of a page there is up to now. */
interface PageSize {
  readonly chars: number;
}

async function* piecesOf(
  report: RunReport,
  source: RunSource,
  page: PageSize,
): AsyncGenerator<string> {
  const { run, timings, notes, problems, slowest, entries } = report;
  yield html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${run.label} · ${report.endpointName}</title>
      </head>
    </html>`.text;
  yield html`<style>`.text + PAGE_STYLE + html`</style>`.text;
  yield '</head><body><main>';
  yield html`${header(report)} ${notes.map((note) => html`<p class="note">${note}</p>`)}`.text;
  if (entries.length > 0) yield strip(entries).text;
  if (timings.length > 0) yield timingTable(timings).text;
  if (problems.length > 0) {
    yield '<h2>Refused, and why</h2><div class="card"><ul class="why">';
    for await (const each of source.read(problems, false)) yield problemItem(each).text;
    yield '</ul></div>';
  }
  if (slowest.length > 0) yield await slowList(source.read(slowest, false), report.slowMs);
  if (entries.length > 0) yield* everyRequest(entries, source, page);
  yield html`<footer>Scimlane · run ${run.id} · times are UTC</footer>`.text;
  yield '</main></body></html>\n';
}

async function* everyRequest(
  entries: readonly RunEntry[],
  source: RunSource,
  page: PageSize,
): AsyncGenerator<string> {
  yield '<section>';
  yield html`<h2>Every request</h2>
    <input type="checkbox" id="only" />
    <label class="pick" for="only">only those that were refused or failed</label>`.text;
  yield '<div class="card">';
  let left = entries.length;
  for await (const each of source.read(entries, true)) {
    left -= 1;
    yield requestDetails(each, page.chars < PAGE_CHARS).text;
  }
  yield '</div>';
  // Known only now: they went from the log after the first look.
  if (left > 0) yield html`<p class="note">Not in the log any more: ${left} requests.</p>`.text;
  yield '</section>';
}

function header({ run, endpointName, verdict, counts }: RunReport): Markup {
  const { startedAt, endedAt } = run;
  const span =
    endedAt === undefined
      ? 'still running'
      : `${shownTime(endedAt)} · took ${shownSpan(endedAt - startedAt)}`;
  const tile = (name: string, count: number, look: string): Markup =>
    html`<div class="tile ${count === 0 ? '' : look}">
      <b>${count}</b><span class="dim">${name}</span>
    </div>`;
  return html`<header>
    <div class="over">Validator run · ${endpointName}</div>
    <h1>${run.label}</h1>
    <p class="dim">${shownTime(startedAt)} – ${span}</p>
    <div class="verdict ${verdict.state}">${sign(verdict.state)}<span>${verdict.text}</span></div>
    <div class="tiles">
      ${[
        tile('requests', counts.requests, ''),
        tile('succeeded', counts.succeeded, ''),
        tile('refused (4xx)', counts.refused, 'warn'),
        tile('failed (5xx)', counts.failed, 'bad'),
        tile('slow', counts.slow, 'warn'),
      ]}
    </div>
  </header>`;
}

function sign(state: RunReport['verdict']['state']): Markup {
  const path =
    state === 'clean'
      ? 'M10 0a10 10 0 100 20 10 10 0 000-20zm-1.5 14.6l-4.2-4.2 1.5-1.5 2.7 2.7 5.7-5.7 1.5 1.5z'
      : 'M10 0a10 10 0 100 20 10 10 0 000-20zm-1 4.5h2v7H9zm0 9h2v2H9z';
  return html`<svg viewBox="0 0 20 20" aria-hidden="true"><path d="${path}" /></svg>`;
}

/** Requests over time: each a stroke, as high as it took long by the root of its share. */
function strip(entries: readonly RunEntry[]): Markup {
  const first = entries.reduce((min, { time }) => Math.min(min, time), Infinity);
  const last = entries.reduce((max, { time }) => Math.max(max, time), first);
  const span = Math.max(1, last - first);
  const longest = entries.reduce((max, { ms }) => Math.max(max, ms), 0.001);
  const strokes = entries.map((each) => {
    const x = 8 + ((each.time - first) / span) * 980;
    const height = 4 + Math.sqrt(each.ms / longest) * 36;
    return html`<rect
      class="${lookOf(each)}"
      x="${x.toFixed(1)}"
      y="${(44 - height).toFixed(1)}"
      width="3"
      height="${height.toFixed(1)}"
    />`;
  });
  return html`<h2>Over time</h2>
    <div class="card">
      <svg
        class="strip"
        viewBox="0 0 1000 48"
        preserveAspectRatio="none"
        role="img"
        aria-label="requests over time"
      >
        ${strokes}
      </svg>
    </div>`;
}

function timingTable(timings: readonly Timing[]): Markup {
  const slowest = Math.max(0.001, ...timings.map(({ p95Ms }) => p95Ms));
  const rows = timings.map(
    (each) =>
      html`<tr>
        <th scope="row">${each.operation}</th>
        <td>${each.count}</td>
        <td>${each.refused === 0 ? '–' : each.refused}</td>
        <td>${shownMs(each.p50Ms)}</td>
        <td>${shownMs(each.p95Ms)}</td>
        <td>${shownMs(each.maxMs)}</td>
        <td>${bar(Math.sqrt(each.p95Ms / slowest))}</td>
      </tr>`,
  );
  return html`<h2>Timings</h2>
    <div class="card scroll">
      <table>
        <thead>
          <tr>
            <th>Operation</th>
            <th>Requests</th>
            <th>Refused</th>
            <th>Median</th>
            <th>95 %</th>
            <th>Longest</th>
            <th></th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`;
}

function bar(share: number): Markup {
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    <rect class="back" width="100" height="8" />
    <rect width="${Math.max(1, share * 100).toFixed(1)}" height="8" />
  </svg>`;
}

function problemItem({ entry, request }: ReportedRequest): Markup {
  const { meaning, scimType, status, row } = entry;
  const { method, target, detail } = request;
  const why = meaning === undefined ? '' : `${meaning.text} (${meaning.section})`;
  return html`<li class="${lookOf(entry)}">
    <span class="status">${status}${scimType === undefined ? '' : ` ${scimType}`}</span>
    <a class="url" href="#r${row}">${method} ${shortTarget(target)}</a>
    ${detail === undefined ? NOTHING : html`<p>${detail}</p>`}
    <p class="dim">${why}</p>
  </li>`;
}

async function slowList(slowest: AsyncIterable<ReportedRequest>, slowMs: number): Promise<string> {
  const items: Markup[] = [];
  for await (const { entry, request } of slowest) {
    items.push(
      html`<li>
        <b>${shownMs(entry.ms)}</b>
        <a class="url" href="#r${entry.row}">${request.method} ${shortTarget(request.target)}</a>
      </li>`,
    );
  }
  return html`<h2>Slow: more than ${shownMs(slowMs)}</h2>
    <div class="card">
      <ul class="why">
        ${items}
      </ul>
    </div>`.text;
}

/** @param inFull whether there is still room for headers and bodies */
function requestDetails({ entry, request, content }: ReportedRequest, inFull: boolean): Markup {
  const { meaning, status, row, time } = entry;
  const { method, target } = request;
  const look = `${lookOf(entry)}${entry.isSlow ? ' slow' : ''}`;
  const why =
    meaning === undefined
      ? NOTHING
      : html`<p>${request.detail ?? ''}</p>
          <p class="dim">${meaning.text} (${meaning.section})</p>`;
  return html`<details id="r${row}" class="${look}">
    <summary>
      <span class="status">${status}</span><span>${method}</span>
      <span class="url">${shortTarget(target)}</span><span class="ms">${shownMs(entry.ms)}</span>
    </summary>
    <div class="inside">
      <p class="url">${method} ${inFull ? target : shortTarget(target)}</p>
      <p class="dim">${shownTime(time)} · request ${request.requestId}</p>
      ${why}${said(content, inFull)}
    </div>
  </details> `;
}

/** As a person reads it: without what all of a run have before it, and decoded. */
function shortTarget(target: string): string {
  const short = target.replace(/^\/scim(?:\/v2)?(?:\/endpoints\/[^/?]+)?(?=[/?])/, '');
  const shown = decoded(short);
  return shown.length > TARGET_CHARS ? `${shown.slice(0, TARGET_CHARS)}…` : shown;
}

function decoded(target: string): string {
  try {
    return decodeURIComponent(target.replaceAll('+', ' '));
  } catch {
    return target;
  }
}

function lookOf({ status }: RunEntry): 'ok' | 'warn' | 'bad' {
  if (status >= 500) return 'bad';
  return status >= 400 ? 'warn' : 'ok';
}

function shownMs(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return `${ms.toFixed(ms < 10 ? 2 : 0)} ms`;
}

function shownSpan(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  return `${String(minutes)} min ${String(Math.round(seconds - minutes * 60))} s`;
}

function shownTime(time: number): string {
  return new Date(time).toISOString().replace('T', ' ').replace('Z', '').slice(0, 19);
}
