/** Backups, the database, metrics and the process itself in the words of the admin API. */
import type { AdminRoute } from '../routes.ts';
import type { OperationDescription, PathDescription } from './openapi-types.ts';

const NO_STORAGE = { 503: 'no storage is configured, or it does not answer' };

const LIST_QUERY = [
  { name: 'page', type: 'integer', description: 'from 1' },
  { name: 'limit', type: 'integer', description: '50 when left out, at most 200' },
  { name: 'endpointId', type: 'string', description: 'only those of this endpoint' },
] as const;

const ONE_QUERY = [
  { name: 'endpointId', type: 'string', description: 'only if it is of this endpoint' },
] as const;

export const OPERATIONS_PATHS = {
  backupStats: [
    reads('/scim/admin/backup/stats', 'Mode, position and storages of the backup', 'the status', [
      '/api/backup/status',
    ]),
  ],
  backupTrigger: [
    does('/scim/admin/backup/trigger', {
      summary: 'Takes a snapshot now',
      answers: { 201: 'the snapshot, verified where it is stored', ...NO_STORAGE },
    }),
  ],
  backupSnapshots: [
    reads('/scim/admin/backup/snapshots', 'Snapshots, oldest first', 'a bare array'),
  ],
  backupRestorePoints: [
    reads(
      '/scim/admin/backup/restore-points',
      'The stretches of time to any moment of which one can go back',
      'a bare array',
    ),
  ],
  backupVerify: [
    does('/scim/admin/backup/verify', {
      summary: 'Reads everything that is stored',
      answers: { 200: 'ok, problems and how many objects were read', ...NO_STORAGE },
    }),
  ],
  backupRestore: [
    does('/scim/admin/backup/restore', {
      summary: 'Replaces the data by that of an earlier moment, while the server runs',
      body: { schema: 'Restore', required: true },
      answers: {
        200: 'where the database is now',
        400: 'what is wrong, by field',
        409: 'the moment cannot be restored',
        ...NO_STORAGE,
      },
    }),
  ],
  databaseStatistics: [
    reads('/scim/admin/database/statistics', 'How much there is', 'counts and sizes', [
      '/api/database/statistics',
    ]),
  ],
  databaseResources: [listed('users', 'Users'), listed('groups', 'Groups')],
  databaseResource: [
    one('users', 'A user with its groups'),
    one('groups', 'A group with its members'),
  ],
  version: [reads('/scim/admin/version', 'Versions, uptime and what is configured', 'the facts')],
  runtimeConfig: [
    reads(
      '/scim/admin/runtime-config',
      'Every option, its value or "set", and where it comes from',
      'the options',
    ),
  ],
  openapi: [reads('/scim/admin/openapi.json', 'This document', 'OpenAPI 3.1')],
  metrics: [
    {
      path: '/metrics',
      operations: {
        get: {
          summary: 'Metrics for Prometheus',
          answers: { 200: 'text format 0.0.4' },
          contentType: 'text/plain',
        },
      },
    },
  ],
} as const satisfies Partial<Record<AdminRoute['kind'], readonly PathDescription[]>>;

function reads(
  path: string,
  summary: string,
  answer: string,
  aliases: readonly string[] = [],
): PathDescription {
  return { path, aliases, operations: { get: { summary, answers: { 200: answer } } } };
}

function does(path: string, post: OperationDescription): PathDescription {
  return { path, operations: { post } };
}

function listed(name: string, what: string): PathDescription {
  const answers = {
    200: 'a page, with how many there are',
    400: 'a parameter that is not taken',
    404: 'no such endpoint',
  };
  const summary = `${what} of all endpoints, page by page`;
  return {
    path: `/scim/admin/database/${name}`,
    operations: { get: { summary, query: LIST_QUERY, answers } },
  };
}

function one(name: string, what: string): PathDescription {
  const answers = { 200: 'the resource and its endpoint', 404: 'no endpoint has it' };
  return {
    path: `/scim/admin/database/${name}/{id}`,
    operations: { get: { summary: `${what}, whatever its endpoint`, query: ONE_QUERY, answers } },
  };
}
