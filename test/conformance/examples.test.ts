/**
 * Every JSON example of RFC 7643 §8 and RFC 7644 §3 goes in and comes out as printed, at an endpoint
 * of its own with default settings and at one with the letter of the RFCs.
 */
import t from 'tap';
import type { JsonObject } from '../../src/scim/json.ts';
import { SECRET, Server } from '../support/server.ts';
import type { Answer } from './answer.ts';
import { objects, plain } from './described.ts';
import { ScimHttp } from './http.ts';
import { PRESETS } from './own-server.ts';
import { differences, printed, without } from './printed.ts';

const BABS = '2819c223-7f76-453a-919d-413861904646';
const MANDY = '902c246b-6245-4190-8e05-00816be7344a';
const JAMES = '08e1d05d-121c-4561-8b96-473d93df9210';
const BOSS = '26118915-6090-4610-87e4-49d8ca9f808d';
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/**
 * Where our schemas say something else than those the RFC prints, which contradict its prose:
 * references are case-exact (§2.3.7), binaries too, an id is (§3.1), a group has a displayName and a
 * member a value (§4.2). A photo, an IM or a member has what its description tells of.
 */
const SCHEMA_DIFFERENCES: Readonly<Record<string, readonly string[]>> = {
  User: [
    '.attributes[4].caseExact is true, printed is false',
    '.attributes[14].subAttributes[2].canonicalValues is ["aim","gtalk","icq","xmpp","msn","skype","qq","yahoo","other"], printed is ["aim","gtalk","icq","xmpp","msn","skype","qq","yahoo"]',
    '.attributes[15].subAttributes[0].caseExact is true, printed is false',
    '.attributes[16].subAttributes has 8 elements',
    '.attributes[17].subAttributes[0].caseExact is true, printed is false',
    '.attributes[17].subAttributes[1].caseExact is true, printed is false',
    '.attributes[20].subAttributes[0].caseExact is true, printed is false',
  ],
  Group: [
    '.attributes[0].required is true, printed is false',
    '.attributes[0].uniqueness is "server", printed is "none"',
    '.attributes[1].subAttributes has 4 elements',
    '.attributes[1].subAttributes[0].required is true, printed is false',
    '.attributes[1].subAttributes[0].caseExact is true, printed is false',
    '.attributes[1].subAttributes[1].caseExact is true, printed is false',
  ],
  EnterpriseUser: ['.attributes[5].subAttributes[1].caseExact is true, printed is false'],
};

const server = await Server.start(t);
const admin = new ScimHttp(`${server.origin}/scim/admin`, SECRET);
let endpoints = 0;

async function endpoint(preset: string): Promise<ScimHttp> {
  const name = `examples-${++endpoints}`;
  const { id } = (await admin.send('POST', '/endpoints', { name, config: { preset } })).is(201);
  return new ScimHttp(`${server.origin}/scim/v2/endpoints/${id}`, SECRET);
}

function user(scim: ScimHttp, userName: string, more: JsonObject = {}): Promise<Answer> {
  return scim.send('POST', '/Users', { schemas: [USER], userName, ...more });
}

function group(scim: ScimHttp, displayName: string, ...ids: readonly string[]): Promise<Answer> {
  const members = ids.map((value) => ({ value }));
  return scim.send('POST', '/Groups', { schemas: [GROUP], displayName, members });
}

/** Two users and a group of them, by the ids that the RFC prints. */
async function people(scim: ScimHttp): Promise<Record<string, string>> {
  const babs = (await user(scim, 'babs', { displayName: 'Babs Jensen' })).id;
  const james = (await user(scim, 'james', { displayName: 'James Smith' })).id;
  const mandy = (await user(scim, 'mandy', { displayName: 'Mandy Pepperidge' })).id;
  return { [BABS]: babs, [JAMES]: james, [MANDY]: mandy };
}

async function memberIds(scim: ScimHttp, id: string): Promise<readonly string[]> {
  const members = (await scim.send('GET', `/Groups/${id}`)).objectsAt('members');
  return members.map(({ value }) => plain(value)).sort();
}

