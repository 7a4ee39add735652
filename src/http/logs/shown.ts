/** A row of the request log as its readers are shown it; the first fields are those of the earlier SCIMServer. */
import { LIMITS } from '../../platform/limits.ts';
import { excessOf } from '../../scim/json-shape.ts';
import { isObject, type JsonObject, type JsonValue } from '../../scim/json.ts';
import type { LoggedContent, LoggedRequest } from '../../store/request-logs.ts';

export function shownRequest(request: LoggedRequest): JsonObject {
  const shown = {
    id: String(request.row),
    method: request.method,
    url: request.target,
    status: request.status,
    durationMs: rounded(request.durationMs),
    errorMessage: request.status >= 400 ? request.detail : undefined,
    identifier: request.who ?? request.nameNow,
    createdAt: new Date(request.time).toISOString(),
    endpointId: request.endpointId,
    requestId: request.requestId,
    warning: request.status < 400 ? request.detail : undefined,
    queueMs: rounded(request.queueMs),
    commitMs: rounded(request.commitMs),
    requestBytes: request.requestBytes,
    responseBytes: request.responseBytes,
    credentialId: request.credentialId,
    resourceType: request.resourceType,
    resourceId: request.resourceId,
    address: request.address,
    userAgent: request.userAgent,
  };
  const result: JsonObject = {};
  for (const [name, value] of Object.entries(shown)) result[name] = value ?? null;
  return result;
}

/** Bodies are JSON where they can be read as such, and text where not: as they were cut, or came. */
export function shownInFull(
  request: LoggedRequest,
  content: LoggedContent | undefined,
): JsonObject {
  return {
    ...shownRequest(request),
    responseBytes: request.responseBytes ?? content?.responseBytes ?? null,
    requestHeaders:
      content === undefined ? null : Object.fromEntries(headersOf(content, 'request')),
    requestBody: bodyOf(content?.requestBody),
    responseHeaders:
      content === undefined ? null : Object.fromEntries(headersOf(content, 'response')),
    responseBody: bodyOf(content?.responseBody),
  };
}

export function headersOf(
  content: LoggedContent | undefined,
  of: 'request' | 'response',
): [name: string, value: string][] {
  if (content === undefined) return [];
  const text = of === 'request' ? content.requestHeaders : content.responseHeaders;
  return JSON.parse(text) as [string, string][];
}

/**
 * As JSON, if it is an object or a list; else as the text that it is. Null: there is none. Also of
 * what was refused for its shape, by the limits of this version and no others: whoever writes that as JSON again would run out of stack.
 */
export function bodyOf(text: string | undefined): JsonValue {
  if (text === undefined) return null;
  if (excessOf(text, LIMITS) !== undefined) return text;
  try {
    const json = JSON.parse(text) as JsonValue;
    return isObject(json) || Array.isArray(json) ? json : text;
  } catch {
    return text;
  }
}

/** To the microsecond: more digits say nothing. */
function rounded(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms * 1000) / 1000;
}
