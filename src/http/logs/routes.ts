/** Paths of an endpoint's own request log, and of a single row for the operator. */
import type { ScimRoot } from '../routes.ts';

export type LogRoute =
  | { readonly kind: 'logs' | 'logsDownload' | 'logsClear'; readonly root: ScimRoot }
  | { readonly kind: 'log'; readonly root: ScimRoot; readonly row: number };

export interface AdminLogRoute {
  readonly kind: 'adminLog';
  readonly row: number;
}

/** The segment that names the log under a root; `Logs` is a resource type like any other. */
export const LOGS = 'logs';

/** @param last the segment behind `logs` */
export function logRoute(root: ScimRoot, last: string | undefined): LogRoute | undefined {
  if (last === undefined) return { kind: 'logs', root };
  if (last === 'download') return { kind: 'logsDownload', root };
  if (last === 'clear') return { kind: 'logsClear', root };
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
