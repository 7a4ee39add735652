/**
 * What a method and a path mean. Pure: no request, no endpoint is looked up here. A SCIM root is
 * `/scim/endpoints/{name}`, `/scim/v2/endpoints/{name}`, and for the endpoint called `default`
 * also `/scim/v2` and `/scim`; everything under a root means the same under each.
 */
import { notFound } from '../scim/errors.ts';
import { foldAscii } from '../scim/fold.ts';
import { type CredentialRoute, credentialRoute } from './admin/credential-routes.ts';
import { type DatabaseRoute, databaseRoute } from './admin/database-routes.ts';
import { OPERATIONS, type OperationsRoute } from './admin/operations-routes.ts';
import { type RunRoute, runRoute } from './admin/run-routes.ts';
import { HttpError } from './http-error.ts';
import { type AdminLogRoute, adminLogRoute, type LogRoute, logRoute } from './logs/routes.ts';
import { type OauthRoute, oauthRoute, wellKnownRoute } from './oauth/routes.ts';
import { PLAIN_OR_URN, token } from './path-token.ts';

/** The part of a path that names an endpoint, kept as the client wrote it for `meta.location`. */
export interface ScimRoot {
  /** Name or id. */
  readonly endpoint: string;
  /** `/scim/v2`, without trailing slash. */
  readonly path: string;
}

export type ScimRoute =
  | { readonly kind: 'root'; readonly root: ScimRoot }
  /** `type` undefined: of the root. */
  | { readonly kind: 'search'; readonly root: ScimRoot; readonly type: string | undefined }
  | { readonly kind: 'resources'; readonly root: ScimRoot; readonly type: string }
  | {
      readonly kind: 'resource';
      readonly root: ScimRoot;
      readonly type: string;
      readonly id: string;
    }
  | { readonly kind: 'me'; readonly root: ScimRoot }
  | { readonly kind: 'bulk'; readonly root: ScimRoot };

/** Of these, `id` undefined is the list (RFC 7644 §4). */
export interface DiscoveryRoute {
  readonly kind: 'serviceProviderConfig' | 'resourceTypes' | 'schemas';
  readonly root: ScimRoot;
  readonly id: string | undefined;
}

export type AdminRoute =
  | { readonly kind: 'adminEndpoints' }
  | { readonly kind: 'adminEndpoint'; readonly id: string }
  | { readonly kind: 'adminEndpointByName'; readonly name: string }
  | { readonly kind: 'adminEndpointStats'; readonly id: string }
  | { readonly kind: 'adminPresets' }
  | { readonly kind: 'adminPreset'; readonly name: string }
  | CredentialRoute
  | AdminLogRoute
  | RunRoute
  | DatabaseRoute
  | OperationsRoute;

export interface HealthRoute {
  readonly kind: 'health';
  readonly probe: 'live' | 'ready';
}

export type Route = ScimRoute | DiscoveryRoute | AdminRoute | LogRoute | OauthRoute | HealthRoute;

export const DEFAULT_ENDPOINT = 'default';

/** Behind what is searched (RFC 7644 §3.4.3); no id is so. */
const SEARCH = '.search';

const READ = ['GET', 'HEAD'];

/** By what a path means; a test goes through all of them. */
export const METHODS: Readonly<Record<Route['kind'], readonly string[]>> = {
  root: READ,
  search: ['POST'],
  resources: [...READ, 'POST'],
  resource: [...READ, 'PUT', 'PATCH', 'DELETE'],
  me: [...READ, 'POST', 'PUT', 'PATCH', 'DELETE'],
  bulk: ['POST'],
  serviceProviderConfig: READ,
  resourceTypes: READ,
  schemas: READ,
  adminEndpoints: [...READ, 'POST'],
  adminEndpoint: [...READ, 'PATCH', 'DELETE'],
  adminEndpointByName: READ,
  adminEndpointStats: READ,
  adminCredentials: [...READ, 'POST'],
  adminCredential: [...READ, 'PATCH', 'DELETE'],
  adminCredentialRotate: ['POST'],
  adminCredentialActivate: ['POST'],
  adminCredentialDeactivate: ['POST'],
  adminPresets: READ,
  adminPreset: READ,
  backupStats: READ,
  backupTrigger: ['POST'],
  backupSnapshots: READ,
  backupRestorePoints: READ,
  backupVerify: ['POST'],
  backupRestore: ['POST'],
  databaseStatistics: READ,
  databaseResources: READ,
  databaseResource: READ,
  version: READ,
  runtimeConfig: READ,
  openapi: READ,
  metrics: READ,
  adminLogs: READ,
  adminLog: READ,
  adminLogsDownload: READ,
  adminLogsClear: ['POST'],
  adminLogsStream: ['GET'],
  adminActivity: READ,
  adminActivitySummary: READ,
  adminRuns: [...READ, 'POST'],
  adminRun: [...READ, 'DELETE'],
  logs: READ,
  log: READ,
  logsDownload: READ,
  logsClear: ['POST'],
  logsStream: ['GET'],
  activity: READ,
  activitySummary: READ,
  oauthToken: ['POST'],
  oauthKeys: READ,
  oauthMetadata: READ,
  health: READ,
};

/**
 * @param path as sent, percent-encoded, without query
 * @throws ScimError 404 when nothing lives there
 * @throws HttpError 405 with Allow
 */
