/**
 * From a route and a method to the controller that answers. Everything a controller may rely on
 * (token, endpoint, body) is checked before it is called.
 */
import { isObject, type JsonValue } from '../scim/json.ts';
import {
  listRestorePoints,
  listSnapshots,
  readBackupStats,
  readDatabaseStatistics,
  restoreBackup,
  triggerBackup,
  verifyBackups,
} from './admin/backup.ts';
import {
  createCredential,
  deleteCredential,
  listCredentials,
  readCredential,
  rotateCredential,
  setCredentialActive,
  updateCredential,
} from './admin/credentials.ts';
import {
  createEndpoint,
  deleteEndpoint,
  listEndpoints,
  readEndpoint,
  readEndpointByName,
  readEndpointStats,
  updateEndpoint,
} from './admin/endpoints.ts';
import { listDatabaseResources, readDatabaseResource } from './admin/database.ts';
import { readMetrics } from './admin/metrics.ts';
import { readOpenApi } from './admin/openapi.ts';
import { listPresets, readPreset } from './admin/presets.ts';
import type { AdminRequest } from './admin/request.ts';
import { answerRuns } from './admin/runs.ts';
import { readRuntimeConfig, readVersion } from './admin/version.ts';
import type { Answer } from './answer.ts';
import type { AdminRoute, ScimRoute } from './routes.ts';
import { runBulk } from './scim/bulk.ts';
import { createResource } from './scim/create.ts';
import { deleteResource } from './scim/delete.ts';
import { listEverything, listResources } from './scim/list.ts';
import { answerMe } from './scim/me.ts';
import { patchResource } from './scim/patch.ts';
import { readResource } from './scim/read.ts';
import { replaceResource } from './scim/replace.ts';
import { searchResources } from './scim/search.ts';
import type { ScimRequest } from './scim/request.ts';
import { typeOf } from './tenant.ts';

/** The methods whose body is read; of any other request it is skipped. */
export function takesBody(method: string): boolean {
  return method === 'POST' || method === 'PUT' || method === 'PATCH';
}

/** A POST that only says "do it" may come without a body; one that comes is skipped. */
const BODILESS: ReadonlySet<AdminRoute['kind']> = new Set([
  'backupTrigger',
  'backupVerify',
  'adminLogsClear',
  'adminCredentialActivate',
  'adminCredentialDeactivate',
]);

/** A POST that says more with a body, and enough without. */
const BODY_IS_OPTIONAL: ReadonlySet<AdminRoute['kind']> = new Set([
  'adminCredentialRotate',
  'adminRuns',
]);

/** What the operator reads of the log is what an endpoint reads of its own. */
const OF_LOG = {
  adminLogs: 'logs',
  adminLogsDownload: 'logsDownload',
  adminLogsClear: 'logsClear',
  adminLogsStream: 'logsStream',
  adminActivity: 'activity',
  adminActivitySummary: 'activitySummary',
} as const;

/** @param sent whether one comes with the request */
export function adminTakesBody({ kind }: AdminRoute, method: string, sent: boolean): boolean {
  return takesBody(method) && !BODILESS.has(kind) && (sent || !BODY_IS_OPTIONAL.has(kind));
}

/**
 * Whether the work grows with the whole of the data, so that no deadline of a request fits it: new
 * schemas are held against every resource of their endpoint.
 */
export function outlastsDeadline({ kind }: AdminRoute, body: JsonValue | undefined): boolean {
  if (kind === 'adminEndpoint') return isObject(body) && isObject(body['config']);
  return (
    kind === 'adminLogsClear' ||
    kind === 'backupTrigger' ||
    kind === 'backupVerify' ||
    kind === 'backupRestore'
  );
}

/** @param body undefined when the method takes none */
export function answerScim(
  request: ScimRequest,
  route: ScimRoute,
  method: string,
  body: JsonValue | undefined,
): Answer | Promise<Answer> {
  if (route.kind === 'me') return answerMe(request, method, body);
  // Its only method has a body.
  if (route.kind === 'bulk') return runBulk({ ...request, body: body ?? null });
  if (route.kind === 'root') return listEverything(request);
  if (route.kind === 'search') {
    const searched = route.type === undefined ? undefined : typeOf(request.tenant, route.type);
    return searchResources({ ...request, body: body ?? null }, searched);
  }
  const type = typeOf(request.tenant, route.type);
  request.record.resourceType = type.name;
  if (route.kind === 'resources') {
    return body === undefined
      ? listResources(request, type)
      : createResource({ ...request, body }, type);
  }
  request.record.resourceId = route.id;
  if (method === 'DELETE') return deleteResource(request, type, route.id);
  if (body === undefined) return readResource(request, type, route.id);
  const change = method === 'PUT' ? replaceResource : patchResource;
  return change({ ...request, body }, type, route.id);
}

const ALL_ENDPOINTS = { endpointId: undefined } as const;

/** @param body undefined when `adminTakesBody` says so */
export function answerAdmin(
  request: AdminRequest,
  route: AdminRoute,
  method: string,
  body: JsonValue | undefined,
): Answer | Promise<Answer> {
  switch (route.kind) {
    case 'adminEndpoints':
      return body === undefined ? listEndpoints(request) : createEndpoint(request, body);
    case 'adminEndpoint':
      if (method === 'DELETE') return deleteEndpoint(request, route.id);
      return body === undefined
        ? readEndpoint(request, route.id)
        : updateEndpoint(request, route.id, body);
    case 'adminEndpointByName':
      return readEndpointByName(request, route.name);
    case 'adminEndpointStats':
      return readEndpointStats(request, route.id);
    case 'adminCredentials':
      return body === undefined
        ? listCredentials(request, route.endpointId)
        : createCredential(request, route.endpointId, body);
    case 'adminCredential':
      if (method === 'DELETE') return deleteCredential(request, route);
      return body === undefined
        ? readCredential(request, route)
        : updateCredential(request, route, body);
    case 'adminCredentialRotate':
      return rotateCredential(request, route, body);
    case 'adminCredentialActivate':
    case 'adminCredentialDeactivate':
      return setCredentialActive(request, route, route.kind === 'adminCredentialActivate');
    case 'adminPresets':
      return listPresets();
    case 'adminPreset':
      return readPreset(route.name);
    case 'backupStats':
      return readBackupStats(request);
    case 'backupTrigger':
      return triggerBackup(request);
    case 'backupSnapshots':
      return listSnapshots(request);
    case 'backupRestorePoints':
      return listRestorePoints(request);
    case 'backupVerify':
      return verifyBackups(request);
    case 'backupRestore':
      return restoreBackup(request, body ?? null);
    case 'databaseStatistics':
      return readDatabaseStatistics(request);
    case 'databaseResources':
      return listDatabaseResources(request, route.type);
    case 'databaseResource':
      return readDatabaseResource(request, route.type, route.id);
    case 'version':
      return readVersion(request);
    case 'runtimeConfig':
      return readRuntimeConfig(request);
    case 'openapi':
      return readOpenApi();
    case 'adminLog':
      return request.logs.answer({ kind: 'log', row: route.row }, { ...request, ...ALL_ENDPOINTS });
    case 'adminLogs':
    case 'adminLogsDownload':
    case 'adminLogsClear':
    case 'adminLogsStream':
    case 'adminActivity':
    case 'adminActivitySummary':
      return request.logs.answer({ kind: OF_LOG[route.kind] }, { ...request, ...ALL_ENDPOINTS });
    case 'adminRuns':
    case 'adminRun':
      return answerRuns(request, route, method, body);
    case 'metrics':
      return readMetrics(request);
  }
}
