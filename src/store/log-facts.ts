/**
 * What a row of the request log tells by itself, without its content: what it was about, how grave
 * it was, whether it was only a sign of life. The same conditions stand in SQL in `src/sqlite`, so
 * that pages can be filtered before they are counted; a property test holds one against the other.
 */
import type { LoggedRequest } from './request-logs.ts';

export const ACTIVITY_TYPES = ['user', 'group', 'system'] as const;
export type ActivityType = (typeof ACTIVITY_TYPES)[number];

export const SEVERITIES = ['info', 'success', 'warning', 'error'] as const;
export type Severity = (typeof SEVERITIES)[number];

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Of administrators and monitoring, and whoever reads the log. */
const ADMIN = /^\/(?:scim\/admin\/|api\/|metrics)|\/(?:logs|activity)(?:[/?]|$)/;

/** What is neither a user nor a group: bulks, searches of the root, discovery, other types. */
export function activityTypeOf({
  resourceType,
}: Pick<LoggedRequest, 'resourceType'>): ActivityType {
  if (resourceType === 'User') return 'user';
  return resourceType === 'Group' ? 'group' : 'system';
}

/** Error: the server failed or would not let the client in. Warning: refused, removed, or done in part. */
export function severityOf({
  method,
  status,
  target,
  detail,
}: Pick<LoggedRequest, 'method' | 'status' | 'target' | 'detail'>): Severity {
  if (status >= 500 || status === 401 || status === 403) return 'error';
  if (status >= 400 || method === 'DELETE') return 'warning';
  // The detail of a bulk is its sum.
  if (detail !== undefined && !/\/[Bb]ulk$/.test(target)) return 'warning';
  const changes = method !== 'GET' && method !== 'HEAD' && !target.includes('/.search');
  return changes ? 'success' : 'info';
}

/** The look-up of nobody by which Entra tests its connection: a name that is a GUID. */
export function isKeepalive({
  method,
  status,
  who,
  target,
}: Pick<LoggedRequest, 'method' | 'status' | 'who' | 'target'>): boolean {
  if (method !== 'GET' || status !== 200 || who === undefined || !GUID.test(who)) return false;
  return /[?&]filter=/.test(target);
}

export function isOfAdmin({ target }: Pick<LoggedRequest, 'target'>): boolean {
  return ADMIN.test(target);
}
