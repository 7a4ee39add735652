/** RFC 7644 §3.5.2: the message of a PATCH, what it answers, and that it is done whole or not. */
import type { JsonObject } from '../../../src/scim/json.ts';
import type { Answer } from '../answer.ts';
import type { RowContext } from '../row-context.ts';
import { NO_ID, PATCH_OP, USER } from '../row-context.ts';
import { must, section } from '../row.ts';

const TITLE = { op: 'replace', path: 'title', value: 'b' };

/** A PATCH whose body is not as it should be. */
async function message(c: RowContext, body: JsonObject): Promise<Answer> {
  c.needs('patch');
  const { id } = await c.user({ title: 'a' });
  return c.send('PATCH', `/Users/${id}`, body);
}

async function refused(c: RowContext, operation: JsonObject, ...types: string[]): Promise<void> {
  const { id } = await c.user({ title: 'a', emails: [{ value: 'a@x.org', type: 'work' }] });
  (await c.patch(`/Users/${id}`, [operation])).isError(400, ...types);
}

const LOOSE = {
  reason: 'Microsoft Entra and Okta leave such things out or write them in their own way.',
  setting: 'loosePatchMessages',
};

export const PATCH_ROWS = section('7644', '3.5.2', 'Modifying with PATCH', [
  must(
    'schemas',
    'The body of a PATCH has the PatchOp URN in schemas.',
    async (c) => {
      (await message(c, { Operations: [TITLE] })).isError(400, 'invalidSyntax', 'invalidValue');
    },
    LOOSE,
  ),
  must('other-schemas', 'The body of a PATCH is identified by no other URN.', async (c) => {
    (await message(c, { schemas: [USER], Operations: [TITLE] })).isError(400);
  }),
  must('operations', 'The body of a PATCH has Operations.', async (c) => {
    (await message(c, { schemas: [PATCH_OP] })).isError(400, 'invalidSyntax', 'invalidValue');
  }),
  must('no-operation', 'Operations holds at least one operation.', async (c) => {
    (await message(c, { schemas: [PATCH_OP], Operations: [] })).isError(400);
  }),
  must('operations-array', 'Operations is an array.', async (c) => {
    (await message(c, { schemas: [PATCH_OP], Operations: TITLE })).isError(400);
  }),
  must('op', 'Each operation says what to do.', (c) =>
    refused(c, { path: 'title', value: 'b' }, 'invalidSyntax', 'invalidValue'),
  ),
  must('unknown-op', 'An operation that is none of add, remove and replace is 400.', (c) =>
    refused(c, { op: 'move', path: 'title', value: 'b' }, 'invalidSyntax', 'invalidValue'),
  ),
  must('invalid-path', 'A path that is none is 400 invalidPath.', (c) =>
    refused(
      c,
      { op: 'replace', path: 'emails[type eq', value: 'x' },
      'invalidPath',
      'invalidFilter',
    ),
  ),
  must(
    'unknown-path',
    'A path to no attribute of the schema is refused.',
    async (c) => {
      const { id } = await c.user();
      const operation = { op: 'replace', path: 'nobodyKnowsThis', value: 'x' };
      (await c.patch(`/Users/${id}`, [operation])).isError(400, 'invalidPath', 'noTarget');
    },
    {
      reason:
        'One attribute that the endpoint does not know must not fail a whole synchronisation.',
      setting: 'unknownAttributes',
    },
  ),
  must('wrong-type', 'A value of another type than the schema says is 400 invalidValue.', (c) =>
    refused(c, { op: 'replace', path: 'title', value: { a: 1 } }, 'invalidValue', 'invalidSyntax'),
  ),
  must('read-only', 'An operation on a readOnly attribute is 400 mutability.', (c) =>
    refused(
      c,
      { op: 'replace', path: 'meta.created', value: '2001-01-01T00:00:00Z' },
      'mutability',
    ),
  ),
  must(
    'read-only-in-value',
    'A readOnly attribute in a value without path is 400 mutability.',
    (c) => refused(c, { op: 'replace', value: { id: 'x' } }, 'mutability'),
    { reason: 'Okta echoes id in the value; it is left out.', setting: 'readOnlyEchoes' },
  ),
  must('primary', 'A new primary takes primary from the others.', async (c) => {
    const { id } = await c.user({
      emails: [
        { value: 'a@x.org', type: 'work', primary: true },
        { value: 'b@x.org', type: 'home' },
      ],
    });
    const path = 'emails[type eq "home"].primary';
    (await c.patch(`/Users/${id}`, [{ op: 'replace', path, value: true }])).is(200, 204);
    const read = (await c.get(`/Users/${id}`)).is(200);
    const primaries = read.objectsAt('emails').filter(({ primary }) => primary === true);
    read.expect(primaries.length === 1 && primaries[0]?.['type'] === 'home', 'home alone primary');
  }),
  must('primary-added', 'An added primary takes primary from the others.', async (c) => {
    const { id } = await c.user({ emails: [{ value: 'a@x.org', primary: true }] });
    const value = [{ value: 'b@x.org', primary: true }];
    (await c.patch(`/Users/${id}`, [{ op: 'add', path: 'emails', value }])).is(200, 204);
    const read = (await c.get(`/Users/${id}`)).is(200);
    const primaries = read.objectsAt('emails').filter(({ primary }) => primary === true);
    read.expect(primaries.length === 1 && primaries[0]?.['value'] === 'b@x.org', 'b@x.org primary');
  }),
  must('atomic', 'When one operation fails, none is done.', async (c) => {
    const { id } = await c.user({ title: 'a' });
    const operations = [TITLE, { op: 'replace', path: 'meta.created', value: 'x' }];
    (await c.patch(`/Users/${id}`, operations)).isError(400);
    (await c.get(`/Users/${id}`)).equals('a', 'title');
  }),
  must('in-order', 'Operations are done in their order.', async (c) => {
    const { id } = await c.user({ title: 'a' });
    const operations = ['b', 'c', 'd'].map((value) => ({ ...TITLE, value }));
    (await c.patch(`/Users/${id}`, operations)).is(200, 204);
    (await c.get(`/Users/${id}`)).equals('d', 'title');
  }),
  must('answer', 'A PATCH answers 200 with the whole resource, or 204.', async (c) => {
    const { id } = await c.user({ title: 'a', displayName: 'Babs' });
    const answer = (await c.patch(`/Users/${id}`, [TITLE])).is(200, 204);
    if (answer.status === 200) answer.equals('b', 'title').equals('Babs', 'displayName');
    else answer.expect(answer.text === '', 'no body');
  }),
  must('answer-attributes', 'A PATCH with attributes answers 200 with them.', async (c) => {
    const { id } = await c.user({ title: 'a', displayName: 'Babs' });
    const answer = await c.patch(`/Users/${id}?attributes=title`, [TITLE]);
    answer.is(200).equals('b', 'title').lacks('displayName');
  }),
  must('group-answer-attributes', 'So does a PATCH of a group.', async (c) => {
    const { id } = await c.group();
    const operations = [{ op: 'replace', path: 'displayName', value: c.unique('group') }];
    const answer = await c.patch(`/Groups/${id}?attributes=displayName`, operations);
    answer.is(200).has('displayName');
  }),
  must('not-found', 'A PATCH of what is not there is 404.', async (c) => {
    (await c.patch(`/Users/${NO_ID}`, [TITLE])).isError(404);
  }),
  must('no-content-version', 'A 204 carries the new version as ETag.', async (c) => {
    c.needs('etag');
    const { id } = await c.user({ title: 'a' });
    const answer = (await c.patch(`/Users/${id}`, [TITLE])).is(200, 204);
    (await c.get(`/Users/${id}`)).equals(answer.header('etag'), 'meta', 'version');
  }),
  must('own-type', 'Resources of a type of its own are modified like users.', async (c) => {
    const [type, body] = c.ownType();
    const { id } = (await c.post(type.endpoint, body)).is(201);
    const value = c.unique('ext');
    const operations = [{ op: 'add', path: 'externalId', value }];
    (await c.patch(`${type.endpoint}/${id}`, operations)).is(200, 204);
    (await c.get(`${type.endpoint}/${id}`)).equals(value, 'externalId');
  }),
  must('schemas-follow', 'schemas follows what a PATCH adds.', async (c) => {
    const attribute = c.attribute({ type: 'string', mutability: 'readWrite', uniqueness: 'none' });
    const { id } = await c.user();
    const operations = [{ op: 'add', path: attribute.path, value: 'x' }];
    (await c.patch(`/Users/${id}`, operations)).is(200, 204);
    const read = (await c.get(`/Users/${id}`)).is(200).equals('x', ...attribute.steps);
    read.expect(JSON.stringify(read.at('schemas')).includes(attribute.urn), attribute.urn);
  }),
]);
