/** Schemas change under data: what adds is taken, what stored resources would not fit is refused. */
import { once } from 'node:events';
import { request } from 'node:http';
import Database from 'better-sqlite3';
import t from 'tap';
import { isObject, type JsonObject } from '../../src/scim/json.ts';
import type { Answer } from '../support/answer.ts';
import { ScimClient } from '../support/client.ts';
import { patchOp } from '../support/entra.ts';
import { onlyResource, scimError, succeeded } from '../support/scim-asserts.ts';
import { SECRET, Server } from '../support/server.ts';
import {
  DEVICE,
  device,
  DEVICE_PROFILE,
  DEVICE_SCHEMA,
  DEVICE_TYPE,
  USER_TYPE,
  WARRANTY_SCHEMA,
} from './device-profile.ts';

const server = await Server.start(t);
const root = ScimClient.of(t, server);
const admin = root.under('/scim/admin');
let endpoints = 0;

interface DeviceEndpoint {
  readonly scim: ScimClient;
  /** The endpoint's admin path, and its path under `/scim/endpoints`. */
  readonly path: string;
  readonly base: string;
  readonly change: (config: JsonObject) => Promise<Answer>;
}

async function deviceEndpoint(config: JsonObject = DEVICE_PROFILE): Promise<DeviceEndpoint> {
  const name = `changing-${endpoints++}`;
  const { id } = succeeded(t, await admin.post('/endpoints', { name, config }), 201);
  const path = `/endpoints/${id}`;
  const base = `/scim/endpoints/${name}`;
  const change = (config: JsonObject): Promise<Answer> => admin.patch(path, { config });
  return { scim: root.under(base), path, base, change };
}

/** The profile with the device's attributes changed; undefined takes one away. */
function withAttributes(changes: Readonly<Record<string, JsonObject | undefined>>): JsonObject {
  const attributes = DEVICE_SCHEMA['attributes'];
  if (!Array.isArray(attributes)) throw new Error('the device has attributes');
  const known = attributes.filter(isObject);
  const kept = known.flatMap((attribute) => {
    const name = nameOf(attribute);
    if (!Object.hasOwn(changes, name)) return [attribute];
    const changed = changes[name];
    return changed === undefined ? [] : [{ ...attribute, ...changed }];
  });
  const names = new Set(known.map(nameOf));
  const added = Object.entries(changes).flatMap(([name, more]) =>
    more === undefined || names.has(name) ? [] : [{ name, ...more }],
  );
  const schema = { ...DEVICE_SCHEMA, attributes: [...kept, ...added] };
  return { schemas: [schema, WARRANTY_SCHEMA], resourceTypes: [USER_TYPE, DEVICE_TYPE] };
}

function nameOf({ name }: JsonObject): string {
  return typeof name === 'string' ? name : '';
}

t.test('what adds is taken beside data, and holds from the next request on', async (t) => {
  const { scim, change } = await deviceEndpoint();
  const { id } = succeeded(t, await scim.post('/Devices', device('S')), 201);
  const more = withAttributes({ colour: { canonicalValues: ['red'] }, rack: { type: 'integer' } });
  succeeded(t, await change(more), 200);
  const patch = patchOp({ op: 'add', value: { colour: 'green', rack: 7 } });
  t.match(succeeded(t, await scim.patch(`/Devices/${id}`, patch), 200).body, {
    colour: 'green',
    rack: 7,
  });
  t.equal(onlyResource(t, await scim.get('/Devices?filter=rack%20eq%207'))['id'], id);
  t.match((await scim.get(`/Schemas/${DEVICE}`)).text, /"colour".*"canonicalValues":\["red"\]/);
});