for (const preset of PRESETS) {
  const same = (t: Tap, expected: JsonObject, came: Answer): void => {
    t.same(differences(without(expected, 'id'), came.json), [], came.text);
  };

  t.test(`${preset}: users of RFC 7643 §8.1 to §8.3`, async (t) => {
    for (const name of [
      '7643-8.1-minimal-user',
      '7643-8.2-full-user',
      '7643-8.3-enterprise-user',
    ]) {
      const scim = await endpoint(preset);
      const boss = (await user(scim, 'boss', { displayName: 'John Smith' })).id;
      const example = printed(name, { [BOSS]: boss });
      const created = (await scim.send('POST', '/Users', example)).is(201);
      const groups = objects(example['groups']);
      const ids: Record<string, string> = { [BOSS]: boss };
      for (const { value, display } of groups) {
        ids[plain(value)] = (await group(scim, plain(display), created.id)).id;
      }
      const read = (await scim.send('GET', `/Users/${created.id}`)).is(200);
      // A manager's displayName is readOnly: what a client says of it does not count.
      const expected = without(printed(name, ids), 'password', ENTERPRISE);
      same(t, expected, read);
      const extension = without(example, ...Object.keys(without(example, ENTERPRISE)));
      for (const part of Object.values(extension)) {
        const manager = { value: boss };
        t.same(differences({ ...(part as JsonObject), manager }, read.at(ENTERPRISE)), []);
      }
      t.notOk(read.text.includes('t1meMa$heen'));
    }
  });

  t.test(`${preset}: the group of RFC 7643 §8.4`, async (t) => {
    const scim = await endpoint(preset);
    const example = printed('7643-8.4-group', await people(scim));
    const created = (await scim.send('POST', '/Groups', example)).is(201);
    same(t, example, (await scim.send('GET', `/Groups/${created.id}`)).is(200));
  });

  t.test(`${preset}: discovery of RFC 7643 §8.5 to §8.7`, async (t) => {
    const scim = await endpoint(preset);
    const config = await scim.send('GET', '/ServiceProviderConfig');
    for (const name of Object.keys(printed('7643-8.5-service-provider-config'))) {
      if (name !== 'documentationUri') t.ok(config.at(name) !== undefined, name);
    }
    const types = (await scim.send('GET', '/ResourceTypes')).is(200).resources;
    for (const type of objects(Object.values(printed('7643-8.6-resource-types')))) {
      const came = types.find(({ id }) => id === type['id']);
      const told = without(type, 'description', 'schemaExtensions');
      t.same(differences(told, came), [], plain(type['id']));
    }
    const schemas = (await scim.send('GET', '/Schemas')).is(200).resources;
    for (const schema of objects(Object.values(printed('7643-8.7.1-schemas')))) {
      const came = schemas.find(({ id }) => id === schema['id']);
      const name = plain(schema['name']);
      t.same(differences(schema, came), SCHEMA_DIFFERENCES[name], name);
    }
  });

  t.test(`${preset}: a create and a read, RFC 7644 §3.3, §3.4.1, §3.9, §3.14`, async (t) => {
    for (const name of ['7644-3.3', '7644-3.14']) {
      const scim = await endpoint(preset);
      const created = await scim.send('POST', '/Users', printed(`${name}-create-request`));
      same(t, printed(`${name}-create-response`), created.is(201));
      same(t, printed(`${name}-create-response`), await scim.send('GET', `/Users/${created.id}`));
      const asked = await scim.send('GET', `/Users/${created.id}?attributes=userName`);
      same(t, printed('7644-3.9-attributes'), asked);
    }
    const scim = await endpoint(preset);
    const example = printed('7644-3.4.1-user');
    const created = (await scim.send('POST', '/Users', example)).is(201);
    same(t, example, await scim.send('GET', `/Users/${created.id}`));
  });

  t.test(`${preset}: a list and a search, RFC 7644 §3.4.2, §3.4.3`, async (t) => {
    const scim = await endpoint(preset);
    const ids = {
      [BABS]: (await user(scim, 'bjensen')).id,
      'c75ad752-64ae-4823-840d-ffa80929976c': (await user(scim, 'jsmith')).id,
    };
    same(t, printed('7644-3.4.2-list', ids), await scim.send('GET', '/Users?attributes=userName'));
    await user(scim, 'james', { displayName: 'Smith, James' });
    await group(scim, 'Smith Family');
    const found = await scim.send('POST', '/.search', printed('7644-3.4.3-search-request'));
    t.same(found.is(200).at('totalResults'), 2);
    const names = found.resources.map(({ displayName }) => displayName).sort();
    t.same(names, ['Smith Family', 'Smith, James']);
  });

  t.test(`${preset}: a PUT, RFC 7644 §3.5.1`, async (t) => {
    const scim = await endpoint(preset);
    const { id } = await user(scim, 'bjensen', { roles: [{ value: 'gone' }] });
    const put = await scim.send('PUT', `/Users/${id}`, printed('7644-3.5.1-replace-request'));
    same(t, printed('7644-3.5.1-replace-response'), put.is(200));
    t.equal(put.at('roles', 0), undefined);
  });

  t.test(`${preset}: PATCH of members, RFC 7644 §3.5.2`, async (t) => {
    const scim = await endpoint(preset);
    const ids = await people(scim);
    const [babs = '', james = '', mandy = ''] = Object.values(ids);
    const cases: [string, string[], string[]][] = [
      ['7644-3.5.2.1-add-member', [mandy], [mandy, babs]],
      ['7644-3.5.2.2-remove-member', [mandy, babs], [mandy]],
      ['7644-3.5.2.2-remove-all-members', [mandy, babs], []],
      ['7644-3.5.2.2-remove-and-add-member', [mandy, babs], [mandy, james]],
      ['7644-3.5.2.2-replace-all-members', [mandy], [babs, james]],
      ['7644-3.5.2.3-replace-members', [mandy], [babs, james]],
    ];
    for (const [name, before, after] of cases) {
      const { id } = await group(scim, name, ...before);
      (await scim.send('PATCH', `/Groups/${id}`, printed(name, ids))).is(200, 204);
      t.same(await memberIds(scim, id), [...after].sort(), name);
    }
  });

  t.test(`${preset}: PATCH of a user, RFC 7644 §3.5.2`, async (t) => {
    const scim = await endpoint(preset);
    const work = { value: 'x@example.com', type: 'work' };
    const { id } = await user(scim, 'bjensen', {
      emails: [work, { value: 'old@jensen.org', type: 'other' }],
      addresses: [{ type: 'work', locality: 'Burbank' }],
    });
    const patched = async (name: string): Promise<Answer> => {
      (await scim.send('PATCH', `/Users/${id}`, printed(name))).is(200, 204);
      return scim.send('GET', `/Users/${id}`);
    };
    const added = await patched('7644-3.5.2.1-add-attributes');
    t.equal(added.at('nickName'), 'Babs');
    t.equal(added.objectsAt('emails').length, 3);
    const removed = await patched('7644-3.5.2.2-remove-emails');
    t.notOk(removed.objectsAt('emails').some(({ type }) => type === 'work'));
    const address = await patched('7644-3.5.2.3-replace-address');
    t.equal(address.at('addresses', 0, 'streetAddress'), '911 Universal City Plaza');
    t.equal(address.at('addresses', 0, 'locality'), 'Hollywood');
    const street = await patched('7644-3.5.2.3-replace-street');
    t.equal(street.at('addresses', 0, 'streetAddress'), '1010 Broadway Ave');
    t.equal(street.at('addresses', 0, 'postalCode'), '91608');
    const replaced = await patched('7644-3.5.2.3-replace-attributes');
    t.same(
      replaced.objectsAt('emails').map(({ value }) => value),
      ['bjensen@example.com', 'babs@jensen.org'],
    );
  });

  t.test(`${preset}: errors, RFC 7644 §3.6, §3.12`, async (t) => {
    const scim = await endpoint(preset);
    const { id } = await user(scim, 'bjensen');
    const operations = [{ op: 'replace', path: 'id', value: 'x' }];
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
    const path = `/Users/${id}`;
    const patched = await scim.send('PATCH', path, { schemas, Operations: operations });
    same(t, printed('7644-3.12-read-only'), patched);
    await scim.send('DELETE', path);
    same(t, printed('7644-3.6-deleted'), (await scim.send('GET', path)).is(404));
    same(t, printed('7644-3.12-not-found'), (await scim.send('GET', path)).is(404));
  });

  t.test(`${preset}: bulk, RFC 7644 §3.7`, async (t) => {
    const scim = await endpoint(preset);
    await scim.send('POST', '/Bulk', printed('7644-3.7.1-circular-request'));
    const groups = await scim.send('GET', '/Groups');
    const ids = {
      'c3a26dd3-27a0-4dec-a2ac-ce211e105f97': groups.ids[0] ?? '',
      '6c5bb468-14b2-4183-baf2-06d523e03bd3': groups.ids[1] ?? '',
    };
    same(t, printed('7644-3.7.1-circular-groups', ids), groups);
    const done = await scim.send('POST', '/Bulk', printed('7644-3.7.2-bulk-id-request'));
    same(t, printed('7644-3.7.2-bulk-id-response'), done.is(200));
    const location = done.textAt('Operations', 1, 'location');
    const alice = done.textAt('Operations', 0, 'location').split('/').at(-1) ?? '';
    const guides = printed('7644-3.7.2-group', { '92b725cd-9465-4e7d-8c16-01f8e146b87a': alice });
    same(t, guides, await scim.send('GET', location));
    const other = await endpoint(preset);
    const managed = await other.send('POST', '/Bulk', printed('7644-3.7.2-manager-request'));
    const bob = await other.send('GET', managed.textAt('Operations', 1, 'location'));
    const manager = managed.textAt('Operations', 0, 'location').split('/').at(-1);
    t.equal(bob.at(ENTERPRISE, 'manager', 'value'), manager);
  });

  t.test(`${preset}: a bulk of all methods, RFC 7644 §3.7.3`, async (t) => {
    const scim = await endpoint(preset);
    const bob = await user(scim, 'b');
    const dave = await user(scim, 'd', { nickName: 'd' });
    const gone = await user(scim, 'g');
    const ids = {
      'b7c14771-226c-4d05-8860-134711653041': bob.id,
      '5d8d29d3-342c-4b5f-8683-a3cb6763ffcc': dave.id,
      'e9025315-6bea-44e1-899c-1e07454e468b': gone.id,
    };
    const request = printed('7644-3.7.3-bulk-request', ids);
    const versions = [undefined, bob.version, dave.version, gone.version];
    const operations = objects(request['Operations']).map((operation, index) => {
      const version = versions[index];
      return version === undefined ? operation : { ...operation, version };
    });
    const done = await scim.send('POST', '/Bulk', { ...request, Operations: operations });
    const statuses = done.objectsAt('Operations').map(({ status }) => plain(status));
    t.ok(/^201,200,20[04],204$/.test(statuses.join()), done.text);
    t.equal((await scim.send('GET', `/Users/${dave.id}`)).at('userName'), 'Dave');

    const broken = operations.map((operation, index) =>
      index === 0 ? { ...operation, data: { schemas: [USER] } } : operation,
    );
    const first = await scim.send('POST', '/Bulk', { ...request, Operations: broken });
    const oneFails = objects(printed('7644-3.7.3-first-fails')['Operations']);
    t.equal(first.objectsAt('Operations').length, oneFails.length);
    const all = await scim.send('POST', '/Bulk', {
      ...request,
      failOnErrors: 9,
      Operations: broken,
    });
    const printedStatuses = objects(printed('7644-3.7.3-all-fail', ids)['Operations']);
    const came = all.objectsAt('Operations').map(({ status }) => status);
    t.same(
      came,
      printedStatuses.map(({ status }) => status),
    );
    t.equal(printed('7644-3.7.4-too-large')['status'], '413');
  });
}

type Tap = Pick<typeof t, 'same'>;
