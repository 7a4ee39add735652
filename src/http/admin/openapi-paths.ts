/**
 * Every path of the admin API in words, by the kind of its route: OpenAPI is made from it. A test
 * holds it against the route table, so that no route is without a description.
 */
import type { LogRoute } from '../logs/routes.ts';
import type { AdminRoute } from '../routes.ts';
import { CREDENTIAL_PATHS } from './openapi-credentials.ts';
import { LOG_PATHS } from './openapi-logs.ts';
import { OPERATIONS_PATHS } from './openapi-operations.ts';
import { RUN_PATHS } from './openapi-runs.ts';
import type { PathDescription } from './openapi-types.ts';

const NOT_THERE = { 404: 'no endpoint has the id' };

const ENDPOINT_PATHS = {
  adminEndpoints: [
    {
      path: '/scim/admin/endpoints',
      operations: {
        get: {
          summary: 'All endpoints',
          query: [
            { name: 'active', type: 'boolean', description: 'only those that are, or are not' },
          ],
          answers: { 200: 'a bare array of endpoints', 400: 'active is neither true nor false' },
        },
        post: {
          summary: 'Makes an endpoint',
          body: { schema: 'NewEndpoint', required: true },
          answers: {
            201: 'the endpoint; Location names it',
            400: 'what is wrong, by field',
            409: 'another endpoint has the name',
          },
        },
      },
    },
  ],
  adminEndpoint: [
    {
      path: '/scim/admin/endpoints/{id}',
      operations: {
        get: { summary: 'One endpoint', answers: { 200: 'the endpoint', ...NOT_THERE } },
        patch: {
          summary: 'Changes an endpoint; a config takes the place of the former one',
          body: { schema: 'Endpoint', required: true },
          answers: {
            200: 'the endpoint as it is now',
            400: 'what is wrong, by field',
            ...NOT_THERE,
            409: 'another endpoint has the name, or stored resources do not fit the schemas',
          },
        },
        delete: {
          summary: 'Deletes an endpoint with everything in it',
          answers: { 204: 'it is gone', ...NOT_THERE },
        },
      },
    },
  ],
  adminEndpointByName: [
    {
      path: '/scim/admin/endpoints/by-name/{name}',
      operations: {
        get: { summary: 'One endpoint by name', answers: { 200: 'the endpoint', ...NOT_THERE } },
      },
    },
  ],
  adminEndpointStats: [
    {
      path: '/scim/admin/endpoints/{id}/stats',
      operations: {
        get: {
          summary: 'How many resources and memberships an endpoint has',
          answers: { 200: 'counts, also by resource type', ...NOT_THERE },
        },
      },
    },
  ],
  adminPresets: [
    {
      path: '/scim/admin/presets',
      operations: {
        get: { summary: 'What an endpoint may start from', answers: { 200: 'a bare array' } },
      },
    },
  ],
  adminPreset: [
    {
      path: '/scim/admin/presets/{name}',
      operations: {
        get: {
          summary: 'One preset with its schemas and resource types',
          answers: { 200: 'the preset', 404: 'there is none of that name' },
        },
      },
    },
  ],
} as const satisfies Partial<Record<AdminRoute['kind'], readonly PathDescription[]>>;

/** Parameters that only make sense where there are several endpoints. */
const OF_ALL: ReadonlySet<string> = new Set(['endpointId', 'includeAdmin']);

/** The same for the tenant's own token. */
const TENANT_LOG_PATHS = {
  logs: ofTenant(LOG_PATHS.adminLogs),
  log: ofTenant(LOG_PATHS.adminLog),
  logsDownload: ofTenant(LOG_PATHS.adminLogsDownload),
  logsClear: ofTenant(LOG_PATHS.adminLogsClear),
  logsStream: ofTenant(LOG_PATHS.adminLogsStream),
  activity: ofTenant(LOG_PATHS.adminActivity),
  activitySummary: ofTenant(LOG_PATHS.adminActivitySummary),
};

/** By kind. One kind may have several paths, where a name of the path is part of the route. */
export const ADMIN_PATHS: Partial<
  Readonly<Record<(AdminRoute | LogRoute)['kind'], readonly PathDescription[]>>
> = {
  ...ENDPOINT_PATHS,
  ...CREDENTIAL_PATHS,
  ...OPERATIONS_PATHS,
  ...LOG_PATHS,
  ...RUN_PATHS,
  ...TENANT_LOG_PATHS,
};

function ofTenant(paths: readonly PathDescription[]): readonly PathDescription[] {
  return paths.map(({ path, operations }) => {
    const own = path.replace('/scim/admin/', '/scim/endpoints/{endpoint}/');
    const verbs = Object.entries(operations).map(([verb, operation]) => {
      const query = (operation.query ?? []).filter(({ name }) => !OF_ALL.has(name));
      return [verb, { ...operation, query, summary: `Of one endpoint: ${operation.summary}` }];
    });
    return { path: own, operations: Object.fromEntries(verbs) as typeof operations };
  });
}
