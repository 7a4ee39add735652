import t from 'tap';
import { ScimError } from '../scim/errors.ts';
import { HttpError } from './http-error.ts';
import { matchRoute } from './routes.ts';
import { failureOf } from './test/failure-of.ts';

function refusal(method: string, path: string): unknown {
  return failureOf(() => matchRoute(method, path));
}

t.test('a resource type lives under each form of the root', (t) => {
  const forms = [
    ['/scim/Users', 'default', '/scim'],
    ['/scim/v2/Users', 'default', '/scim/v2'],
    ['/scim/endpoints/acme/Users', 'acme', '/scim/endpoints/acme'],
    ['/scim/v2/endpoints/acme/Users', 'acme', '/scim/v2/endpoints/acme'],
  ] as const;
  for (const [path, endpoint, root] of forms) {
    const expected = { kind: 'resources', root: { endpoint, path: root }, type: 'Users' };
    t.same(matchRoute('GET', path), expected, path);
    const id = '0190c7b0-7f00-7000-8000-000000000001';
    t.same(matchRoute('PATCH', `${path}/${id}`), { ...expected, kind: 'resource', id }, path);
  }
  t.end();
});

t.test('one slash at the end changes nothing', (t) => {
  t.same(matchRoute('GET', '/scim/v2/Users/'), matchRoute('GET', '/scim/v2/Users'));
  t.match(refusal('GET', '/scim/v2/Users//'), { status: 404 });
  t.end();
});

t.test('a type keeps the case in which it was typed, for the registry to find it', (t) => {
  t.match(matchRoute('GET', '/scim/v2/uSERS'), { kind: 'resources', type: 'uSERS' });
  t.end();
});

t.test('the root itself is a list, and a search lives behind it and behind each type', (t) => {
  for (const [path, endpoint] of [
    ['/scim', 'default'],
    ['/scim/v2', 'default'],
    ['/scim/endpoints/acme', 'acme'],
    ['/scim/v2/endpoints/acme', 'acme'],
  ] as const) {
    const root = { endpoint, path };
    t.same(matchRoute('GET', path), { kind: 'root', root }, path);
    t.same(matchRoute('HEAD', `${path}/`), { kind: 'root', root }, path);
    t.same(matchRoute('POST', `${path}/.search`), { kind: 'search', root, type: undefined }, path);
    const ofUsers = { kind: 'search', root, type: 'Users' };
    t.same(matchRoute('POST', `${path}/Users/.search`), ofUsers, path);
    t.same(matchRoute('POST', `${path}/Users/%2ESearch/`), ofUsers, path);
  }
  t.end();
});

t.test('an id is percent-decoded, and what is no plain token names nothing', (t) => {
  t.match(matchRoute('GET', '/scim/v2/Users/a%2Db'), { kind: 'resource', id: 'a-b' });
  for (const id of ['a%2Fb', '%00', 'a%0d%0ab', '%zz', '%c3%a5', 'a%20b', "'", 'x'.repeat(256)]) {
    t.match(refusal('GET', `/scim/v2/Users/${id}`), { status: 404 }, id);
  }
  t.end();
});

t.test('an endpoint name that is no plain token is unknown', (t) => {
  t.match(refusal('GET', '/scim/endpoints/a%2F..%2Fb/Users'), { status: 404 });
  t.match(refusal('GET', '/scim/endpoints//Users'), { status: 404 });
  t.end();
});

t.test('discovery by list and by id, names in any case', (t) => {
  const root = { endpoint: 'default', path: '/scim/v2' };
  t.same(matchRoute('GET', '/scim/v2/serviceProviderConfig'), {
    kind: 'serviceProviderConfig',
    root,
    id: undefined,
  });
  t.same(matchRoute('GET', '/scim/v2/ResourceTypes/User'), {
    kind: 'resourceTypes',
    root,
    id: 'User',
  });
  const id = 'urn:ietf:params:scim:schemas:core:2.0:User';
  t.same(matchRoute('GET', `/scim/v2/Schemas/${id}`), { kind: 'schemas', root, id });
  t.same(matchRoute('GET', `/scim/v2/Schemas/${encodeURIComponent(id)}`), {
    kind: 'schemas',
    root,
    id,
  });
  t.match(refusal('GET', '/scim/v2/ServiceProviderConfig/x'), { status: 404 });
  t.end();
});

t.test('the admin plane', (t) => {
  const admin = '/scim/admin/endpoints';
  t.same(matchRoute('POST', admin), { kind: 'adminEndpoints' });
  t.same(matchRoute('DELETE', `${admin}/7`), { kind: 'adminEndpoint', id: '7' });
  t.same(matchRoute('GET', `${admin}/by-name/acme`), { kind: 'adminEndpointByName', name: 'acme' });
  t.same(matchRoute('GET', `${admin}/7/stats`), { kind: 'adminEndpointStats', id: '7' });
  for (const path of ['/scim/admin', '/scim/admin/x', `${admin}/7/x`, `${admin}/7/stats/x`]) {
    t.match(refusal('GET', path), { status: 404 }, path);
  }
  t.end();
});

