/** What a filter of the request log means in SQL, over one row at a time. Values are parameters, never text. */
import type { LogFilter } from '../store/request-logs.ts';

export interface LogCondition {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

const HEX4 = '[0-9a-fA-F]'.repeat(4);
const GUID = `${HEX4}${HEX4}-${HEX4}-${HEX4}-${HEX4}-${HEX4}${HEX4}${HEX4}`;

const ADMIN = `(target GLOB '/scim/admin/*' OR target GLOB '/api/*' OR target GLOB '/metrics*'
  OR target GLOB '*/logs' OR target GLOB '*/logs[/?]*'
  OR target GLOB '*/activity' OR target GLOB '*/activity[/?]*')`;
const KEEPALIVE = `(method = 'GET' AND status = 200 AND who GLOB '${GUID}' AND target GLOB '*[?&]filter=*')`;

/** These say in SQL what `store/log-facts.ts` says of one row. */
export const ROW_IS_KEEPALIVE = `coalesce(${KEEPALIVE}, 0)`;
export const ROW_IS_CHANGE = `(method NOT IN ('GET', 'HEAD') AND target NOT GLOB '*/.search*')`;
export const ROW_TYPE = `CASE resource_type WHEN 'User' THEN 'user' WHEN 'Group' THEN 'group' ELSE 'system' END`;
export const ROW_SEVERITY = `CASE WHEN status >= 500 OR status IN (401, 403) THEN 'error'
  WHEN status >= 400 OR method = 'DELETE' THEN 'warning'
  WHEN detail IS NOT NULL AND target NOT GLOB '*/[Bb]ulk' THEN 'warning'
  WHEN ${ROW_IS_CHANGE} THEN 'success' ELSE 'info' END`;

/** Columns that `search` looks into. */
const SEARCHED = [
  'target',
  'who',
  'resource_id',
  'detail',
  'user_agent',
  'address',
  'request_id',
  'credential_id',
];

export function logCondition(filter: LogFilter): LogCondition {
  const parts: string[] = [];
  const parameters: (string | number)[] = [];
  const add = (sql: string, ...values: (string | number)[]): void => {
    parts.push(sql);
    parameters.push(...values);
  };
  const { status, hasError, urlContains, search } = filter;
  // The index by endpoint, of which a stretch of rows is a stretch too.
  if (filter.endpointId !== undefined) add('endpoint_id = ?', filter.endpointId);
  if (filter.method !== undefined) add('method = ?', filter.method);
  if (status !== undefined && status < 10) add('status / 100 = ?', status);
  if (status !== undefined && status >= 10) add('status = ?', status);
  if (hasError !== undefined) add(hasError ? 'status >= 400' : 'status < 400');
  if (filter.since !== undefined) add('time >= ?', filter.since);
  if (filter.until !== undefined) add('time <= ?', filter.until);
  if (filter.requestId !== undefined) add('request_id = ?', filter.requestId);
  if (filter.minDurationMs !== undefined) add('duration_ms >= ?', filter.minDurationMs);
  if (urlContains !== undefined) add("target LIKE ? ESCAPE '\\'", within(urlContains));
  if (search !== undefined) {
    const either = SEARCHED.map((column) => `${column} LIKE ? ESCAPE '\\'`).join(' OR ');
    add(`(${either})`, ...SEARCHED.map(() => within(search)));
  }
  if (filter.hidesAdmin === true) add(`NOT ${ADMIN}`);
  if (filter.hidesKeepalive === true) add(`NOT ${ROW_IS_KEEPALIVE}`);
  if (filter.type !== undefined) add(`${ROW_TYPE} = ?`, filter.type);
  if (filter.severity !== undefined) add(`${ROW_SEVERITY} = ?`, filter.severity);
  return { sql: parts.length === 0 ? '1' : parts.join(' AND '), parameters };
}

function within(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, (special) => `\\${special}`)}%`;
}
