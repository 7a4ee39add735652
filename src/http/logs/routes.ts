/** Paths of an endpoint's own request log, told as rows and in sentences, and of a row for the operator. */
import type { ScimRoot } from '../routes.ts';

export type LogRoute =
  | {
      readonly kind:
        'logs' | 'logsDownload' | 'logsClear' | 'logsStream' | 'activity' | 'activitySummary';
      readonly root: ScimRoot;
    }
  | { readonly kind: 'log'; readonly root: ScimRoot; readonly row: number };

export interface AdminLogRoute {
  readonly kind: 'adminLog';
  readonly row: number;
}

/** The segments that name them under a root; `Logs` is a resource type like any other. */
const LOGS = 'logs';
const ACTIVITY = 'activity';

/**
 * @param segment behind the root
 * @param last the segment behind that
 * @returns null when the segment is not one of these; undefined when nothing lives behind it
 */
export function logRoute(
  root: ScimRoot,
  segment: string,
  last: string | undefined,
): LogRoute | undefined | null {
  if (segment === ACTIVITY) {
    if (last === undefined) return { kind: 'activity', root };
    return last === 'summary' ? { kind: 'activitySummary', root } : undefined;
  }
  if (segment !== LOGS) return null;
  if (last === undefined) return { kind: 'logs', root };
  if (last === 'download') return { kind: 'logsDownload', root };
  if (last === 'clear') return { kind: 'logsClear', root };
  if (last === 'stream') return { kind: 'logsStream', root };
  const row = rowOf(last);
  return row === undefined ? undefined : { kind: 'log', root, row };
}

/** @param segments behind `/scim/admin/logs` */
export function adminLogRoute([segment, ...more]: readonly string[]): AdminLogRoute | undefined {
  const row = segment === undefined || more.length > 0 ? undefined : rowOf(segment);
  return row === undefined ? undefined : { kind: 'adminLog', row };
}

function rowOf(segment: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(segment) ? Number(segment) : undefined;
}
