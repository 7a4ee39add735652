/** A row of the request log, for tests that care for some of it. */
import type { LoggedRequest } from '../../store/request-logs.ts';

export function loggedRequest(row: number, fields: Partial<LoggedRequest> = {}): LoggedRequest {
  return {
    row,
    time: row,
    requestId: `r${String(row)}`,
    endpointId: undefined,
    method: 'GET',
    target: '/scim/v2/Users',
    requestBytes: 0,
    status: 200,
    durationMs: 1,
    detail: undefined,
    ...fields,
  };
}