t.test('what stored resources do not fit is refused, with how many and which', async (t) => {
  const { scim, change, path } = await deviceEndpoint();
  const stored = {
    label: 'L',
    cores: 4,
    tags: ['x'],
    assetTag: 'A',
    addresses: [{ value: 'v', type: 'mac' }],
  };
  const first = succeeded(t, await scim.post('/Devices', device('S-1', stored)), 201);
  succeeded(t, await scim.post('/Devices', device('S-2', { label: 'M' })), 201);
  const before = await admin.get(path);
  const sub = { subAttributes: [{ name: 'value', type: 'integer' }, { name: 'type' }] };
  for (const [changes, count, ...mentions] of [
    [{ label: { type: 'integer' } }, '2 stored resources', 'label', 'an integer'],
    [{ label: { multiValued: true } }, '2 stored resources', 'label', 'a list'],
    [{ tags: { multiValued: false } }, 'a stored resource', 'tags', 'a single value'],
    [{ cores: { type: 'boolean' } }, 'a stored resource', 'cores', 'true or false'],
    [{ label: undefined }, '2 stored resources', 'label', 'no attribute any more'],
    [{ assetTag: { uniqueness: 'none' } }, 'a stored resource', 'assetTag', 'uniqueness'],
    [{ assetTag: { caseExact: true } }, 'a stored resource', 'assetTag', 'caseExact'],
    [{ serial: { caseExact: false } }, '2 stored resources', 'serial'],
    [{ cores: { required: true } }, 'a stored resource', 'cores', 'required'],
    [{ rack: { required: true } }, '2 stored resources', 'rack', 'required'],
    [{ label: { returned: 'never' } }, '2 stored resources', 'label', 'returned never'],
    [{ addresses: sub }, 'a stored resource', 'addresses.value', 'an integer'],
  ] as const) {
    const answer = await change(withAttributes(changes));
    scimError(t, answer, 409, undefined, count, first.id.slice(0, 8), ...mentions);
  }
  const noWarranty = { ...DEVICE_TYPE, schemaExtensions: [] };
  const without = { schemas: [DEVICE_SCHEMA], resourceTypes: [USER_TYPE, noWarranty] };
  scimError(t, await change(without), 409, undefined, '2 stored', 'extension');
  scimError(t, await change({}), 409, undefined, '2 stored resources', 'its type would be gone');
  t.same((await admin.get(path)).body, before.body, 'nothing has changed');
  t.same((await scim.get(`/Devices/${first.id}`)).body, first.body);
});

t.test('without values the same changes are taken', async (t) => {
  const { scim, change } = await deviceEndpoint();
  const { id } = succeeded(t, await scim.post('/Devices', device('S')), 201);
  const changes = { label: { type: 'integer' }, tags: undefined, assetTag: { uniqueness: 'none' } };
  succeeded(t, await change(withAttributes(changes)), 200);
  const patch = patchOp({ op: 'add', path: 'label', value: 7 });
  t.equal(succeeded(t, await scim.patch(`/Devices/${id}`, patch), 200).body['label'], 7);
  succeeded(t, await scim.delete(`/Devices/${id}`), 204);
  succeeded(t, await change({}), 200);
  scimError(t, await scim.get('/Devices'), 404, undefined, 'Users and Groups');
});

t.test('secrets and members count, although no document holds them', async (t) => {
  const { scim, change } = await deviceEndpoint();
  const secret = device('S', { unlockCode: '0000' });
  const { id } = succeeded(t, await scim.post('/Devices', secret), 201);
  scimError(
    t,
    await change(withAttributes({ unlockCode: undefined })),
    409,
    undefined,
    'unlockCode',
  );
  succeeded(t, await scim.delete(`/Devices/${id}`), 204);
  succeeded(t, await change(withAttributes({ unlockCode: undefined })), 200);

  const groups = await deviceEndpoint({});
  const { id: user } = await groups.scim.post('/Users', { userName: 'u' });
  const group = await groups.scim.post('/Groups', { displayName: 'G', members: [{ value: user }] });
  const schema = 'urn:ietf:params:scim:schemas:core:2.0:Group';
  const plain = {
    schemas: [
      { id: schema, attributes: [{ name: 'displayName', required: true, uniqueness: 'server' }] },
    ],
  };
  scimError(t, await groups.change(plain), 409, undefined, group.id, 'members');
  scimError(t, await groups.change({ preset: 'users-only' }), 409, undefined, 'Group', group.id);
  await groups.scim.patch(`/Groups/${group.id}`, patchOp({ op: 'remove', path: 'members' }));
  succeeded(t, await groups.change(plain), 200);
});

