/** A resource type that an administrator has defined does all that users do. */
import t from 'tap';
import type { JsonObject } from '../../src/scim/json.ts';
import { ScimClient } from '../support/client.ts';
import { patchOp } from '../support/entra.ts';
import { listsIds, onlyResource, scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';
import { DEVICE, device, DEVICE_PROFILE, WARRANTY } from './device-profile.ts';

const server = await Server.start(t);
const root = ScimClient.of(t, server);
const admin = root.under('/scim/admin');
let endpoints = 0;

/** A client of a new endpoint that serves users and devices. */
async function deviceEndpoint(more: JsonObject = {}): Promise<ScimClient> {
  const name = `devices-${endpoints++}`;
  const config = { ...DEVICE_PROFILE, ...more };
  succeeded(t, await admin.post('/endpoints', { name, config }), 201);
  return root.under(`/scim/endpoints/${name}`);
}

t.test('create, read, list, replace, patch, delete', async (t) => {
  const scim = await deviceEndpoint();
  const body = device('S-1', {
    label: 'Laptop',
    cores: 8,
    weight: 1.25,
    addresses: [{ value: '10.0.0.1', type: 'ipv4', primary: true }],
  });
  const created = succeeded(t, await scim.post('/Devices', body), 201);
  t.match(created.body, { ...body, meta: { resourceType: 'Device' } });
  t.match(created.location, /\/Devices\/[0-9a-f-]{36}$/);
  const path = `/Devices/${created.id}`;
  t.same(succeeded(t, await scim.get(path), 200).body, created.body);
  t.same(succeeded(t, await scim.get('/devices'), 200).resources, [created.body]);
  const headers = { 'if-none-match': created.etag };
  succeeded(t, await scim.get(path, { headers }), 304);

  const replaced = succeeded(t, await scim.put(path, device('S-1', { cores: 16 })), 200);
  t.notOk('label' in replaced.body);
  t.equal(replaced.body['cores'], 16);
  const patched = await scim.patch(
    path,
    patchOp(
      { op: 'add', path: 'addresses', value: [{ value: 'aa:bb', type: 'mac' }] },
      { op: 'replace', path: `${WARRANTY}:partner`, value: 'Contoso' },
      { op: 'add', value: { tags: ['a', 'b'], owner: { value: 'u1', displayName: 'ignored' } } },
    ),
  );
  t.match(succeeded(t, patched, 200).body, {
    addresses: [{ value: 'aa:bb', type: 'mac' }],
    tags: ['a', 'b'],
    owner: { value: 'u1' },
    [WARRANTY]: { until: '2030-01-01T00:00:00Z', partner: 'Contoso' },
  });
  t.notOk(JSON.stringify(patched.body).includes('ignored'), 'readOnly');
  const element = { op: 'replace', path: 'addresses[type eq "mac"].value', value: 'cc:dd' };
  t.match((await scim.patch(path, patchOp(element))).body, { addresses: [{ value: 'cc:dd' }] });
  const unknown = { op: 'replace', path: 'colour', value: 'red' };
  t.equal((await scim.patch(path, patchOp(unknown))).version, (await scim.get(path)).version);
  succeeded(t, await scim.delete(path), 204);
  scimError(t, await scim.get(path), 404);
  listsIds(t, await scim.get('/Devices'), []);
});

t.test('its name is unique and case-exact, as its schema says; so is any attribute', async (t) => {
  const scim = await deviceEndpoint();
  const { id } = succeeded(t, await scim.post('/Devices', device('S-1', { assetTag: 'Tag' })), 201);
  scimError(t, await scim.post('/Devices', device('S-1')), 409, 'uniqueness', 'serial', '"S-1"');
  const other = succeeded(t, await scim.post('/Devices', device('s-1')), 201);
  const taken = device('S-2', { assetTag: 'TAG' });
  scimError(t, await scim.post('/Devices', taken), 409, 'uniqueness', 'assetTag');
  for (const [filter, ids] of [
    ['serial eq "S-1"', [id]],
    ['serial eq "s-1"', [other.id]],
    ['assetTag eq "tAG"', [id]],
  ] as const) {
    listsIds(t, await scim.get(`/Devices?filter=${encodeURIComponent(filter)}`), ids);
  }
  const rename = patchOp({ op: 'replace', path: 'serial', value: 'S-1' });
  scimError(t, await scim.patch(`/Devices/${other.id}`, rename), 409, 'uniqueness', 'serial');
});

t.test('its characteristics hold', async (t) => {
  const scim = await deviceEndpoint();
  const refused: readonly (readonly [JsonObject, ...string[]])[] = [
    [{ schemas: [DEVICE], [WARRANTY]: { until: '2030-01-01T00:00:00Z' } }, 'serial is required'],
    [{ schemas: [DEVICE], serial: 'x' }, `${WARRANTY} is required`],
    [{ schemas: [DEVICE], serial: 'x', [WARRANTY]: { partner: 'y' } }, 'until is required'],
    [device('x', { cores: 1.5 }), 'cores must be an integer'],
    [device('x', { weight: '1' }), 'weight must be a number'],
    [device('x', { boughtAt: 'yesterday' }), 'boughtAt must be a date'],
    [device('x', { addresses: [{ type: 'mac' }] }), 'addresses.value is required'],
    [device('x', { addresses: [{ value: 7 }] }), 'addresses.value must be a string'],
  ];
  for (const [body, ...mentions] of refused) {
    scimError(t, await scim.post('/Devices', body), 400, 'invalidValue', ...mentions);
  }
  const secret = { model: 'M', notes: 'private', unlockCode: '0000' };
  const created = succeeded(t, await scim.post('/Devices', device('S', secret)), 201);
  const path = `/Devices/${created.id}`;
  t.notOk(created.text.includes('0000'), 'never returned');
  const read = await scim.get(path);
  t.notOk('notes' in read.body, 'on request only');
  t.equal((await scim.get(`${path}?attributes=notes`)).body['notes'], 'private');
  const narrow = succeeded(t, await scim.get(`${path}?attributes=label`), 200);
  t.same(Object.keys(narrow.body).sort(), ['id', 'schemas'], 'partner has no value');
  scimError(t, await scim.put(path, device('S', { model: 'N' })), 400, 'mutability', 'model');
  const dropRequired = patchOp({ op: 'remove', path: `${WARRANTY}:until` });
  t.equal((await scim.patch(path, dropRequired)).status, 400);
  t.equal((await scim.patch(path, patchOp({ op: 'remove', path: WARRANTY }))).status, 400);
});

t.test('filters reach every kind of attribute', async (t) => {
  const scim = await deviceEndpoint();
  const ids: Record<string, string> = {};
  for (const [serial, more] of [
    ['a', { cores: 4, managed: true, tags: ['x'], boughtAt: '2024-01-01T00:00:00Z' }],
    ['b', { cores: 8, managed: false, tags: ['x', 'y'], owner: { value: 'u1' } }],
    [
      'c',
      {
        cores: 16,
        addresses: [
          { value: '10.0.0.3', type: 'ipv4' },
          { value: 'm', type: 'mac' },
        ],
      },
    ],
  ] as const) {
    ids[serial] = (
      await scim.post('/Devices', device(serial, JSON.parse(JSON.stringify(more)) as JsonObject))
    ).id;
  }
  for (const [filter, serials] of [
    ['cores gt 4', ['b', 'c']],
    ['managed eq true', ['a']],
    ['tags eq "y"', ['b']],
    ['boughtAt lt "2025-01-01T00:00:00Z"', ['a']],
    ['owner.value eq "u1"', ['b']],
    ['addresses[type eq "mac" and value eq "m"]', ['c']],
    ['addresses.value sw "10."', ['c']],
    [`${WARRANTY}:until ge "2030-01-01T00:00:00Z"`, ['a', 'b', 'c']],
    [`${DEVICE}:cores eq 8 or serial eq "a"`, ['a', 'b']],
    ['meta.resourceType eq "Device" and not (cores le 8)', ['c']],
  ] as const) {
    const found = await scim.get(`/Devices?filter=${encodeURIComponent(filter)}`);
    listsIds(
      t,
      found,
      serials.map((serial) => ids[serial] ?? ''),
    );
  }
  scimError(
    t,
    await scim.get('/Devices?filter=userName%20eq%20"x"'),
    400,
    'invalidFilter',
    'userName',
  );
  const page = await scim.get('/Devices?startIndex=2&count=1&attributes=serial');
  t.match(page.body, { totalResults: 3, itemsPerPage: 1, startIndex: 2 });
});

t.test('sorting, searches and bulk serve it like users', async (t) => {
  const scim = await deviceEndpoint();
  succeeded(t, await scim.post('/Users', { userName: 'u' }), 201);
  const operations = [8, 4, 16].map((cores) => {
    const data = device(`${cores} cores`, { cores });
    return { method: 'POST', path: '/Devices', bulkId: String(cores), data };
  });
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'];
  const bulk = await scim.post('/Bulk', { schemas, Operations: operations });
  t.equal(succeeded(t, bulk, 200).at('Operations', 2, 'status'), '201');
  const coresOf = async (path: string): Promise<unknown[]> =>
    (await scim.get(path)).resources.map(({ cores }) => cores);
  t.same(await coresOf('/Devices?sortBy=cores'), [4, 8, 16]);
  t.same(await coresOf('/Devices?sortBy=serial&sortOrder=descending'), [8, 4, 16]);
  const search = {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
    filter: 'cores ge 8',
    attributes: ['serial'],
  };
  t.equal((await scim.post('/Devices/.search', search)).body['totalResults'], 2);
  const everything = succeeded(t, await scim.get('/'), 200);
  t.equal(everything.body['totalResults'], 4);
});

t.test('it may be a member of a group, and is shown as what it is', async (t) => {
  const group = {
    name: 'Group',
    endpoint: '/Groups',
    schema: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  };
  const { resourceTypes } = DEVICE_PROFILE;
  const scim = await deviceEndpoint({ resourceTypes: [...(resourceTypes as JsonObject[]), group] });
  const { id } = await scim.post('/Devices', device('S'));
  const members = [{ value: id }];
  const created = await scim.post('/Groups', { displayName: 'G', members });
  t.match(succeeded(t, created, 201).body['members'], [{ value: id, type: 'Device' }]);
  t.match(created.at('members', 0, '$ref'), new RegExp(`/Devices/${id}$`));
  succeeded(t, await scim.delete(`/Devices/${id}`), 204);
  t.notOk('members' in (await scim.get(`/Groups/${created.id}`)).body);
});

t.test('endpoints do not know the types of each other', async (t) => {
  const scim = await deviceEndpoint();
  await scim.post('/Devices', device('S'));
  scimError(t, await scim.get('/Groups'), 404, undefined, 'Users and Devices');
  scimError(t, await root.get('/Devices'), 404, undefined, 'Users and Groups');
  scimError(t, await root.post('/Devices', device('S')), 404);
  const user = { userName: 'u', displayName: 'U' };
  succeeded(t, await scim.post('/Users', user), 201);
  t.notOk((await scim.get('/Users')).text.includes('enterprise'));
});

t.test('statistics count it', async (t) => {
  const scim = await deviceEndpoint();
  await scim.post('/Devices', device('S'));
  const { id } = await admin.get(`/endpoints/by-name/devices-${endpoints - 1}`);
  const stats = succeeded(t, await admin.get(`/endpoints/${id}/stats`), 200);
  t.match(stats.body, { totalUsers: 0, totalGroups: 0, resources: { User: 0, Device: 1 } });
});

t.test('a new process compiles what was stored', async (t) => {
  const scim = await deviceEndpoint();
  const { id } = await scim.post('/Devices', device('S'));
  const name = `devices-${endpoints - 1}`;
  t.equal((await server.stop()).code, 0);
  await server.startAgain();
  const again = ScimClient.of(t, server, `/scim/endpoints/${name}`);
  t.equal(onlyResource(t, await again.get('/Devices'))['id'], id);
  scimError(t, await again.post('/Devices', device('S')), 409, 'uniqueness');
});
