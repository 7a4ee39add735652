/** RFC 7644 §3.5.2.1 to §3.5.2.3: add, remove, replace. */
import type { JsonObject, JsonValue } from '../../../src/scim/json.ts';
import type { Answer } from '../answer.ts';
import type { RowContext } from '../row-context.ts';
import { must, section, should } from '../row.ts';

const WORK = { value: 'work@x.org', type: 'work' };
const HOME = { value: 'home@x.org', type: 'home' };
const HOME_TOO = { value: 'second@x.org', type: 'home' };
const EMAILS = [WORK, HOME, HOME_TOO];

/** The user after the operations. */
async function after(
  c: RowContext,
  before: JsonObject,
  ...operations: readonly JsonObject[]
): Promise<Answer> {
  const { id } = await c.user(before);
  (await c.patch(`/Users/${id}`, operations)).is(200, 204);
  return (await c.get(`/Users/${id}`)).is(200);
}

async function refused(
  c: RowContext,
  before: JsonObject,
  operation: JsonObject,
  ...scimTypes: readonly string[]
): Promise<void> {
  const { id } = await c.user(before);
  (await c.patch(`/Users/${id}`, [operation])).isError(400, ...scimTypes);
}

/** The operation leaves version and date of the user as they were. */
async function unchanged(c: RowContext, before: JsonObject, operation: JsonObject): Promise<void> {
  const user = await c.user(before);
  (await c.patch(`/Users/${user.id}`, [operation])).is(200, 204);
  const read = (await c.get(`/Users/${user.id}`)).is(200);
  read.equals(user.textAt('meta', 'lastModified'), 'meta', 'lastModified');
  if (c.target.claims('etag')) read.equals(user.version, 'meta', 'version');
}

const add = (path: string, value: JsonValue): JsonObject => ({ op: 'add', path, value });
const replace = (path: string, value: JsonValue): JsonObject => ({ op: 'replace', path, value });
const remove = (path: string): JsonObject => ({ op: 'remove', path });

const CREATES = {
  reason: 'Microsoft Entra expects the element to be created, and never creates it otherwise.',
  setting: 'patchReplaceCreatesValuePathTarget',
};

