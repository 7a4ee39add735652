/** Unknown routes, wrong methods, HEAD, and tokens that are none. */
import t from 'tap';
import { ScimClient } from '../support/client.ts';
import { entraGroup, entraUser } from '../support/entra.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { SECRET, Server } from '../support/server.ts';

const server = await Server.start(t);
const scim = ScimClient.of(t, server);
const user = await scim.post('/Users', entraUser('routed'));
const group = await scim.post('/Groups', entraGroup('Routed'));

t.test('unknown routes are a SCIM 404', async (t) => {
  for (const path of [
    '/Nothing',
    '/Users/',
    `/Users/${user.id}/name`,
    '/users/../Nothing',
    '/Schemas/urn:nobody',
    '/ResourceTypes/Nothing',
    '//Users',
  ]) {
    const answer = await scim.get(path);
    if (path === '/Users/') t.ok([200, 404].includes(answer.status));
    else scimError(t, answer, 404);
  }
  const root = scim.under('');
  for (const path of ['/', '/favicon.ico', '/scim//', '/scim/v3/Users', '/admin', '/health', '*']) {
    const answer = await root.get(path === '*' ? '/*' : path);
    t.equal(answer.status, 404, path);
  }
});

const ALLOWED: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['/Users', ['PUT', 'PATCH', 'DELETE'], ['GET', 'POST']],
  ['/Groups', ['PUT', 'PATCH', 'DELETE'], ['GET', 'POST']],
  [`/Users/${user.id}`, ['POST'], ['GET', 'PUT', 'PATCH', 'DELETE']],
  [`/Groups/${group.id}`, ['POST'], ['GET', 'PUT', 'PATCH', 'DELETE']],
  ['', ['POST', 'PUT', 'PATCH', 'DELETE'], ['GET']],
  ['/.search', ['GET', 'PUT', 'PATCH', 'DELETE'], ['POST']],
  ['/Users/.search', ['GET', 'PUT', 'PATCH', 'DELETE'], ['POST']],
  ['/ServiceProviderConfig', ['POST', 'PUT', 'PATCH', 'DELETE'], ['GET']],
  ['/ResourceTypes', ['POST', 'PUT', 'PATCH', 'DELETE'], ['GET']],
  ['/ResourceTypes/User', ['POST', 'DELETE'], ['GET']],
  ['/Schemas', ['POST', 'PUT', 'PATCH', 'DELETE'], ['GET']],
  [`/Schemas/urn:ietf:params:scim:schemas:core:2.0:User`, ['PUT', 'DELETE'], ['GET']],
];

for (const [path, refused, allowed] of ALLOWED) {
  t.test(`${path}: other methods are 405 with Allow`, async (t) => {
    for (const method of refused) {
      const answer = await scim.send(method, path, method === 'DELETE' ? undefined : {});
      scimError(t, answer, 405);
      const allow = String(answer.headers.allow).split(/,\s*/);
      for (const name of allowed) t.ok(allow.includes(name), `Allow of ${path} has ${name}`);
      t.notOk(allow.includes(method));
    }
  });
}

t.test('methods without a body on wrong routes, and unheard-of ones', async (t) => {
  for (const method of ['OPTIONS', 'TRACE', 'PROPFIND']) {
    const answer = await scim.send(method, '/Users', undefined);
    t.ok([204, 405, 501].includes(answer.status), `${method}: ${answer.status}`);
  }
  succeeded(t, await scim.get('/Users?count=0'), 200);
});

t.test('HEAD is GET without its body', async (t) => {
  for (const path of [`/Users/${user.id}`, '/Users', '/ServiceProviderConfig', '/Users/unknown']) {
    const get = await scim.get(path);
    const head = await scim.head(path);
    t.equal(head.status, get.status, path);
    t.equal(head.headers['content-type'], get.headers['content-type']);
    t.equal(head.headers.etag, get.headers.etag);
    t.equal(head.headers['content-length'], get.headers['content-length']);
    t.equal(head.text, '');
  }
});

t.test('no token, a wrong one, or another scheme: 401', async (t) => {
  const wrong: readonly (string | undefined)[] = [
    undefined,
    '',
    'Bearer',
    'Bearer ',
    `bearer${SECRET}`,
    `Basic ${Buffer.from(`a:${SECRET}`).toString('base64')}`,
    `Bearer ${SECRET}x`,
    `Bearer ${SECRET.slice(0, -1)}`,
    `Bearer ${SECRET.toUpperCase()}`,
    `Bearer ${SECRET} ${SECRET}`,
    SECRET,
  ];
  for (const authorization of wrong) {
    const options = {
      token: null,
      ...(authorization === undefined ? {} : { headers: { authorization } }),
    };
    for (const path of ['/Users', `/Users/${user.id}`, '/Users?filter=broken', '/Nothing/at/all']) {
      const answer = await scim.get(path, options);
      if (path.startsWith('/Nothing')) t.ok([401, 404].includes(answer.status));
      else scimError(t, answer, 401);
      t.notOk(answer.text.includes(SECRET.slice(0, 12)));
    }
    const create = await scim.post('/Users', entraUser('unauthorised'), options);
    scimError(t, create, 401);
    t.equal((await scim.under('/scim/admin').get('/endpoints', options)).status, 401);
  }
  t.equal((await scim.get('/Users?count=0')).body['totalResults'], 1);
});

t.test('the scheme compares without case', async (t) => {
  const headers = { authorization: `bEARER ${SECRET}` };
  succeeded(t, await scim.get('/Users', { token: null, headers }), 200);
});

t.test('an 8 KiB token is read and refused, as any other', async (t) => {
  for (const length of [4_096, 8_192]) {
    scimError(t, await scim.get('/Users', { token: 'x'.repeat(length) }), 401);
  }
  succeeded(t, await scim.get('/Users'), 200);
});

t.test('discovery and health need no token', async (t) => {
  const open = { token: null };
  for (const path of [
    '/ServiceProviderConfig',
    '/ResourceTypes',
    '/Schemas',
    '/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group',
    '/ResourceTypes/User',
  ]) {
    succeeded(t, await scim.get(path, open), 200);
  }
  for (const path of ['/health/live', '/health/ready']) {
    succeeded(t, await scim.under('').get(path, open), 200);
  }
  scimError(t, await scim.get('/Schemas?filter=id+eq+"x"', open), 403);
  scimError(t, await scim.get('/ResourceTypes?filter=id+eq+"x"', open), 403);
  succeeded(t, await scim.get('/ServiceProviderConfig?filter=id+eq+"x"', open), 200);
});
