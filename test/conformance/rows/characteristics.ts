/** RFC 7643 §7: what the characteristics of an attribute mean for requests and answers. */
import type { JsonObject } from '../../../src/scim/json.ts';
import type { DescribedAttribute } from '../described.ts';
import type { RowContext } from '../row-context.ts';
import { GROUP, USER } from '../row-context.ts';
import { must, section, should } from '../row.ts';

const FREE_TEXT = {
  type: 'string',
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
} as const;

/** How many users with this name the filter finds, by an attribute and a value. */
async function found(
  c: RowContext,
  userName: string,
  attribute: DescribedAttribute,
  value: string,
): Promise<number> {
  const filter = `userName eq "${userName}" and ${attribute.path} eq "${value}"`;
  return (await c.list('/Users', { filter })).is(200).numberAt('totalResults');
}

function replaced(attribute: DescribedAttribute, value: string): readonly JsonObject[] {
  return [{ op: 'replace', path: attribute.path, value }];
}

export const CHARACTERISTIC_ROWS = section('7643', '7', 'Attribute Characteristics at Work', [
  must('case-exact', 'A caseExact attribute is compared in its case.', async (c) => {
    const attribute = c.attribute({ ...FREE_TEXT, caseExact: true });
    const userName = c.unique();
    const user = await c.user({ userName, ...attribute.holding('MiXed') });
    const counts = [
      await found(c, userName, attribute, 'MiXed'),
      await found(c, userName, attribute, 'mixed'),
    ];
    user.expect(counts[0] === 1 && counts[1] === 0, 'found in its own case only', counts);
  }),
  must('case-preserved', 'The case of a value is preserved.', async (c) => {
    const attribute = c.attribute({ ...FREE_TEXT, caseExact: true });
    (await c.user(attribute.holding('MiXed'))).equals('MiXed', ...attribute.steps);
  }),
  must('case-folded', 'An attribute that is not caseExact is compared in any case.', async (c) => {
    const attribute = c.attribute({ ...FREE_TEXT, caseExact: false });
    const userName = c.unique();
    const user = await c.user({ userName, ...attribute.holding('MiXed') });
    const count = await found(c, userName, attribute, 'mIxED');
    user.expect(count === 1, 'found in another case', count);
  }),
  must('read-only-create', 'A readOnly value in a POST is ignored.', async (c) => {
    const attribute = c.attribute({ type: 'string', mutability: 'readOnly' });
    const created = await c.user(attribute.holding('mine'));
    const came = created.at(...attribute.steps);
    created.expect(came !== 'mine', 'not the value of the client', came ?? null);
  }),
  must('read-only-put', 'A readOnly value in a PUT is ignored.', async (c) => {
    const attribute = c.attribute({ type: 'string', mutability: 'readOnly' });
    const body = c.userBody();
    const { id } = (await c.post('/Users', body)).is(201);
    const put = (await c.put(`/Users/${id}`, { ...body, ...attribute.holding('mine') })).is(200);
    put.expect(put.at(...attribute.steps) !== 'mine', 'not the value of the client');
  }),
  must('read-only-patch', 'A PATCH of a readOnly attribute is 400 mutability.', async (c) => {
    const attribute = c.attribute({ type: 'string', mutability: 'readOnly' });
    const { id } = await c.user();
    (await c.patch(`/Users/${id}`, replaced(attribute, 'mine'))).isError(400, 'mutability');
  }),
  must('read-only-id', 'A PATCH of id is 400 mutability.', async (c) => {
    const { id } = await c.user();
    const answer = await c.patch(`/Users/${id}`, [{ op: 'replace', path: 'id', value: 'mine' }]);
    answer.isError(400, 'mutability');
  }),
  must('read-only-meta', 'A PATCH of meta is 400 mutability.', async (c) => {
    const { id } = await c.user();
    const value = 'Group';
    const answer = await c.patch(`/Users/${id}`, [
      { op: 'replace', path: 'meta.resourceType', value },
    ]);
    answer.isError(400, 'mutability');
  }),
  must('immutable-create', 'An immutable attribute is set at creation.', async (c) => {
    const attribute = c.attribute({ type: 'string', mutability: 'immutable' });
    (await c.user(attribute.holding('once'))).equals('once', ...attribute.steps);
  }),
  must('immutable-put', 'A PUT that changes an immutable value is 400 mutability.', async (c) => {
    const attribute = c.attribute({ type: 'string', mutability: 'immutable' });
    const body = c.userBody(attribute.holding('once'));
    const { id } = (await c.post('/Users', body)).is(201);
    const changed = { ...body, ...attribute.holding('twice') };
    (await c.put(`/Users/${id}`, changed)).isError(400, 'mutability');
    (await c.put(`/Users/${id}`, body)).is(200).equals('once', ...attribute.steps);
  }),
  must(
    'immutable-patch',
    'A PATCH that changes an immutable value is 400 mutability.',
    async (c) => {
      const attribute = c.attribute({ type: 'string', mutability: 'immutable' });
      const { id } = await c.user(attribute.holding('once'));
      (await c.patch(`/Users/${id}`, replaced(attribute, 'twice'))).isError(400, 'mutability');
    },
  ),
  must(
    'immutable-late',
    'An immutable attribute without value takes its first one later.',
    async (c) => {
      const attribute = c.attribute({ type: 'string', mutability: 'immutable' });
      const body = c.userBody();
      const { id } = (await c.post('/Users', body)).is(201);
      const put = await c.put(`/Users/${id}`, { ...body, ...attribute.holding('late') });
      put.is(200).equals('late', ...attribute.steps);
    },
  ),
  must('write-only', 'A writeOnly attribute is taken and never shown.', async (c) => {
    const attribute = c.attribute({ mutability: 'writeOnly', type: 'string' });
    const value = 'w3iteOnly$ecret-w3ite';
    const created = await c.user(attribute.holding(value));
    created.lacks(...attribute.steps);
    const read = await c.list(`/Users/${created.id}`, { attributes: attribute.path });
    read.is(200).lacks(...attribute.steps);
    read.expect(!read.text.includes(value), 'the value nowhere');
  }),
  must('returned-always', 'returned always: there whatever is asked for.', async (c) => {
    const attribute = c.attribute({ returned: 'always', type: 'string', mutability: 'readWrite' });
    const { id } = await c.user(attribute.holding('here'));
    const only = await c.list(`/Users/${id}`, { attributes: 'title' });
    only.is(200).equals('here', ...attribute.steps);
    const without = await c.list(`/Users/${id}`, { excludedAttributes: attribute.path });
    without.is(200).equals('here', ...attribute.steps);
  }),
  must(
    'returned-default',
    'returned default: there unless something else is asked for.',
    async (c) => {
      const attribute = c.attribute({ ...FREE_TEXT });
      const { id } = await c.user({ title: 't', ...attribute.holding('here') });
      (await c.get(`/Users/${id}`)).is(200).equals('here', ...attribute.steps);
      (await c.list(`/Users/${id}`, { attributes: 'userType' })).is(200).lacks(...attribute.steps);
    },
  ),
  must('returned-request', 'returned request: there only when asked for.', async (c) => {
    const attribute = c.attribute({ returned: 'request', type: 'string', mutability: 'readWrite' });
    const { id } = await c.user(attribute.holding('here'));
    (await c.get(`/Users/${id}`)).is(200).lacks(...attribute.steps);
    const asked = await c.list(`/Users/${id}`, { attributes: attribute.path });
    asked.is(200).equals('here', ...attribute.steps);
  }),
  should('unique', 'No two resources have one value of an attribute that is unique.', async (c) => {
    const attribute = c.attribute({
      uniqueness: 'server',
      type: 'string',
      mutability: 'readWrite',
    });
    const value = c.unique('u');
    await c.user(attribute.holding(value));
    const again = await c.post('/Users', c.userBody(attribute.holding(value)));
    again.isError(409, 'uniqueness');
    const other = await c.user();
    (await c.patch(`/Users/${other.id}`, replaced(attribute, value))).isError(409, 'uniqueness');
  }),
  should('unique-freed', 'A unique value is free again when nobody has it.', async (c) => {
    const attribute = c.attribute({
      uniqueness: 'server',
      type: 'string',
      mutability: 'readWrite',
    });
    const value = c.unique('u');
    const { id } = await c.user(attribute.holding(value));
    (await c.patch(`/Users/${id}`, [{ op: 'remove', path: attribute.path }])).is(200, 204);
    (await c.user(attribute.holding(value))).equals(value, ...attribute.steps);
  }),
  must('required-patch', 'A PATCH does not remove a required attribute.', async (c) => {
    const { id } = await c.user();
    const answer = await c.patch(`/Users/${id}`, [{ op: 'remove', path: 'userName' }]);
    answer.isError(400, 'mutability', 'invalidValue');
  }),
  must('required-put', 'A PUT without a required attribute is refused.', async (c) => {
    const { id } = await c.user();
    (await c.put(`/Users/${id}`, { schemas: [USER], title: 'x' })).isError(400, 'invalidValue');
  }),
  must(
    'required-group',
    'A group without displayName is refused where it is required.',
    async (c) => {
      const { id } = await c.group();
      (await c.put(`/Groups/${id}`, { schemas: [GROUP], members: [] })).isError(
        400,
        'invalidValue',
      );
    },
  ),
]);