export const PATCH_OPERATION_ROWS = [
  ...section('7644', '3.5.2.1', 'Add Operation', [
    must('value-required', 'An add has a value.', (c) =>
      refused(c, {}, { op: 'add', path: 'title' }),
    ),
    must('single', 'An add to a single attribute sets it.', async (c) => {
      (await after(c, {}, add('title', 'x'))).equals('x', 'title');
    }),
    must(
      'single-replaces',
      'An add to a single attribute that has a value replaces it.',
      async (c) => {
        (await after(c, { title: 'a' }, add('title', 'x'))).equals('x', 'title');
      },
    ),
    must('no-path', 'An add without path merges its attributes.', async (c) => {
      const operation = { op: 'add', value: { title: 'x', nickName: 'n' } };
      const user = await after(c, { title: 'a', displayName: 'd' }, operation);
      user.equals('x', 'title').equals('n', 'nickName').equals('d', 'displayName');
    }),
    must('no-path-multi', 'An add without path adds to multi-valued attributes.', async (c) => {
      const user = await after(c, { emails: [WORK] }, { op: 'add', value: { emails: [HOME] } });
      user.equals([WORK, HOME], 'emails');
    }),
    must('multi-valued', 'An add to a multi-valued attribute keeps what is there.', async (c) => {
      (await after(c, { emails: [WORK] }, add('emails', [HOME]))).equals([WORK, HOME], 'emails');
    }),
    must('absent', 'An add to what has no value creates it.', async (c) => {
      (await after(c, {}, add('emails', [HOME]))).equals([HOME], 'emails');
    }),
    must('complex', 'An add to a complex attribute sets the sub-attributes it has.', async (c) => {
      const user = await after(c, { name: { givenName: 'B' } }, add('name', { familyName: 'J' }));
      user.equals({ givenName: 'B', familyName: 'J' }, 'name');
    }),
    must('sub-attribute', 'An add to a sub-attribute sets it.', async (c) => {
      const user = await after(c, { name: { givenName: 'B' } }, add('name.familyName', 'J'));
      user.equals({ givenName: 'B', familyName: 'J' }, 'name');
    }),
    must(
      'value-path',
      'An add through a filter sets the sub-attribute of what it selects.',
      async (c) => {
        const user = await after(c, { emails: EMAILS }, add('emails[type eq "work"].display', 'W'));
        user.equals([{ ...WORK, display: 'W' }, HOME, HOME_TOO], 'emails');
      },
    ),
    should('same-value', 'An add of what is there succeeds and changes nothing.', async (c) => {
      (await after(c, { emails: [WORK] }, add('emails', [WORK]))).equals([WORK], 'emails');
    }),
    must('same-value-time', 'An add of what is there does not touch lastModified.', (c) =>
      unchanged(c, { emails: [WORK] }, add('emails', [WORK])),
    ),
    must('same-single-time', 'The same holds of a single attribute.', (c) =>
      unchanged(c, { title: 'x' }, add('title', 'x')),
    ),
    must('member', 'An add of a member keeps the others.', async (c) => {
      const [first, second] = [await c.user(), await c.user()];
      const { id } = await c.groupOf(first.id);
      const operation = add('members', [{ value: second.id }]);
      (await c.patch(`/Groups/${id}`, [operation])).is(200, 204);
      const read = (await c.get(`/Groups/${id}`)).is(200);
      const ids = read.objectsAt('members').map(({ value }) => value);
      read.expect(ids.includes(first.id) && ids.includes(second.id) && ids.length === 2, 'both');
    }),
    must('member-again', 'An add of a member that is there leaves it there once.', async (c) => {
      const user = await c.user();
      const group = await c.groupOf(user.id);
      const operation = add('members', [{ value: user.id }]);
      (await c.patch(`/Groups/${group.id}`, [operation])).is(200, 204);
      const read = (await c.get(`/Groups/${group.id}`)).is(200).lacks('members', 1);
      read.equals(group.textAt('meta', 'lastModified'), 'meta', 'lastModified');
    }),
  ]),
  ...section('7644', '3.5.2.2', 'Remove Operation', [
    must('no-path', 'A remove without path is 400 noTarget.', (c) =>
      refused(c, { title: 'a' }, { op: 'remove' }, 'noTarget'),
    ),
    must('single', 'A remove of a single attribute unassigns it.', async (c) => {
      (await after(c, { title: 'a', nickName: 'n' }, remove('title')))
        .lacks('title')
        .has('nickName');
    }),
    must('multi-valued', 'A remove of a multi-valued attribute removes all values.', async (c) => {
      (await after(c, { emails: EMAILS }, remove('emails'))).lacks('emails', 0);
    }),
    must('selected', 'A remove with a filter removes what it selects.', async (c) => {
      const user = await after(c, { emails: EMAILS }, remove('emails[type eq "home"]'));
      user.equals([WORK], 'emails');
    }),
    must('last-selected', 'Nothing left means unassigned.', async (c) => {
      const user = await after(c, { emails: [WORK] }, remove('emails[type eq "work"]'));
      user.lacks('emails', 0);
      const filter = `userName eq "${user.textAt('userName')}" and emails pr`;
      (await c.list('/Users', { filter })).is(200).equals(0, 'totalResults');
    }),
    must(
      'selected-sub',
      'A remove of a sub-attribute through a filter leaves the elements.',
      async (c) => {
        const emails = [{ ...WORK, display: 'W' }, HOME];
        const user = await after(c, { emails }, remove('emails[type eq "work"].display'));
        user.equals([WORK, HOME], 'emails');
      },
    ),
    must(
      'selected-value',
      'A remove of the value of an element leaves its other sub-attributes.',
      async (c) => {
        const user = await after(
          c,
          { emails: [WORK, HOME] },
          remove('emails[type eq "work"].value'),
        );
        user.equals([{ type: WORK.type }, HOME], 'emails');
      },
      {
        reason: 'Providers remove an element by its value; what describes it goes with it.',
        setting: 'dropLabels',
      },
    ),
    must('sub-attribute', 'A remove of a sub-attribute leaves the others.', async (c) => {
      const name = { givenName: 'B', familyName: 'J' };
      const user = await after(c, { name }, remove('name.givenName'));
      user.equals({ familyName: 'J' }, 'name');
    }),
    must(
      'last-sub-attribute',
      'A complex attribute without sub-attributes is unassigned.',
      async (c) => {
        const user = await after(c, { name: { givenName: 'B' } }, remove('name.givenName'));
        user.lacks('name', 'givenName');
        const filter = `userName eq "${user.textAt('userName')}" and name pr`;
        (await c.list('/Users', { filter })).is(200).equals(0, 'totalResults');
      },
    ),
    must('required', 'A remove of a required attribute is 400 mutability.', (c) =>
      refused(c, {}, remove('userName'), 'mutability'),
    ),
    must('read-only', 'A remove of a readOnly attribute is 400 mutability.', (c) =>
      refused(c, {}, remove('id'), 'mutability'),
    ),
    must('absent', 'A remove of what has no value succeeds.', async (c) => {
      (await after(c, {}, remove('title'))).lacks('title');
    }),
    must('member', 'A remove of one member leaves the others.', async (c) => {
      const [first, second] = [await c.user(), await c.user()];
      const { id } = await c.groupOf(first.id, second.id);
      const operation = remove(`members[value eq "${first.id}"]`);
      (await c.patch(`/Groups/${id}`, [operation])).is(200, 204);
      const read = (await c.get(`/Groups/${id}`)).is(200);
      read.equals(second.id, 'members', 0, 'value').lacks('members', 1);
    }),
    must('all-members', 'A remove of members empties the group.', async (c) => {
      const { id } = await c.groupOf((await c.user()).id);
      (await c.patch(`/Groups/${id}`, [remove('members')])).is(200, 204);
      (await c.get(`/Groups/${id}`)).is(200).lacks('members', 0);
    }),
    must(
      'no-value',
      'A remove has no value: what goes is selected by the path.',
      (c) =>
        refused(c, { emails: EMAILS }, { ...remove('emails'), value: [{ value: WORK.value }] }),
      {
        reason: 'Microsoft Entra lists members to remove in value; only those go.',
        setting: 'removeWithValue',
      },
    ),
  ]),
  ...section('7644', '3.5.2.3', 'Replace Operation', [
    must('single', 'A replace of a single attribute sets it.', async (c) => {
      (await after(c, { title: 'a' }, replace('title', 'x'))).equals('x', 'title');
    }),
    must('no-path', 'A replace without path replaces the attributes it has.', async (c) => {
      const operation = { op: 'replace', value: { title: 'x', emails: [HOME] } };
      const user = await after(c, { title: 'a', displayName: 'd', emails: [WORK] }, operation);
      user.equals('x', 'title').equals('d', 'displayName').equals([HOME], 'emails');
    }),
    must(
      'multi-valued',
      'A replace of a multi-valued attribute replaces all values.',
      async (c) => {
        (await after(c, { emails: EMAILS }, replace('emails', [HOME]))).equals([HOME], 'emails');
      },
    ),
    must('absent', 'A replace of what has no value adds it.', async (c) => {
      (await after(c, {}, replace('title', 'x'))).equals('x', 'title');
    }),
    must(
      'complex',
      'A replace of a complex attribute sets the sub-attributes it has.',
      async (c) => {
        const user = await after(
          c,
          { name: { givenName: 'a' } },
          replace('name', { givenName: 'x' }),
        );
        user.equals('x', 'name', 'givenName');
      },
    ),
    must('sub-attribute', 'A replace of a sub-attribute leaves the others.', async (c) => {
      const name = { givenName: 'B', familyName: 'J' };
      const user = await after(c, { name }, replace('name.givenName', 'x'));
      user.equals({ givenName: 'x', familyName: 'J' }, 'name');
    }),
    must('selected', 'A replace with a filter replaces every value it selects.', async (c) => {
      const path = 'emails[type eq "home"].display';
      const user = await after(c, { emails: EMAILS }, replace(path, 'H'));
      user.equals([WORK, { ...HOME, display: 'H' }, { ...HOME_TOO, display: 'H' }], 'emails');
    }),
    must(
      'selected-whole',
      'A replace with a filter and no sub-attribute replaces the value.',
      async (c) => {
        const path = 'emails[type eq "work"]';
        const value = { value: 'new@x.org', type: 'work' };
        const user = await after(c, { emails: [WORK, HOME] }, replace(path, value));
        user.equals([value, HOME], 'emails');
      },
    ),
    must(
      'selected-sub',
      'A replace of a sub-attribute through a filter leaves the rest.',
      async (c) => {
        const path = 'emails[type eq "work"].value';
        const user = await after(c, { emails: [WORK, HOME] }, replace(path, 'new@x.org'));
        user.equals([{ ...WORK, value: 'new@x.org' }, HOME], 'emails');
      },
    ),
    must(
      'no-match',
      'A replace whose filter selects nothing is 400 noTarget.',
      (c) =>
        refused(
          c,
          { emails: [HOME] },
          replace('emails[type eq "work"].value', 'x@y.z'),
          'noTarget',
        ),
      CREATES,
    ),
    must(
      'no-match-whole',
      'The same holds without sub-attribute.',
      (c) => refused(c, { emails: [HOME] }, replace('emails[type eq "work"]', WORK), 'noTarget'),
      CREATES,
    ),
    must('members', 'A replace of members sets the whole of them.', async (c) => {
      const [first, second] = [await c.user(), await c.user()];
      const { id } = await c.groupOf(first.id);
      const operation = replace('members', [{ value: second.id }]);
      (await c.patch(`/Groups/${id}`, [operation])).is(200, 204);
      const read = (await c.get(`/Groups/${id}`)).is(200);
      read.equals(second.id, 'members', 0, 'value').lacks('members', 1);
    }),
    must('uniqueness', 'A replace does not take a unique value of another.', async (c) => {
      const taken = (await c.user()).textAt('userName');
      const { id } = await c.user();
      (await c.patch(`/Users/${id}`, [replace('userName', taken)])).isError(409, 'uniqueness');
    }),
  ]),
];
