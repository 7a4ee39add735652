/** The request log in the words of the admin API. */
import { ACTIVITY_PARAMETERS } from '../logs/activity/query.ts';
import type { AdminRoute } from '../routes.ts';
import type { PathDescription, QueryDescription } from './openapi-types.ts';

const FILTERS: readonly QueryDescription[] = [
  { name: 'method', type: 'string', description: 'GET, POST and so on' },
  { name: 'status', type: 'string', description: '404, or 4xx' },
  { name: 'hasError', type: 'boolean', description: 'whether the status is 400 or more' },
  { name: 'urlContains', type: 'string', description: 'in path or query, in any case' },
  { name: 'since', type: 'string', description: 'RFC 3339, or milliseconds since 1970' },
  { name: 'until', type: 'string', description: 'RFC 3339, or milliseconds since 1970' },
  {
    name: 'search',
    type: 'string',
    description: 'in URL, name, ids, error, User-Agent or address, in any case',
  },
  {
    name: 'includeAdmin',
    type: 'boolean',
    description: 'also what administrators and monitoring asked',
  },
  {
    name: 'hideKeepalive',
    type: 'boolean',
    description: 'without the look-ups of nobody by which Entra tests its connection',
  },
  { name: 'minDurationMs', type: 'integer', description: 'only those that took so long' },
  { name: 'endpointId', type: 'string', description: 'id or name of an endpoint' },
  { name: 'requestId', type: 'string', description: 'exactly' },
  { name: 'before', type: 'integer', description: 'only rows older than this one' },
];

const PAGE: readonly QueryDescription[] = [
  { name: 'page', type: 'integer', description: 'from 1' },
  { name: 'pageSize', type: 'integer', description: '50 when left out, at most 500' },
];

const WRONG = { 400: 'which parameter takes what' };

export const LOG_PATHS = {
  adminLogs: [
    {
      path: '/scim/admin/logs',
      operations: {
        get: {
          summary: 'A page of the request log, newest first',
          query: [...PAGE, ...FILTERS],
          answers: { 200: 'items, and next: the before of the following page', ...WRONG },
        },
      },
    },
  ],
  adminLog: [
    {
      path: '/scim/admin/logs/{row}',
      operations: {
        get: {
          summary: 'One request, with headers and bodies where they were kept',
          answers: { 200: 'the request', 404: 'the log has no such row' },
        },
      },
    },
  ],
  adminLogsDownload: [
    {
      path: '/scim/admin/logs/download',
      operations: {
        get: {
          summary: 'The request log as a file, newest first',
          query: [
            { name: 'format', type: 'string', description: 'ndjson, csv or har' },
            ...FILTERS,
          ],
          answers: {
            200: 'the file; X-Next-Before names the before of the next one, if there is more; a connection that closes before its end: it is not whole',
            ...WRONG,
            429: 'too many downloads are under way',
          },
          contentType: 'application/x-ndjson',
        },
      },
    },
  ],
  adminLogsClear: [
    {
      path: '/scim/admin/logs/clear',
      operations: {
        post: {
          summary: 'Removes what was logged up to now, of all endpoints',
          answers: { 204: 'it is gone' },
        },
      },
    },
  ],
  adminLogsStream: [
    {
      path: '/scim/admin/logs/stream',
      operations: {
        get: {
          summary: 'The request log as it is written, by server-sent events',
          query: [
            { name: 'lastEventId', type: 'integer', description: 'as the header Last-Event-ID' },
            ...FILTERS.filter(({ name }) => name !== 'before'),
          ],
          answers: {
            200: 'an event for each row, its id the number of the row; gap for rows that are not told',
            ...WRONG,
            429: 'too many listen already',
          },
          contentType: 'text/event-stream',
        },
      },
    },
  ],
  adminActivity: [
    {
      path: '/scim/admin/activity',
      operations: {
        get: {
          summary: 'The request log in sentences, newest first',
          query: [
            ...PAGE,
            { name: 'limit', type: 'integer', description: 'another name of pageSize' },
            { name: 'type', type: 'string', description: 'user, group or system' },
            { name: 'severity', type: 'string', description: 'info, success, warning or error' },
            ...FILTERS.filter(({ name }) => ACTIVITY_PARAMETERS.includes(name)),
          ],
          answers: { 200: 'activities, and next: the before of the following page', ...WRONG },
        },
      },
    },
  ],
  adminActivitySummary: [
    {
      path: '/scim/admin/activity/summary',
      operations: {
        get: {
          summary: 'The last day and the last week in numbers',
          query: FILTERS.filter(({ name }) => name === 'endpointId'),
          answers: { 200: 'counts by type and severity, and what was changed most', ...WRONG },
        },
      },
    },
  ],
} as const satisfies Partial<Record<AdminRoute['kind'], readonly PathDescription[]>>;
