/**
 * SCIMMY, which others wrote, against the real server: it writes searches, bulks and PATCHes that we
 * answer, and reads our lists, resources, errors and discovery with checks of its own.
 */
import SCIMMY from 'scimmy';
import t from 'tap';
import { isObject, type JsonObject, type JsonValue } from '../../src/scim/json.ts';
import { idOf, valueAt } from '../support/answer.ts';
import { ScimClient } from '../support/client.ts';
import { ENTERPRISE, entraUser, GROUP, patchOp, USER } from '../support/entra.ts';
import { succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

const { ListResponse, ErrorResponse, SearchRequest, BulkRequest, BulkResponse, PatchOp } =
  SCIMMY.Messages;
SCIMMY.Schemas.User.definition.extend(SCIMMY.Schemas.EnterpriseUser.definition);

const server = await Server.start(t);
const root = ScimClient.of(t, server);
const strict = { name: 'strict', config: { preset: 'rfc-strict' } };
succeeded(t, await root.under('/scim/admin').post('/endpoints', strict), 201);
const scim = root.under('/scim/endpoints/strict');

/** What it has not: an attribute that SCIMMY sets by itself, and how it writes times. */
function comparable(resource: JsonValue): JsonObject {
  if (!isObject(resource)) throw new Error('a resource is an object');
  return Object.fromEntries(Object.entries(resource).filter(([name]) => name !== 'meta'));
}

/** JSON text is what SCIMMY shows of its objects. */
function fromTheirs(value: object): JsonObject {
  return comparable(JSON.parse(JSON.stringify(value)) as JsonValue);
}

/** Their constructors check what it is; these say so to the types. */
function isBulkResponse(body: object): body is SCIMMY.Messages.BulkResponse {
  return 'Operations' in body;
}

function isList(body: object): body is SCIMMY.Messages.ListResponse<SCIMMY.Schemas.User> {
  return 'totalResults' in body;
}

type PatchOpMessage = InstanceType<typeof PatchOp>;

/** Undefined when nothing has changed, which their types do not say. */
async function afterwards(
  message: PatchOpMessage,
  user: SCIMMY.Schemas.User,
): Promise<object | undefined> {
  return message.apply(user);
}

async function newUser(name: string, more: JsonObject = {}): Promise<JsonObject> {
  const { meta, ...user } = entraUser(name);
  t.ok(meta, 'what the server sets is not sent by the letter');
  return succeeded(t, await scim.post('/Users', { ...user, ...more }), 201).body;
}

t.test('a bulk that it writes is done, and it finds what was created', async (t) => {
  const names = ['anna', 'bert', 'carl'];
  const request = new BulkRequest({
    schemas: [BulkRequest.id],
    failOnErrors: 1,
    Operations: [
      ...names.map((userName) => {
        const data = { schemas: [USER], userName };
        return { method: 'POST' as const, path: '/Users', bulkId: userName, data };
      }),
      {
        method: 'POST' as const,
        path: '/Groups',
        bulkId: 'all',
        data: {
          schemas: [GROUP],
          displayName: 'all',
          members: names.map((name) => ({ value: `bulkId:${name}` })),
        },
      },
    ],
  });
  const answer = succeeded(t, await scim.post('/Bulk', fromTheirs(request)), 200);
  if (!isBulkResponse(answer.body)) throw new Error('no bulk response');
  const created = new BulkResponse(answer.body).resolve();
  t.same([...created.keys()], [...names, 'all']);
  const group = succeeded(t, await scim.get(`/Groups/${String(created.get('all'))}`), 200);
  const read = fromTheirs(new SCIMMY.Schemas.Group(group.body, 'out'));
  t.same(read, comparable(group.body), 'the group as it reads it');
  t.equal(group.at('members', 2, 'value'), created.get('carl'));
});

t.test('a search that it writes is answered by a list that it reads', async (t) => {
  for (const [params, expected] of [
    [{ filter: 'userName sw "a" or userName eq "CARL"', sortBy: 'userName' }, ['anna', 'carl']],
    [
      { sortBy: 'userName', sortOrder: 'descending', count: 2, attributes: ['userName'] },
      ['carl', 'bert'],
    ],
    [{ sortBy: 'userName', startIndex: 2, count: 1, excludedAttributes: ['name'] }, ['bert']],
    [{ filter: 'userName eq "nobody"' }, []],
  ] as const) {
    const request = new SearchRequest().prepare(JSON.parse(JSON.stringify(params)) as object);
    const answer = succeeded(t, await scim.post('/Users/.search', fromTheirs(request)), 200);
    if (!isList(answer.body)) throw new Error('no list');
    const list = new ListResponse(answer.body);
    t.same(
      list.Resources.map((user) => new SCIMMY.Schemas.User(user, 'out').userName),
      expected,
      JSON.stringify(params),
    );
    t.equal(list.itemsPerPage, expected.length);
    t.equal(list.startIndex, 'startIndex' in params ? params.startIndex : 1);
  }
});

t.test('a user with all that the schemas have is to it as we show it', async (t) => {
  const more = {
    nickName: 'D',
    profileUrl: 'https://example.com/dora',
    locale: 'de-CH',
    timezone: 'Europe/Zurich',
    ims: [{ value: 'dora', type: 'xmpp' }],
    photos: [{ value: 'https://example.com/dora.png', type: 'photo' }],
    // It takes no type of a role: its schema has an empty list of canonical values (RFC 7643 §8.7.1).
    roles: [{ value: 'admin', display: 'Admin', primary: true }],
    entitlements: [{ value: 'e' }],
    x509Certificates: [{ value: 'MIIB' }],
    password: 'secret of dora',
  };
  const user = await newUser('dora', more);
  const read = new SCIMMY.Schemas.User(user, 'out');
  t.same(fromTheirs(read), comparable(user));
  t.equal(read.userName, user['userName']);
  t.equal(read.meta.location, valueAt(user, 'meta', 'location'));
});

t.test('our errors are errors to it, of statuses and scimTypes that go together', async (t) => {
  const { userName = '' } = await newUser('emil');
  const remove = { op: 'remove', path: 'userName' };
  const id = idOf(await newUser('fred'));
  const answers = [
    await scim.get('/Users?filter=userName%20is%20x'),
    await scim.get('/Users/nobody'),
    await scim.post('/Users', { schemas: [USER], userName }),
    await scim.post('/Users', { schemas: [USER], userName: 7 }),
    await scim.patch(`/Users/${id}`, patchOp(remove)),
    await scim.patch(`/Users/${id}`, patchOp({ op: 'remove' })),
    await scim.patch(`/Users/${id}`, patchOp({ op: 'add', path: 'a b', value: 'x' })),
    await scim.put(
      `/Users/${id}`,
      { schemas: [USER], userName: 'f' },
      { headers: { 'if-match': '"0"' } },
    ),
    await scim.get('/Schemas?filter=id%20pr'),
    await scim.get('/Users', { token: 'wrong' }),
  ];
  for (const { status, body, detail } of answers) {
    const { schemas, ...error } = body;
    t.same(schemas, [ErrorResponse.id]);
    t.doesNotThrow(() => new ErrorResponse(error), `${status} ${JSON.stringify(error)}`);
    t.throws(() => new ErrorResponse(body), { status, message: detail });
  }
});

t.test('a PATCH that it applies to its copy makes the resource that ours makes', async (t) => {
  const work = 'emails[type eq "work"]';
  const messages: readonly PatchOpMessage['Operations'][] = [
    [
      {
        op: 'add',
        value: { emails: [{ value: 'babs@jensen.org', type: 'home' }], nickName: 'Babs' },
      },
    ],
    [{ op: 'replace', path: `${work}.value`, value: 'new@example.com' }],
    [{ op: 'replace', path: 'name.familyName', value: 'Jensen' }],
    [{ op: 'remove', path: 'addresses[type eq "work"]' }],
    [
      { op: 'remove', path: 'name.givenName' },
      { op: 'add', path: 'title', value: 'Guide' },
    ],
    [{ op: 'replace', path: `${ENTERPRISE}:department`, value: 'Tours' }],
    [{ op: 'add', path: 'displayName', value: 'Display of gina' }],
  ];
  const id = idOf(await newUser('gina'));
  for (const operations of messages) {
    const before = succeeded(t, await scim.get(`/Users/${id}`), 200);
    const theirCopy = new SCIMMY.Schemas.User(before.body, 'out');
    const message = new PatchOp({ schemas: [PatchOp.id], Operations: [...operations] });
    const theirs = await afterwards(message, theirCopy);
    const patched = await scim.patch(`/Users/${id}`, fromTheirs(message));
    t.ok(patched.status === 200 || patched.status === 204, patched.text);
    const after = succeeded(t, await scim.get(`/Users/${id}`), 200);
    t.same(comparable(after.body), fromTheirs(theirs ?? theirCopy), JSON.stringify(operations));
    t.equal(after.version === before.version, theirs === undefined, 'a new version if it changed');
  }
});

t.test('discovery: our definitions are definitions to it, and say what its own say', async (t) => {
  const { resources } = succeeded(t, await scim.get('/Schemas'), 200);
  for (const { definition } of [
    SCIMMY.Schemas.User,
    SCIMMY.Schemas.Group,
    SCIMMY.Schemas.EnterpriseUser,
  ]) {
    const ours = resources.find(({ id }) => id === definition.id);
    const described: unknown = JSON.parse(JSON.stringify(definition.describe()));
    for (const theirs of attributesOf(described)) {
      const mine = attributesOf(ours).find(({ name }) => name === theirs['name']);
      const about = `${definition.id}:${JSON.stringify(theirs['name'])}`;
      for (const member of ['type', 'multiValued', 'mutability', 'returned'] as const) {
        t.same(valueAt(mine, member), theirs[member], `${about} ${member}`);
      }
      for (const sub of attributesOf(theirs)) {
        const own = attributesOf(mine).find(({ name }) => name === sub['name']);
        t.same(valueAt(own, 'type'), sub['type'], `${about}.${JSON.stringify(sub['name'])}`);
      }
    }
  }
  const { schemas, meta, pagination, ...config } = succeeded(
    t,
    await scim.get('/ServiceProviderConfig'),
    200,
  ).body;
  t.ok(schemas !== undefined && meta !== undefined && pagination !== undefined);
  t.doesNotThrow(() => void SCIMMY.Config.set(config), 'a configuration to it');
  t.match(SCIMMY.Config.get(), { patch: { supported: true }, bulk: { supported: true } });
});

/** `attributes` of a schema, `subAttributes` of an attribute. */
function attributesOf(definition: unknown): JsonObject[] {
  const value = JSON.parse(JSON.stringify(definition ?? {})) as JsonValue;
  const list = valueAt(value, 'attributes') ?? valueAt(value, 'subAttributes') ?? [];
  return Array.isArray(list) ? list.filter(isObject) : [];
}
