/**
 * Each lenience towards dialects over HTTP: taken by default, refused once its setting is strict, and
 * nothing is stored by what is refused. PATCH goes through rehearsal and the writer alike.
 */
import t from 'tap';
import type { JsonObject } from '../../src/scim/json.ts';
import { ScimClient } from '../support/client.ts';
import { ENTERPRISE, entraUser, GROUP, patchOp, PATCH_OP, USER } from '../support/entra.ts';
import { scimError, succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const server = await Server.start(t);
const scim = ScimClient.of(t, server);
const admin = scim.under('/scim/admin');
let count = 0;

async function endpointWith(config: JsonObject): Promise<ScimClient> {
  const name = `tenant-${count++}`;
  succeeded(t, await admin.post('/endpoints', { name, config }), 201);
  return scim.under(`/scim/endpoints/${name}`);
}

interface Case {
  readonly config: JsonObject;
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'GET';
  /** Attributes of a user, a PATCH body, or a filter. */
  readonly given: JsonObject | string;
  readonly scimType: string;
  readonly mentions: readonly string[];
}

const post = (config: JsonObject, given: JsonObject, ...mentions: string[]): Case[] =>
  (['POST', 'PUT'] as const).map((method) => ({
    config,
    method,
    given,
    scimType: 'invalidValue',
    mentions,
  }));
const patch = (
  config: JsonObject,
  given: JsonObject,
  scimType: string,
  ...mentions: string[]
): Case => ({ config, method: 'PATCH', given, scimType, mentions });
const filter = (config: JsonObject, given: string, ...mentions: string[]): Case => ({
  config,
  method: 'GET',
  given,
  scimType: 'invalidFilter',
  mentions,
});

const two = [
  { value: 'a', primary: true },
  { value: 'b', primary: true },
];
const set = { op: 'replace', path: 'title', value: 'T' };
const CASES: readonly Case[] = [
  ...post({ textBooleans: false }, { active: 'True' }, 'active', 'true or false'),
  patch(
    { textBooleans: false },
    patchOp({ ...set, path: 'active', value: 'False' }),
    'invalidValue',
    'active',
  ),
  filter({ textBooleans: false }, 'active eq "True"', 'active', 'true or false'),
  ...post({ bareValues: false }, { emails: { value: 'a@x' } }, 'emails', 'an array'),
  ...post({ bareValues: false }, { [ENTERPRISE]: { manager: 'm' } }, 'manager', 'an object'),
  filter({ valuePathSuffix: false }, 'emails[type eq "work"].value eq "x"', 'brackets', '23'),
  filter({ looseDateTimes: false }, 'meta.created gt "2011-05-13T04:42:34"', 'meta.created'),
  ...post({ severalPrimaries: 'refuse' }, { roles: two }, 'roles', 'primary'),
  patch(
    { severalPrimaries: 'refuse' },
    patchOp({ op: 'add', path: 'roles', value: two }),
    'invalidValue',
    'roles.primary',
  ),
  ...post({ unknownSchemas: 'refuse' }, { schemas: [USER, 'urn:x'] }, 'urn:x', ENTERPRISE),
  ...post({ unknownSchemas: 'refuse' }, { schemas: [ENTERPRISE] }, 'schemas must hold', USER),
  ...post({ unknownSchemas: 'refuse' }, { schemas: null }, 'schemas must hold', USER),
  patch({ loosePatchMessages: false }, { Operations: [set] }, 'invalidSyntax', PATCH_OP),
  patch({ loosePatchMessages: false }, patchOp({ ...set, op: 'Replace' }), 'invalidSyntax', '.op'),
  patch(
    { removeWithValue: false },
    patchOp({ op: 'remove', path: 'emails', value: [{ value: 'x' }] }),
    'invalidSyntax',
    'removeWithValue',
  ),
  patch(
    { readOnlyEchoes: false },
    patchOp({ op: 'replace', value: { id: 'x', title: 'T' } }),
    'mutability',
    'id is readOnly',
  ),
  patch(
    { flatKeys: false, unknownAttributes: 'refuse' },
    patchOp({ op: 'replace', value: { 'name.givenName': 'B' } }),
    'invalidSyntax',
    'name.givenName',
    'flatKeys',
  ),
];

t.test('each loose form is taken until its setting says otherwise', async (t) => {
  for (const { config, method, given, scimType, mentions } of CASES) {
    const lenient = await endpointWith({});
    const taken = await send(lenient, method, given);
    t.ok(taken.status < 300, taken.text);
    const strict = await endpointWith(config);
    scimError(t, await send(strict, method, given), 400, scimType, ...mentions);
    const left = await strict.get('/Users');
    for (const user of left.resources) t.equal(user['title'], 'Engineer', 'as it was created');
    t.equal(left.body['totalResults'], method === 'POST' ? 0 : 1);
  }
});

t.test('a flat key that is not taken is an unknown attribute', async (t) => {
  const body = { schemas: [USER], userName: 'flat', 'name.givenName': 'G' };
  const lenient = await endpointWith({});
  t.equal((await lenient.post('/Users', body)).at('name', 'givenName'), 'G');
  const strict = await endpointWith({ flatKeys: false });
  const created = succeeded(t, await strict.post('/Users', body), 201);
  t.notOk('name' in created.body);
  const refusing = await endpointWith({ flatKeys: false, unknownAttributes: 'refuse' });
  scimError(t, await refusing.post('/Users', body), 400, 'invalidSyntax', 'name.givenName');
  const keeping = await endpointWith({ flatKeys: false, unknownAttributes: 'keep' });
  const secret = { ...body, [`${USER}:password`]: 'in clear' };
  scimError(t, await keeping.post('/Users', secret), 400, 'invalidSyntax');
});

t.test('what describes a value goes with it, or stays by the setting', async (t) => {
  const value = 'ada@home.example';
  const emails = [{ value, type: 'home' }];
  const gone = patchOp({ op: 'remove', path: 'emails[type eq "home"].value' });
  for (const [config, left] of [
    [{}, undefined],
    [{ dropLabels: false }, [{ type: 'home' }]],
  ] as const) {
    const client = await endpointWith(config);
    const { id } = await client.post('/Users', { ...entraUser('ada'), emails });
    const changed = succeeded(t, await client.patch(`/Users/${id}`, gone), 200);
    t.same(changed.body['emails'], left, JSON.stringify(config));
  }
});

t.test('with every lenience off the letter of the RFC goes through', async (t) => {
  const client = await endpointWith({ preset: 'rfc-strict' });
  const ada = { ...entraUser('ada'), schemas: [USER, ENTERPRISE] };
  const { id, version } = succeeded(t, await client.post('/Users', ada), 201);
  const again = succeeded(t, await client.put(`/Users/${id}`, ada), 200);
  t.equal(again.version, version, 'the same again changes nothing');
  const work = 'emails[type eq "work"]';
  const changed = await client.patch(
    `/Users/${id}`,
    patchOp(
      { op: 'replace', path: `${work}.value`, value: 'ada@new.example' },
      { op: 'add', path: 'emails', value: { value: 'ada@home.example', type: 'home' } },
      { op: 'remove', path: 'phoneNumbers' },
      { op: 'replace', value: { title: 'Lead', [ENTERPRISE]: { department: 'Sales' } } },
    ),
  );
  t.match(succeeded(t, changed, 200).body, {
    title: 'Lead',
    emails: [{ value: 'ada@new.example' }, { value: 'ada@home.example' }],
    [ENTERPRISE]: { department: 'Sales' },
  });
  t.notOk('phoneNumbers' in changed.body);
  const group = { schemas: [GROUP], displayName: 'G', members: [{ value: id }] };
  const { id: groupId } = succeeded(t, await client.post('/Groups', group), 201);
  const leave = patchOp({ op: 'remove', path: `members[value eq "${id}"]` });
  succeeded(t, await client.patch(`/Groups/${groupId}`, leave), 204);
  const found = await client.get(`/Users?filter=${encodeURIComponent('emails[type eq "home"]')}`);
  t.equal(found.body['totalResults'], 1);
});

/** A user is there already, but for a POST. */
async function send(client: ScimClient, method: Case['method'], given: Case['given']) {
  if (typeof given === 'string') {
    await client.post('/Users', entraUser('there'));
    return client.get(`/Users?filter=${encodeURIComponent(given)}`);
  }
  const user = { ...entraUser('there'), ...given };
  if (method === 'POST') return client.post('/Users', user);
  const { id } = await client.post('/Users', entraUser('there'));
  if (method === 'PUT') return client.put(`/Users/${id}`, user);
  return client.patch(`/Users/${id}`, given);
}
