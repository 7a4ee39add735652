/** A run's report as JSON, and its requests as an HTTP archive. */
import type { JsonObject } from '../../scim/json.ts';
import type { RunNow } from '../../store/run-end.ts';
import { HAR_HEAD, HAR_TAIL, harEntry } from '../logs/har.ts';
import { shownInFull } from '../logs/shown.ts';
import type { ReportedRequest, RunEntry, RunReport, RunSource } from './report.ts';

export function shownRun(run: RunNow): JsonObject {
  const { id, endpointId, label, startedAt, endedAt, endedByItself } = run;
  return {
    id,
    endpointId,
    label,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: endedAt === undefined ? null : new Date(endedAt).toISOString(),
    isRunning: endedAt === undefined,
    endedByItself,
  };
}

export async function* reportJson(report: RunReport, source: RunSource): AsyncGenerator<string> {
  const { run, endpointName, verdict, counts, slowMs, timings, notes } = report;
  const head = {
    run: { ...shownRun(run), endpointName },
    verdict: { ...verdict },
    counts: { ...counts },
    slowMs,
    timings: timings.map((timing) => ({ ...timing })),
  };
  yield `${JSON.stringify(head).slice(0, -1)},"slowest":[`;
  yield* listed(source.read(report.slowest, false), brief);
  yield '],"problems":[';
  yield* listed(source.read(report.problems, false), problem);
  yield `],"notes":${JSON.stringify(notes)},"requests":[`;
  let left = report.entries.length;
  yield* listed(source.read(report.entries, true), ({ entry, request, content }) => {
    const { operation, isSlow } = entry;
    left -= 1;
    return { operation, isSlow, ...shownInFull(request, content) };
  });
  // Known only now: they went from the log after the first look.
  yield left === 0 ? ']}' : `],"requestsGone":${String(left)}}`;
}

export async function* runArchive(
  entries: readonly RunEntry[],
  source: RunSource,
): AsyncGenerator<string> {
  yield HAR_HEAD;
  yield* listed(source.read(entries, true), ({ request, content }) => harEntry(request, content));
  yield HAR_TAIL;
}

async function* listed(
  requests: AsyncIterable<ReportedRequest>,
  shown: (each: ReportedRequest) => JsonObject,
): AsyncGenerator<string> {
  let between = '';
  for await (const each of requests) {
    yield between + JSON.stringify(shown(each));
    between = ',';
  }
}

function brief({ entry, request }: ReportedRequest): JsonObject {
  const { row, status, ms } = entry;
  return { id: String(row), method: request.method, url: request.target, status, durationMs: ms };
}

function problem(each: ReportedRequest): JsonObject {
  const { scimType, meaning } = each.entry;
  return {
    ...brief(each),
    scimType: scimType ?? null,
    detail: each.request.detail ?? null,
    meaning: meaning?.text ?? null,
    section: meaning?.section ?? null,
  };
}
