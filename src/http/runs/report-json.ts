/** A run's report as JSON. */
import type { JsonObject } from '../../scim/json.ts';
import type { Run } from '../../store/request-logs.ts';
import type { TextParts } from '../../scim/text-parts.ts';
import { shownInFull } from '../logs/shown.ts';
import { LongText } from '../long-text.ts';
import { msOf, type ReportedRequest, type RunReport } from './report.ts';

export function shownRun(run: Run): JsonObject {
  const { id, endpointId, label, startedAt, endedAt } = run;
  return {
    id,
    endpointId,
    label,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: endedAt === undefined ? null : new Date(endedAt).toISOString(),
    isRunning: endedAt === undefined,
  };
}

/** Others have their turn while it is written. */
export async function reportJson(report: RunReport): Promise<TextParts> {
  const { run, endpointName, verdict, counts, slowMs, timings, slowest, requests, notes } = report;
  const problems = requests.filter(({ meaning }) => meaning !== undefined);
  const head = {
    run: { ...shownRun(run), endpointName },
    verdict: { ...verdict },
    counts: { ...counts },
    slowMs,
    timings: timings.map((timing) => ({ ...timing })),
    slowest: slowest.map(brief),
    problems: problems.map(problem),
    notes: [...notes],
  };
  const text = new LongText();
  await text.add(`${JSON.stringify(head).slice(0, -1)},"requests":[`);
  for (const [at, each] of requests.entries()) {
    const { operation, isSlow } = each;
    const shown = { operation, isSlow, ...shownInFull(each.request, each.content) };
    await text.add((at === 0 ? '' : ',') + JSON.stringify(shown));
  }
  await text.add(']}');
  return text.end();
}

function brief(each: ReportedRequest): JsonObject {
  const { row, method, target, status } = each.request;
  return { id: String(row), method, url: target, status, durationMs: msOf(each) };
}

function problem(each: ReportedRequest): JsonObject {
  return {
    ...brief(each),
    scimType: each.scimType ?? null,
    detail: each.request.detail ?? null,
    meaning: each.meaning?.text ?? null,
    section: each.meaning?.section ?? null,
  };
}
