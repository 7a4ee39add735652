/** What a filter of the request log means in SQL, over one row at a time. Values are parameters, never text. */
import type { LogFilter } from '../store/request-logs.ts';

export interface LogCondition {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

const HEX4 = '[0-9a-fA-F]'.repeat(4);
const GUID = `${HEX4}${HEX4}-${HEX4}-${HEX4}-${HEX4}-${HEX4}${HEX4}${HEX4}`;

const ADMIN = `(target GLOB '/scim/admin/*' OR target GLOB '/api/*' OR target GLOB '/metrics*'
  OR target GLOB '*/logs' OR target GLOB '*/logs[/?]*')`;
const KEEPALIVE = `(method = 'GET' AND status = 200 AND who GLOB '${GUID}' AND target GLOB '*[?&]filter=*')`;

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
  if (filter.hidesKeepalive === true) add(`NOT coalesce(${KEEPALIVE}, 0)`);
  return { sql: parts.length === 0 ? '1' : parts.join(' AND '), parameters };
}

function within(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, (special) => `\\${special}`)}%`;
}