t.test('backups and the database, also where the earlier SCIMServer had them', (t) => {
  const paths = {
    '/scim/admin/backup/stats': ['GET', 'backupStats'],
    '/api/backup/status': ['GET', 'backupStats'],
    '/scim/admin/backup/trigger': ['POST', 'backupTrigger'],
    '/scim/admin/backup/snapshots': ['GET', 'backupSnapshots'],
    '/scim/admin/backup/restore-points': ['GET', 'backupRestorePoints'],
    '/scim/admin/backup/verify': ['POST', 'backupVerify'],
    '/scim/admin/backup/restore': ['POST', 'backupRestore'],
    '/scim/admin/database/statistics': ['GET', 'databaseStatistics'],
    '/api/database/statistics': ['GET', 'databaseStatistics'],
    '/metrics': ['GET', 'metrics'],
  } as const;
  for (const [path, [method, kind]] of Object.entries(paths)) {
    t.same(matchRoute(method, path), { kind }, path);
    t.same(matchRoute(method, `${path}/`), { kind }, `${path}/`);
    t.match(refusal(method, `${path}/x`), { status: 404 }, `${path}/x`);
    const allow = method === 'GET' ? 'GET, HEAD' : 'POST';
    const refused = method === 'GET' ? ['POST', 'PUT', 'DELETE'] : ['GET', 'HEAD', 'PUT', 'DELETE'];
    for (const other of refused) {
      const failure = refusal(other, path);
      t.match(failure, { status: 405, headers: [['Allow', allow]] }, `${other} ${path}`);
    }
  }
  const nowhere = [
    '/api',
    '/api/backup',
    '/api/backup/trigger',
    '/scim/admin/backup',
    '/api/Users',
  ];
  for (const path of [...nowhere, '/scim/api/backup/status', '/scim/admin/backup/status']) {
    t.match(refusal('GET', path), { status: 404 }, path);
  }
  t.end();
});

t.test('probes', (t) => {
  t.same(matchRoute('GET', '/health/ready'), { kind: 'health', probe: 'ready' });
  t.same(matchRoute('HEAD', '/health/live'), { kind: 'health', probe: 'live' });
  t.match(refusal('GET', '/health'), { status: 404 });
  t.match(refusal('GET', '/health/x'), { status: 404 });
  t.end();
});

t.test('paths where nothing lives are 404', (t) => {
  const paths = [
    '/',
    '',
    '//',
    '/scim//',
    '/scim/v2//Users',
    '/scim/endpoints',
    '/scim/v2/endpoints/',
    '/Users',
    '/SCIM/v2/Users',
  ];
  for (const path of [...paths, '/scim/v2/.search/1', '/scim/v2/Users/1/2', '/favicon.ico']) {
    const failure = refusal('GET', path);
    t.ok(failure instanceof ScimError, path);
    t.match(failure, { status: 404 }, path);
  }
  t.end();
});

t.test('a method that a path does not take is 405 with Allow', (t) => {
  const cases = [
    ['PUT', '/scim/v2/Users', 'GET, HEAD, POST'],
    ['POST', '/scim/v2/Users/1', 'GET, HEAD, PUT, PATCH, DELETE'],
    ['POST', '/scim/v2/Schemas', 'GET, HEAD'],
    ['POST', '/scim/v2', 'GET, HEAD'],
    ['GET', '/scim/v2/.search', 'POST'],
    ['GET', '/scim/v2/Users/.search', 'POST'],
    ['DELETE', '/scim/v2/Users/.SEARCH', 'POST'],
    ['DELETE', '/scim/v2/ServiceProviderConfig', 'GET, HEAD'],
    ['POST', '/health/live', 'GET, HEAD'],
    ['PUT', '/scim/admin/endpoints/1', 'GET, HEAD, PATCH, DELETE'],
    ['OPTIONS', '/scim/v2/Users', 'GET, HEAD, POST'],
    ['get', '/scim/v2/Users', 'GET, HEAD, POST'],
    ['constructor', '/scim/v2/Users', 'GET, HEAD, POST'],
  ] as const;
  for (const [method, path, allow] of cases) {
    const failure = refusal(method, path);
    t.ok(failure instanceof HttpError, `${method} ${path}`);
    t.match(failure, { status: 405, headers: [['Allow', allow]] }, `${method} ${path}`);
  }
  t.end();
});
