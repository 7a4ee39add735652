/** Rows of the request log as entries of an HTTP archive (HAR 1.2), newest first as everywhere. */
import type { JsonObject } from '../../scim/json.ts';
import type { LoggedContent, LoggedRequest } from '../../store/request-logs.ts';
import { STATUS_CODES } from '../status-codes.ts';
import { headersOf } from './shown.ts';

export const HAR_HEAD =
  '{"log":{"version":"1.2","creator":{"name":"Scimlane","version":"1"},"pages":[],"entries":[';
export const HAR_TAIL = ']}}';

/** Where headers were not kept nobody knows the host; a panel wants an absolute URL. */
const SOME_HOST = 'scimlane.invalid';

export function harEntry(request: LoggedRequest, content: LoggedContent | undefined): JsonObject {
  const requestHeaders = headersOf(content, 'request');
  const responseHeaders = headersOf(content, 'response');
  const host = valueOf(requestHeaders, 'x-forwarded-host') ?? valueOf(requestHeaders, 'host');
  const scheme = valueOf(requestHeaders, 'x-forwarded-proto') ?? 'http';
  const time = request.durationMs ?? 0;
  const commitMs = request.commitMs ?? 0;
  return {
    startedDateTime: new Date(request.time).toISOString(),
    time,
    request: {
      method: request.method,
      url: `${scheme}://${host ?? SOME_HOST}${request.target}`,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: named(requestHeaders),
      queryString: queryOf(request.target),
      headersSize: -1,
      bodySize: request.requestBytes,
      ...postDataOf(content, valueOf(requestHeaders, 'content-type')),
    },
    response: {
      status: request.status,
      statusText: STATUS_CODES[request.status] ?? '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: named(responseHeaders),
      content: {
        size: request.responseBytes ?? content?.responseBytes ?? 0,
        mimeType: valueOf(responseHeaders, 'content-type') ?? 'application/scim+json',
        ...(content?.responseBody === undefined ? {} : { text: content.responseBody }),
      },
      redirectURL: '',
      headersSize: -1,
      bodySize: request.responseBytes ?? content?.responseBytes ?? -1,
    },
    cache: {},
    timings: {
      blocked: request.queueMs ?? -1,
      dns: -1,
      connect: -1,
      ssl: -1,
      send: 0,
      wait: Math.max(0, time - (request.queueMs ?? 0)),
      receive: 0,
    },
    ...(request.address === undefined ? {} : { _clientAddress: request.address }),
    _requestId: request.requestId,
    _commitMs: commitMs,
    _identifier: request.who ?? request.nameNow ?? null,
    _error: request.detail ?? null,
  };
}

function postDataOf(
  content: LoggedContent | undefined,
  contentType: string | undefined,
): JsonObject {
  if (content?.requestBody === undefined) return {};
  const mimeType = contentType ?? 'application/scim+json';
  return { postData: { mimeType, params: [], text: content.requestBody } };
}

function named(headers: readonly (readonly [string, string])[]): JsonObject[] {
  return headers.map(([name, value]) => ({ name, value }));
}

function valueOf(
  headers: readonly (readonly [string, string])[],
  name: string,
): string | undefined {
  return headers.find(([each]) => each.toLowerCase() === name)?.[1];
}

function queryOf(target: string): JsonObject[] {
  const [, query = ''] = /\?(.*)$/s.exec(target) ?? [];
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...rest] = pair.split('=');
      return { name: decoded(name), value: decoded(rest.join('=')) };
    });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
