/** The last day and week of the log in numbers. Keep-alive probes are counted apart. */
import type { JsonObject } from '../../../scim/json.ts';
import { ACTIVITY_TYPES, SEVERITIES } from '../../../store/log-facts.ts';
import type { LogTally } from '../../../store/request-logs.ts';

/** Names that are listed. */
const MOST = 5;

export function summaryOf(tallies: readonly LogTally[], complete: boolean): JsonObject {
  const acts = tallies.filter(({ isKeepalive }) => !isKeepalive);
  const recent = acts.filter(({ isRecent }) => isRecent);
  const ofType = (type: LogTally['type']): number =>
    count(acts.filter((each) => each.type === type));
  const last = Math.max(...tallies.map(({ time }) => time));
  return {
    summary: {
      last24Hours: count(recent),
      lastWeek: count(acts),
      operations: { users: ofType('user'), groups: ofType('group') },
      day: spread(recent),
      week: spread(acts),
      keepalives: {
        last24Hours: count(tallies.filter((each) => each.isKeepalive && each.isRecent)),
        lastWeek: count(tallies.filter(({ isKeepalive }) => isKeepalive)),
      },
      mostChanged: mostChanged(acts),
      lastActivity: tallies.length === 0 ? null : new Date(last).toISOString(),
    },
    complete,
  };
}

function spread(tallies: readonly LogTally[]): JsonObject {
  const countOf = (matches: (tally: LogTally) => boolean): number => count(tallies.filter(matches));
  return {
    total: count(tallies),
    byType: Object.fromEntries(
      ACTIVITY_TYPES.map((type) => [type, countOf((each) => each.type === type)]),
    ),
    bySeverity: Object.fromEntries(
      SEVERITIES.map((severity) => [severity, countOf((each) => each.severity === severity)]),
    ),
  };
}

/** Of the week. Refused requests count too: who is tried again and again is worth a look. */
function mostChanged(tallies: readonly LogTally[]): JsonObject[] {
  const counts = new Map<string, { name: string; type: string; count: number }>();
  for (const { who, type, count } of tallies) {
    if (who === undefined) continue;
    const key = `${type} ${who}`;
    counts.set(key, { name: who, type, count: count + (counts.get(key)?.count ?? 0) });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count).slice(0, MOST);
}

function count(tallies: readonly LogTally[]): number {
  return tallies.reduce((sum, tally) => sum + tally.count, 0);
}
