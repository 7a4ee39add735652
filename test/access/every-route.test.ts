/**
 * A token of one tenant tries every route there is: of another tenant, of nobody, and of the
 * operator. The routes come from the route table; one that is added there and has no path here does
 * not compile.
 */
import t from 'tap';
import { HttpError } from '../../src/http/http-error.ts';
import { OPERATIONS, type OperationsRoute } from '../../src/http/admin/operations-routes.ts';
import { matchRoute, METHODS, type Route } from '../../src/http/routes.ts';
import { ScimClient } from '../support/client.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';
import { bearing, newTenant, type Tenant } from './tenants.ts';

type Kind = Route['kind'];

/** For anybody, with a token or without: discovery, health, and where clients get tokens. */
const OPEN: ReadonlySet<Kind> = new Set([
  'serviceProviderConfig',
  'resourceTypes',
  'schemas',
  'health',
  'oauthToken',
  'oauthKeys',
  'oauthMetadata',
]);

const ALL_METHODS = [...new Set(Object.values(METHODS).flat())];

const server = await Server.start(t, { env: { TRUST_PROXY: 'true' } });
const scim = ScimClient.of(t, server);
const plain = scim.under('');
const a = await newTenant(scim, 'tenant-a');
const b = await newTenant(scim, 'tenant-b');
const nobody: Tenant = { ...b, id: '018f2f7e-0000-7000-8000-000000000000', name: 'nobody' };

/** At least one path of each kind that has parameters, under each form of its root. */
function pathsOf(
  tenant: Tenant,
): Readonly<Record<Exclude<Kind, OperationsRoute['kind']>, readonly string[]>> {
  const roots = [tenant.id, tenant.name].flatMap((name) => [
    `/scim/endpoints/${name}`,
    `/scim/v2/endpoints/${name}`,
  ]);
  const under = (...rests: readonly string[]): string[] =>
    roots.flatMap((root) => rests.map((rest) => `${root}${rest}`));
  const admin = `/scim/admin/endpoints/${tenant.id}`;
  const credential = `${admin}/credentials/${tenant.credentialId}`;
  return {
    root: under(''),
    search: under('/.search', '/Users/.search'),
    resources: under('/Users', '/Groups'),
    resource: under(`/Users/${tenant.userId}`, `/Groups/${tenant.groupId}`),
    me: under('/Me'),
    bulk: under('/Bulk'),
    serviceProviderConfig: under('/ServiceProviderConfig'),
    resourceTypes: under('/ResourceTypes'),
    schemas: under('/Schemas'),
    adminEndpoints: ['/scim/admin/endpoints'],
    adminEndpoint: [admin],
    adminEndpointByName: [`/scim/admin/endpoints/by-name/${tenant.name}`],
    adminEndpointStats: [`${admin}/stats`],
    adminCredentials: [`${admin}/credentials`],
    adminCredential: [credential],
    adminCredentialRotate: [`${credential}/rotate`],
    adminCredentialActivate: [`${credential}/activate`],
    adminCredentialDeactivate: [`${credential}/deactivate`],
    adminPresets: ['/scim/admin/presets'],
    adminPreset: ['/scim/admin/presets/entra-id'],
    databaseResources: ['/scim/admin/database/users', '/scim/admin/database/groups'],
    databaseResource: [`/scim/admin/database/users/${tenant.userId}`],
    adminLog: ['/scim/admin/logs/1'],
    logs: under('/logs'),
    log: under('/logs/1'),
    logsDownload: under('/logs/download'),
    logsClear: under('/logs/clear'),
    logsStream: under('/logs/stream'),
    activity: under('/activity'),
    activitySummary: under('/activity/summary'),
    adminRuns: [`${admin}/runs`],
    adminRun: [`${admin}/runs/018f2f7e-0000-7000-8000-000000000001`],
    oauthToken: under('/oauth/token'),
    oauthKeys: under('/oauth/jwks'),
    oauthMetadata: ['/.well-known/oauth-authorization-server'],
    health: ['/health/live', '/health/ready'],
  };
}

interface Attempt {
  readonly kind: Kind;
  readonly method: string;
  readonly path: string;
}

