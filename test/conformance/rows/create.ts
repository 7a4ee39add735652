/** RFC 7644 §3.3: creating resources. */
import { must, section, should } from '../row.ts';
import { ENTERPRISE, GROUP, USER } from '../row-context.ts';

export const CREATE_ROWS = [
  ...section('7644', '3.3', 'Creating Resources', [
    must('created', 'A POST that creates a resource is answered 201.', async (c) => {
      (await c.post('/Users', c.userBody())).is(201).has('id');
    }),
    should('body', 'The answer to a create holds the new resource.', async (c) => {
      const body = c.userBody({ displayName: 'Babs' });
      const answer = (await c.post('/Users', body)).is(201);
      answer
        .equals(body['userName'] ?? '', 'userName')
        .equals('Babs', 'displayName')
        .has('id');
    }),
    must('location', 'Location and meta.location name the new resource, alike.', async (c) => {
      const answer = await c.user();
      answer.equals(answer.header('location'), 'meta', 'location');
    }),
    must('location-resolves', 'A GET of the Location answers the new resource.', async (c) => {
      const answer = await c.user();
      (await c.get(answer.header('location'))).is(200).equals(answer.id, 'id');
    }),
    must('location-absolute', 'The Location is the resource below its endpoint.', async (c) => {
      const answer = await c.user();
      const path = new URL(answer.header('location'), `${c.target.http.base}/`).pathname;
      answer.expect(path.endsWith(`/Users/${answer.id}`), 'a Location that ends in /Users/{id}');
    }),
    must(
      'read-only-ignored',
      'What a create says of readOnly attributes is ignored.',
      async (c) => {
        const meta = {
          created: '2001-01-01T00:00:00Z',
          resourceType: 'Group',
          version: 'W/"mine"',
        };
        const answer = await c.post('/Users', c.userBody({ id: 'mine', meta, groups: [] }));
        answer.is(201).equals('User', 'meta', 'resourceType');
        answer.expect(answer.id !== 'mine', 'an id of the server', answer.id);
        answer.expect(answer.at('meta', 'created') !== meta.created, 'a date of the server');
      },
    ),
    must('duplicate', 'A create with a taken userName is 409 uniqueness.', async (c) => {
      const body = c.userBody();
      (await c.post('/Users', body)).is(201);
      (await c.post('/Users', body)).isError(409, 'uniqueness');
    }),
    must('duplicate-case', 'A taken userName in other case is 409 uniqueness too.', async (c) => {
      const userName = c.unique('Case');
      await c.user({ userName });
      const again = await c.post('/Users', c.userBody({ userName: userName.toUpperCase() }));
      again.isError(409, 'uniqueness');
    }),
    should('version-header', 'The answer to a create carries the version as ETag.', async (c) => {
      c.needs('etag');
      const answer = await c.user();
      answer.equals(answer.header('etag'), 'meta', 'version');
    }),
    must('extension', 'A create takes the data of an extension under its URN.', async (c) => {
      c.needsSchema(ENTERPRISE);
      const answer = await c.user({
        schemas: [USER, ENTERPRISE],
        [ENTERPRISE]: { employeeNumber: '701984' },
      });
      answer.equals('701984', ENTERPRISE, 'employeeNumber');
    }),
    must('required', 'A create without a required attribute is 400 invalidValue.', async (c) => {
      (await c.post('/Users', { schemas: [USER] })).isError(400, 'invalidValue');
    }),
    must('wrong-type', 'A value of another type than the schema says is 400.', async (c) => {
      const answer = await c.post('/Users', c.userBody({ displayName: { a: 1 } }));
      answer.isError(400, 'invalidValue', 'invalidSyntax');
    }),
    must('not-json', 'A body that is no JSON is 400 invalidSyntax.', async (c) => {
      (await c.post('/Users', { raw: '{"schemas":[' })).isError(400, 'invalidSyntax');
    }),
    must('not-an-object', 'A body that is no JSON object is 400.', async (c) => {
      (await c.post('/Users', [])).isError(400, 'invalidSyntax', 'invalidValue');
    }),
    must('nothing-left', 'A create that is refused leaves no resource.', async (c) => {
      const userName = c.unique();
      (await c.post('/Users', c.userBody({ userName, name: 7 }))).isError(400);
      (await c.list('/Users', { filter: `userName eq "${userName}"` })).equals(0, 'totalResults');
    }),
    must('group', 'A group with members is created like a user.', async (c) => {
      const member = await c.user();
      const group = await c.groupOf(member.id);
      group.equals([GROUP], 'schemas').equals(member.id, 'members', 0, 'value');
    }),
  ]),
  ...section('7644', '3.3.1', 'Resource Types', [
    must('user', 'meta.resourceType of what is created at /Users is User.', async (c) => {
      (await c.user()).equals('User', 'meta', 'resourceType');
    }),
    must('group', 'meta.resourceType of what is created at /Groups is Group.', async (c) => {
      (await c.group()).equals('Group', 'meta', 'resourceType');
    }),
    must('other', 'meta.resourceType of a type of its own is that type.', async (c) => {
      const [type, body] = c.ownType();
      const answer = (await c.post(type.endpoint, body)).is(201);
      answer.equals(type.name, 'meta', 'resourceType');
    }),
  ]),
];