export function matchRoute(method: string, path: string): Route {
  const route = findRoute(path);
  if (route === undefined) {
    throw notFound('nothing lives at this path; SCIM is served under /scim/v2 and /scim/endpoints');
  }
  const allowed = METHODS[route.kind];
  if (allowed.includes(method)) return route;
  const list = allowed.join(', ');
  throw new HttpError(405, `this path takes ${list}`, { headers: [['Allow', list]] });
}

function findRoute(path: string): Route | undefined {
  const segments = path.split('/');
  // Some clients end a base URL with a slash and write "/Users/".
  if (segments.length > 2 && segments.at(-1) === '') segments.pop();
  const [, first, second, third, fourth] = segments;
  if (first === 'health') return healthRoute(segments);
  if (first === '.well-known') return wellKnownRoute(segments, findRoute);
  if (first === 'api' || first === 'metrics') return OPERATIONS.get(segments.join('/'));
  if (first !== 'scim') return undefined;
  if (second === 'admin') return adminRoute(segments);
  if (second === 'endpoints') return scimRouteOfEndpoint(third, '/scim/endpoints', segments, 4);
  if (second !== 'v2') return scimRoute(defaultRoot('/scim'), segments, 2);
  if (third !== 'endpoints') return scimRoute(defaultRoot('/scim/v2'), segments, 3);
  return scimRouteOfEndpoint(fourth, '/scim/v2/endpoints', segments, 5);
}

function healthRoute(segments: readonly string[]): Route | undefined {
  const [, , probe] = segments;
  if (segments.length !== 3 || (probe !== 'live' && probe !== 'ready')) return undefined;
  return { kind: 'health', probe };
}

function adminRoute(segments: readonly string[]): Route | undefined {
  const [, , , collection, id, last] = segments;
  if (collection === 'presets') return presetRoute(segments);
  if (collection === 'database' && id !== 'statistics') return databaseRoute(segments.slice(4));
  if (collection === 'logs' && !OPERATIONS.has(segments.join('/'))) {
    return adminLogRoute(segments.slice(4));
  }
  if (collection !== 'endpoints') return OPERATIONS.get(segments.join('/'));
  if (id !== undefined && id !== 'by-name' && last === 'credentials') {
    return credentialRoute(id, segments.slice(6));
  }
  if (id !== undefined && id !== 'by-name' && last === 'runs')
    return runRoute(id, segments.slice(6));
  if (segments.length > 6) return undefined;
  if (id === undefined) return { kind: 'adminEndpoints' };
  if (id === 'by-name' && last !== undefined) {
    const name = token(last);
    return name === undefined ? undefined : { kind: 'adminEndpointByName', name };
  }
  const plainId = token(id);
  if (plainId === undefined) return undefined;
  if (last === undefined) return { kind: 'adminEndpoint', id: plainId };
  return last === 'stats' ? { kind: 'adminEndpointStats', id: plainId } : undefined;
}

function presetRoute([, , , , rawName, ...more]: readonly string[]): Route | undefined {
  if (rawName === undefined) return { kind: 'adminPresets' };
  const name = more.length === 0 ? token(rawName) : undefined;
  return name === undefined ? undefined : { kind: 'adminPreset', name };
}

function scimRouteOfEndpoint(
  segment: string | undefined,
  parent: string,
  segments: readonly string[],
  depth: number,
): Route | undefined {
  const endpoint = segment === undefined ? undefined : token(segment);
  if (endpoint === undefined) return undefined;
  return scimRoute({ endpoint, path: `${parent}/${endpoint}` }, segments, depth);
}

/** @param depth of the segment behind the root */
function scimRoute(root: ScimRoot, segments: readonly string[], depth: number): Route | undefined {
  const segment = segments[depth];
  if (segment === undefined) return { kind: 'root', root };
  if (segment === '' || segments.length > depth + 2) return undefined;
  const rawId = segments[depth + 1];
  if (segment === 'oauth') return oauthRoute(root, rawId);
  const ofLog = logRoute(root, segment, rawId);
  if (ofLog !== null) return ofLog;
  switch (foldAscii(segment)) {
    case 'serviceproviderconfig':
      return rawId === undefined
        ? { kind: 'serviceProviderConfig', root, id: undefined }
        : undefined;
    case 'resourcetypes':
      return discoveryRoute('resourceTypes', root, rawId);
    case 'schemas':
      return discoveryRoute('schemas', root, rawId);
    case 'me':
      return rawId === undefined ? { kind: 'me', root } : undefined;
    case 'bulk':
      return rawId === undefined ? { kind: 'bulk', root } : undefined;
    case SEARCH:
      return rawId === undefined ? { kind: 'search', root, type: undefined } : undefined;
  }
  const type = token(segment);
  if (type === undefined) return undefined;
  if (rawId === undefined) return { kind: 'resources', root, type };
  const id = token(rawId);
  if (id === undefined) return undefined;
  if (foldAscii(id) === SEARCH) return { kind: 'search', root, type };
  return { kind: 'resource', root, type, id };
}

function discoveryRoute(
  kind: 'resourceTypes' | 'schemas',
  root: ScimRoot,
  rawId: string | undefined,
): Route | undefined {
  if (rawId === undefined) return { kind, root, id: undefined };
  const id = token(rawId, PLAIN_OR_URN);
  return id === undefined ? undefined : { kind, root, id };
}

function defaultRoot(path: string): ScimRoot {
  return { endpoint: DEFAULT_ENDPOINT, path };
}