/** Every method of every route, but for what is open. */
function attempts(tenant: Tenant): Attempt[] {
  const paths = [...Object.values(pathsOf(tenant)).flat(), ...OPERATIONS.keys()];
  const known = new Set<string>();
  const all: Attempt[] = [];
  for (const path of paths) {
    for (const method of ALL_METHODS) {
      const kind = kindOf(method, path);
      if (kind === undefined) continue;
      known.add(kind);
      if (!OPEN.has(kind)) all.push({ kind, method, path });
    }
  }
  const missed = Object.keys(METHODS).filter((kind) => !known.has(kind));
  if (missed.length > 0) throw new Error(`no path of ${missed.join()}`);
  return all;
}

/** Undefined: the path does not take the method. */
function kindOf(method: string, path: string): Kind | undefined {
  try {
    return matchRoute(method, path).kind;
  } catch (error) {
    if (error instanceof HttpError && error.status === 405) return undefined;
    throw error;
  }
}

/** Not the SCIM client: some of these routes answer no SCIM. */
async function send({ method, path }: Attempt, token: string): Promise<Response> {
  const takes = method === 'POST' || method === 'PUT' || method === 'PATCH';
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/scim+json',
    'x-forwarded-for': freshAddress(),
  };
  return fetch(`${server.origin}${path}`, { method, headers, ...(takes ? { body: '{}' } : {}) });
}

let senders = 0;

/** So many wrong tokens from one address would be told 429. */
function freshAddress(): string {
  senders += 1;
  return `10.0.${Math.floor(senders / 256)}.${senders % 256}`;
}

/** What nobody may change by trying: everything of b, as the operator sees it. */
async function stateOfB(): Promise<unknown[]> {
  const paths = [
    `/scim/endpoints/${b.id}/Users`,
    `/scim/endpoints/${b.id}/Groups`,
    `/scim/admin/endpoints/${b.id}/credentials`,
    '/scim/admin/endpoints',
  ];
  return Promise.all(paths.map(async (path) => (await plain.get(path)).json));
}

/** All of an answer but what differs from one to the next. */
async function looks(answer: Response): Promise<unknown> {
  const headers = { ...Object.fromEntries(answer.headers), 'x-request-id': '', date: '' };
  return { status: answer.status, headers, text: await answer.text() };
}

t.test('of another tenant and of the operator: 401, as to a token that is nobody’s', async (t) => {
  const before = await stateOfB();
  const unknown: Attempt = { kind: 'root', method: 'GET', path: '/scim/v2' };
  const wrong = await looks(await send(unknown, 'scim_x_y'));
  const tries = [...attempts(b), ...attempts(nobody)];
  t.ok(tries.length > 100, `${tries.length} tries`);
  for (const attempt of tries) {
    const answer = await send(attempt, a.token);
    const told = `${attempt.method} ${attempt.path}`;
    t.equal(answer.status, 401, told);
    const looked = await looks(answer);
    if (attempt.method !== 'HEAD') t.same(looked, wrong, told);
  }
  t.same(await stateOfB(), before, 'nothing of it was touched');
});

t.test('of its own endpoint: whatever is there, and nothing of the operator', async (t) => {
  for (const attempt of attempts(a)) {
    const { status, body } = await send({ ...attempt, method: 'GET' }, a.token);
    await body?.cancel();
    const told = `GET ${attempt.path}: ${status}`;
    const isOurs = attempt.path.includes('/endpoints/') && !attempt.path.startsWith('/scim/admin');
    if (isOurs) t.notOk([401, 403, 429].includes(status), told);
    else t.ok([401, 405].includes(status), told);
  }
  succeeded(t, await a.scim.get('/Users?count=0', bearing(a.token)), 200);
  succeeded(t, await a.scim.delete(`/Users/${a.userId}`, bearing(a.token)), 204);
});

t.test('an inactive endpoint is 403 to its own token and 401 to others', async (t) => {
  const admin = scim.under('/scim/admin');
  await admin.patch(`/endpoints/${b.id}`, { active: false });
  scimError(t, await b.scim.get('/Users', bearing(b.token)), 403);
  scimError(t, await b.scim.get('/Users', bearing(a.token)), 401);
  await admin.patch(`/endpoints/${b.id}`, { active: true });
  succeeded(t, await b.scim.get('/Users', bearing(b.token)), 200);
});

t.test('plans are for the operator alone', async (t) => {
  const headers = { 'x-scim-explain': '1' };
  scimError(t, await a.scim.get('/Users', { headers, ...bearing(a.token) }), 401);
});