t.test('what was kept without a schema is held against a new one', async (t) => {
  const { scim, change } = await deviceEndpoint({ ...DEVICE_PROFILE, unknownAttributes: 'keep' });
  const { id } = succeeded(t, await scim.post('/Devices', device('S', { rack: 'seven' })), 201);
  const typed = (type: string): JsonObject => ({
    ...withAttributes({ rack: { type } }),
    unknownAttributes: 'keep',
  });
  scimError(t, await change(typed('integer')), 409, undefined, id, 'rack', 'an integer');
  succeeded(t, await change(typed('string')), 200);
  t.equal(onlyResource(t, await scim.get('/Devices?filter=rack%20eq%20"SEVEN"'))['id'], id);
});

t.test('an inactive endpoint can be changed while nobody writes', async (t) => {
  const { scim, path, change } = await deviceEndpoint();
  succeeded(t, await scim.post('/Devices', device('S')), 201);
  succeeded(t, await admin.patch(path, { active: false }), 200);
  succeeded(t, await change(withAttributes({ label: undefined })), 200);
  succeeded(t, await admin.patch(path, { active: true }), 200);
  scimError(t, await scim.get('/Devices?filter=label%20pr'), 400, 'invalidFilter', 'label');
});

t.test(
  'a body that arrives after the schemas have changed is not read by the old ones',
  async (t) => {
    const { scim, base, change } = await deviceEndpoint();
    const body = JSON.stringify(device('late', { label: 'L' }));
    const outgoing = request({
      host: '127.0.0.1',
      port: server.port,
      method: 'POST',
      path: `${base}/Devices`,
      headers: {
        authorization: `Bearer ${SECRET}`,
        'content-type': 'application/scim+json',
        'content-length': Buffer.byteLength(body),
      },
    });
    const answered = once(outgoing, 'response') as Promise<
      [{ statusCode: number; headers: object; resume(): void }]
    >;
    outgoing.write(body.slice(0, 10));
    // On another connection, and answered: by now the first bytes have long been read.
    await scim.get('/Devices');
    succeeded(t, await change(withAttributes({ label: { type: 'integer' } })), 200);
    outgoing.end(body.slice(10));
    const [answer] = await answered;
    answer.resume();
    t.equal(answer.statusCode, 503);
    t.ok('retry-after' in answer.headers);
    t.equal((await scim.get('/Devices?count=0')).body['totalResults'], 0);
  },
);

t.test('writers beside a change are answered well, and nothing ends up at odds', async (t) => {
  const { scim, change } = await deviceEndpoint();
  let serial = 0;
  let done = false;
  const statuses = new Set<number>();
  const write = async (): Promise<void> => {
    while (!done) {
      const answer = await scim.post('/Devices', device(`S${serial++}`, { label: 'text' }));
      statuses.add(answer.status);
    }
  };
  const writers = [write(), write(), write(), write()];
  const integer = withAttributes({ label: { type: 'integer' } });
  const refused = await change(integer);
  done = true;
  await Promise.all(writers);
  t.ok([409, 503].includes(refused.status), `${refused.status}: there are labels, or writers`);
  if (refused.status === 503) {
    scimError(t, refused, 503, undefined, 'set the endpoint inactive');
    t.ok('retry-after' in refused.headers);
  }
  t.same(statuses, new Set([201]));
  scimError(t, await change(integer), 409, undefined, `${serial} stored resources`);
});

t.test('each request for a change has one row in the request log', async (t) => {
  t.equal((await server.stop()).code, 0);
  const db = new Database(server.databaseFile.replace(/\.db$/, '.logs.db'), { readonly: true });
  t.teardown(() => db.close());
  const rows = db
    .prepare<[], { requestId: string; status: number; detail: string | null }>(
      `SELECT request_id AS requestId, status, detail FROM request_log WHERE method = 'PATCH'`,
    )
    .all();
  t.equal(new Set(rows.map(({ requestId }) => requestId)).size, rows.length);
  const refused = rows.filter(({ status }) => status === 409);
  t.ok(refused.length > 10);
  for (const { detail } of refused) t.match(detail, /not fit the new schemas/);
});
