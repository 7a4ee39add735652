/** RFC 7643 §3: schemas, common attributes, extensions. */
import type { RowContext } from '../row-context.ts';
import { ENTERPRISE, USER } from '../row-context.ts';
import { must, section, should } from '../row.ts';
import type { Answer } from '../answer.ts';

const UNKNOWN_URN = 'urn:example:nobody:knows:2.0:This';

function enterpriseUser(c: RowContext): Promise<Answer> {
  c.needsSchema(ENTERPRISE);
  const schemas = [USER, ENTERPRISE];
  return c.user({ schemas, [ENTERPRISE]: { department: 'Tour Operations', costCenter: '4130' } });
}

export const RESOURCE_ROWS = [
  ...section('7643', '3', 'SCIM Resources', [
    must('schemas-not-empty', 'schemas of a resource is an array and not empty.', async (c) => {
      (await c.user()).equals([USER], 'schemas');
    }),
    must(
      'schemas-required',
      'A body without schemas is refused.',
      async (c) => {
        (await c.post('/Users', { userName: c.unique() })).isError(400);
      },
      {
        reason: 'The type is known from the URL, and clients leave it out.',
        setting: 'unknownSchemas',
      },
    ),
    must(
      'schemas-of-the-type',
      'schemas of an answer holds only what the type defines.',
      async (c) => {
        const type = c.target.resourceTypes.find(({ name }) => name === 'User');
        const user = await enterpriseUser(c);
        const known = JSON.stringify(type);
        for (const urn of user.at('schemas') as string[]) {
          user.expect(known.includes(JSON.stringify(urn)), 'a URN of the type', urn);
        }
      },
    ),
    must(
      'schemas-unknown',
      'A URN in schemas that the type does not define is refused.',
      async (c) => {
        (await c.post('/Users', c.userBody({ schemas: [USER, UNKNOWN_URN] }))).isError(400);
      },
      {
        reason: 'Microsoft Entra sends URNs of its own; they are ignored.',
        setting: 'unknownSchemas',
      },
    ),
    must(
      'schemas-duplicate',
      'A URN stands in schemas once.',
      async (c) => {
        (await c.post('/Users', c.userBody({ schemas: [USER, USER] }))).isError(400);
      },
      { reason: 'It does no harm: the answer has it once.', setting: 'unknownSchemas' },
    ),
    must('schemas-answered-once', 'No answer has a URN twice in schemas.', async (c) => {
      const answer = await c.post('/Users', c.userBody({ schemas: [USER, USER] }));
      answer.is(201, 400);
      if (answer.status === 201) answer.equals([USER], 'schemas');
    }),
    must('schemas-any-order', 'The order of schemas changes nothing.', async (c) => {
      c.needsSchema(ENTERPRISE);
      const schemas = [ENTERPRISE, USER];
      const user = await c.user({ schemas, [ENTERPRISE]: { department: 'Tour' } });
      user.equals('Tour', ENTERPRISE, 'department');
    }),
    must('common-attributes', 'A resource has id and meta whatever its schemas are.', async (c) => {
      (await c.user()).has('id').has('meta', 'resourceType').has('meta', 'created');
    }),
    must('unknown-attribute', 'An attribute that no schema defines is never shown.', async (c) => {
      const answer = await c.post('/Users', c.userBody({ nobodyKnowsThis: 'x' }));
      answer.is(201, 400);
      if (answer.status === 201) answer.has('id').lacks('nobodyKnowsThis');
    }),
  ]),
  ...section('7643', '3.1', 'Common Attributes', [
    must('id', 'Every representation of a resource has a non-empty id.', async (c) => {
      const { id } = await c.user();
      (await c.get(`/Users/${id}`)).equals(id, 'id');
      (await c.list('/Users', { count: 1 })).is(200).has('Resources', 0, 'id');
    }),
    must('id-unique', 'Ids are unique among resources of all types.', async (c) => {
      const ids = [(await c.user()).id, (await c.user()).id, (await c.group()).id];
      const last = await c.user();
      last.expect(new Set([...ids, last.id]).size === 4, 'four ids');
    }),
    must('id-stable', 'An id stays through PUT and PATCH.', async (c) => {
      const body = c.userBody();
      const { id } = (await c.post('/Users', body)).is(201);
      (await c.put(`/Users/${id}`, { ...body, title: 'x' })).is(200).equals(id, 'id');
      (await c.patch(`/Users/${id}`, [{ op: 'replace', path: 'title', value: 'y' }])).is(200, 204);
      (await c.get(`/Users/${id}`)).is(200).equals(id, 'id');
    }),
    must('id-not-by-client', 'A client does not choose the id.', async (c) => {
      const id = c.unique('chosen');
      (await c.post('/Users', c.userBody({ id }))).is(201);
      (await c.get(`/Users/${id}`)).isError(404);
    }),
    must('id-not-reused', 'The id of a deleted resource does not come back.', async (c) => {
      const body = c.userBody();
      const { id } = (await c.post('/Users', body)).is(201);
      (await c.delete(`/Users/${id}`)).is(204);
      const again = (await c.post('/Users', body)).is(201);
      again.expect(again.id !== id, 'another id', again.id);
    }),
    must('id-no-bulk-id', 'No id contains "bulkId".', async (c) => {
      const user = await c.user();
      user.expect(!/bulkid/i.test(user.id), 'an id without bulkId', user.id);
    }),
    must('external-id', 'externalId is what the client says, in the same case.', async (c) => {
      const externalId = c.unique('Ext');
      (await c.user({ externalId })).equals(externalId, 'externalId');
    }),
    must('external-id-not-given', 'The server gives no externalId.', async (c) => {
      (await c.user()).has('id').lacks('externalId');
    }),
    must('external-id-case', 'externalId is case-exact to filters.', async (c) => {
      const externalId = c.unique('Ext');
      await c.user({ externalId });
      const exact = await c.list('/Users', { filter: `externalId eq "${externalId}"` });
      exact.is(200).equals(1, 'totalResults');
      const upper = await c.list('/Users', {
        filter: `externalId eq "${externalId.toUpperCase()}"`,
      });
      upper.is(200).equals(0, 'totalResults');
    }),
    must('meta-ignored', 'meta from a client is ignored.', async (c) => {
      const body = c.userBody();
      const created = (await c.post('/Users', body)).is(201);
      const meta = { created: '2001-01-01T00:00:00Z', lastModified: '2001-01-01T00:00:00Z' };
      const put = (await c.put(`/Users/${created.id}`, { ...body, meta })).is(200);
      put.equals(created.textAt('meta', 'created'), 'meta', 'created');
    }),
    must('meta-dates', 'created and lastModified are dateTimes.', async (c) => {
      const user = await c.user();
      for (const name of ['created', 'lastModified']) {
        const came = user.textAt('meta', name);
        const valid = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(came);
        user.expect(valid, `a dateTime in meta.${name}`, came);
      }
    }),
    must('created-equals-modified', 'lastModified equals created before any change.', async (c) => {
      const user = await c.user();
      user.equals(user.textAt('meta', 'created'), 'meta', 'lastModified');
    }),
    must('last-modified', 'lastModified moves with a change, created stays.', async (c) => {
      const body = c.userBody();
      const before = (await c.post('/Users', body)).is(201);
      const after = (await c.put(`/Users/${before.id}`, { ...body, title: 'x' })).is(200);
      after.equals(before.textAt('meta', 'created'), 'meta', 'created');
      const moved = [before, after].map((answer) =>
        Date.parse(answer.textAt('meta', 'lastModified')),
      );
      after.expect((moved[0] ?? 0) <= (moved[1] ?? 0), 'a lastModified that is no earlier');
    }),
    must('location', 'meta.location is the URI of the resource.', async (c) => {
      const { id } = await c.user();
      const read = await c.get(`/Users/${id}`);
      (await c.get(read.textAt('meta', 'location'))).is(200).equals(id, 'id');
    }),
    must(
      'content-location',
      'Content-Location, where there is one, is meta.location.',
      async (c) => {
        const read = (await c.get(`/Users/${(await c.user()).id}`)).is(200);
        const header = read.headers.get('content-location');
        if (header === null) c.notApplicable('GET answers without Content-Location');
        read.equals(header, 'meta', 'location');
      },
    ),
    must('version', 'meta.version is an entity-tag, weak unless it is strong.', async (c) => {
      c.needs('etag');
      const user = await c.user();
      user.expect(/^(W\/)?"[^"]*"$/.test(user.version), 'an entity-tag', user.version);
    }),
    must('version-changes', 'meta.version changes with the resource.', async (c) => {
      c.needs('etag');
      const body = c.userBody();
      const before = (await c.post('/Users', body)).is(201);
      const after = (await c.put(`/Users/${before.id}`, { ...body, title: 'x' })).is(200);
      after.expect(before.version !== after.version, 'another version', after.version);
    }),
    must('all-types', 'Resources of every type have id and meta.', async (c) => {
      const [type, body] = c.ownType();
      const created = (await c.post(type.endpoint, body)).is(201);
      created.has('id').has('meta', 'created').has('meta', 'location');
    }),
  ]),
  ...section('7643', '3.3', 'Attribute Extensions to Resources', [
    must('base-schema', 'schemas holds the base schema of the type.', async (c) => {
      const user = await enterpriseUser(c);
      user.expect(JSON.stringify(user.at('schemas')).includes(USER), `${USER} in schemas`);
    }),
    must('container', 'Attributes of an extension stand in an object under its URN.', async (c) => {
      const user = await enterpriseUser(c);
      user.equals('4130', ENTERPRISE, 'costCenter').lacks('costCenter');
    }),
    must('urn-with-data', 'A URN is in schemas while the extension has data.', async (c) => {
      const user = await enterpriseUser(c);
      user.equals([USER, ENTERPRISE], 'schemas');
    }),
    should('urn-without-data', 'A URN leaves schemas with its last attribute.', async (c) => {
      const { id } = await enterpriseUser(c);
      const gone = [{ op: 'remove', path: `${ENTERPRISE}:department` }];
      (
        await c.patch(`/Users/${id}`, [...gone, { op: 'remove', path: `${ENTERPRISE}:costCenter` }])
      ).is(200, 204);
      (await c.get(`/Users/${id}`)).lacks(ENTERPRISE).equals([USER], 'schemas');
    }),
    must('urn-any-case', 'The URN of an extension compares without case.', async (c) => {
      c.needsSchema(ENTERPRISE);
      const urn = ENTERPRISE.replace('enterprise', 'Enterprise');
      const user = await c.user({ schemas: [USER, urn], [urn]: { department: 'Tour' } });
      user.equals('Tour', ENTERPRISE, 'department');
    }),
  ]),
];
