/** A run's report as JSON. */
import type { JsonObject } from '../../scim/json.ts';
import type { Run } from '../../store/request-logs.ts';
import { shownInFull } from '../logs/shown.ts';
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

export function reportJson(report: RunReport): JsonObject {
  const { run, endpointName, verdict, counts, slowMs, timings, slowest, requests, notes } = report;
  const problems = requests.filter(({ meaning }) => meaning !== undefined);
  return {
    run: { ...shownRun(run), endpointName },
    verdict: { ...verdict },
    counts: { ...counts },
    slowMs,
    timings: timings.map((timing) => ({ ...timing })),
    slowest: slowest.map(brief),
    problems: problems.map(problem),
    requests: requests.map((each) => ({
      operation: each.operation,
      isSlow: each.isSlow,
      ...shownInFull(each.request, each.content),
    })),
    notes: [...notes],
  };
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
