/** RFC 7643 §4 and §9: users, groups, the enterprise extension, passwords. */
import type { JsonObject } from '../../../src/scim/json.ts';
import type { RowContext } from '../row-context.ts';
import { ENTERPRISE, USER } from '../row-context.ts';
import { must, section, should } from '../row.ts';

const PASSWORD = 't1meMa$heen-t1meMa$heen';

/** Whatever goes in comes out, at creation and at the next read. */
async function keeps(c: RowContext, attributes: JsonObject): Promise<void> {
  const created = await c.user(attributes);
  const read = (await c.get(`/Users/${created.id}`)).is(200);
  for (const answer of [created, read]) {
    for (const [name, value] of Object.entries(attributes)) {
      if (name !== 'schemas') answer.equals(value, name);
    }
  }
}

export const CORE_ROWS = [
  ...section('7643', '4.1.1', 'User: Singular Attributes', [
    must('user-name', 'A user has a userName.', async (c) => {
      (await c.post('/Users', { schemas: [USER], displayName: 'x' })).isError(400);
    }),
    must('user-name-not-empty', 'A userName is not empty.', async (c) => {
      (await c.post('/Users', { schemas: [USER], userName: '' })).isError(400);
    }),
    must('user-name-unique', 'A userName is unique among users.', async (c) => {
      const body = c.userBody();
      await c.post('/Users', body);
      (await c.post('/Users', body)).isError(409, 'uniqueness');
    }),
    must('user-name-unique-put', 'A PUT does not take the userName of another.', async (c) => {
      const taken = (await c.user()).textAt('userName');
      const { id } = await c.user();
      (await c.put(`/Users/${id}`, { schemas: [USER], userName: taken })).isError(
        409,
        'uniqueness',
      );
    }),
    must('user-name-unique-patch', 'A PATCH does not take the userName of another.', async (c) => {
      const taken = (await c.user()).textAt('userName');
      const { id } = await c.user();
      const answer = await c.patch(`/Users/${id}`, [
        { op: 'replace', path: 'userName', value: taken },
      ]);
      answer.isError(409, 'uniqueness');
    }),
    must('user-name-case', 'A userName is found in any case.', async (c) => {
      const userName = c.unique('MiXed');
      const { id } = await c.user({ userName });
      const list = await c.list('/Users', { filter: `userName eq "${userName.toUpperCase()}"` });
      list.is(200).equals(id, 'Resources', 0, 'id').equals(userName, 'Resources', 0, 'userName');
    }),
    must('user-name-unicode', 'Case is that of Unicode, not of ASCII.', async (c) => {
      const userName = c.unique('Ærø');
      await c.user({ userName });
      const list = await c.list('/Users', { filter: `userName eq "${userName.toLowerCase()}"` });
      list.is(200).equals(1, 'totalResults');
    }),
    should('name', 'name keeps its components and its formatted form.', (c) =>
      keeps(c, {
        name: {
          formatted: 'Ms. Barbara J Jensen III',
          familyName: 'Jensen',
          givenName: 'Barbara',
          middleName: 'Jane',
          honorificPrefix: 'Ms.',
          honorificSuffix: 'III',
        },
      }),
    ),
    must('singular', 'The other single attributes come back as they were.', (c) =>
      keeps(c, {
        displayName: 'Babs Jensen',
        nickName: 'Babs',
        profileUrl: 'https://login.example.com/bjensen',
        title: 'Tour Guide',
        userType: 'Employee',
        preferredLanguage: 'en-US,en;q=0.5',
        locale: 'en-US',
        timezone: 'America/Los_Angeles',
        active: true,
      }),
    ),
    must('active', 'active false stays false and can be found.', async (c) => {
      const userName = c.unique();
      (await c.user({ userName, active: false })).equals(false, 'active');
      const list = await c.list('/Users', {
        filter: `userName eq "${userName}" and active eq false`,
      });
      list.is(200).equals(1, 'totalResults');
    }),
    must('password', 'A password never leaves, not in the answer that set it.', async (c) => {
      const created = await c.user({ password: PASSWORD });
      created.lacks('password');
      const read = await c.get(`/Users/${created.id}`);
      read.is(200).lacks('password');
      for (const { text } of [created, read]) {
        created.expect(!text.includes(PASSWORD), 'no password anywhere', text);
      }
    }),
    must('password-asked', 'A password never leaves, also when asked for by name.', async (c) => {
      const { id } = await c.user({ password: PASSWORD });
      (await c.list(`/Users/${id}`, { attributes: 'password' })).is(200).lacks('password');
    }),
    must('password-patch', 'A password can be set by PATCH and is not echoed.', async (c) => {
      const { id } = await c.user();
      const operations = [{ op: 'replace', path: 'password', value: PASSWORD }];
      const answer = await c.patch(`/Users/${id}?attributes=password,userName`, operations);
      answer.is(200).lacks('password').has('userName');
    }),
  ]),
  ...section('7643', '4.1.2', 'User: Multi-Valued Attributes', [
    must('emails', 'emails come back as they were.', (c) =>
      keeps(c, {
        emails: [
          { value: 'bjensen@example.com', type: 'work', primary: true },
          { value: 'babs@jensen.org', type: 'home', display: 'Babs' },
        ],
      }),
    ),
    must('phone-numbers', 'phoneNumbers come back as they were.', (c) =>
      keeps(c, {
        phoneNumbers: [
          { value: 'tel:+1-201-555-0123', type: 'work' },
          { value: 'tel:+1-201-555-0124', type: 'mobile' },
        ],
      }),
    ),
    must('ims', 'ims come back as they were.', (c) =>
      keeps(c, { ims: [{ value: 'someaimhandle', type: 'aim' }] }),
    ),
    must('photos', 'photos come back as they were.', (c) =>
      keeps(c, { photos: [{ value: 'https://photos.example.com/F', type: 'photo' }] }),
    ),
    must('addresses', 'addresses come back as they were.', (c) =>
      keeps(c, {
        addresses: [
          {
            streetAddress: '100 Universal City Plaza',
            locality: 'Hollywood',
            region: 'CA',
            postalCode: '91608',
            country: 'US',
            formatted: '100 Universal City Plaza\nHollywood, CA 91608 USA',
            type: 'work',
            primary: true,
          },
        ],
      }),
    ),
    must('entitlements', 'entitlements come back as they were.', (c) =>
      keeps(c, { entitlements: [{ value: 'read-all', type: 'newentitlement' }] }),
    ),
    must('roles', 'roles come back as they were.', (c) =>
      keeps(c, { roles: [{ value: 'admin', display: 'Administrator', primary: true }] }),
    ),
    must('certificates', 'x509Certificates come back as they were.', (c) =>
      keeps(c, { x509Certificates: [{ value: 'MIIDQzCCAqygAwIBAgICEAAwDQ==' }] }),
    ),
    must('groups', 'groups of a user tell of its groups: value is the id.', async (c) => {
      const user = await c.user();
      const group = await c.groupOf(user.id);
      const read = (await c.get(`/Users/${user.id}`)).is(200);
      read.equals(group.id, 'groups', 0, 'value');
      const ref = read.textAt('groups', 0, '$ref');
      read.expect(ref.endsWith(`/Groups/${group.id}`), 'a $ref to the group', ref);
    }),
    must('groups-read-only', 'groups change through Group only.', async (c) => {
      const group = await c.group();
      const user = await c.user({ groups: [{ value: group.id }] });
      (await c.get(`/Groups/${group.id}`)).is(200).lacks('members', 0);
      const operations = [{ op: 'add', path: 'groups', value: [{ value: group.id }] }];
      (await c.patch(`/Users/${user.id}`, operations)).isError(400, 'mutability');
    }),
  ]),
  ...section('7643', '4.2', 'Group', [
    must('display-name', 'A group has a displayName.', async (c) => {
      c.needsType('Group');
      (await c.post('/Groups', { schemas: c.groupBody()['schemas'] ?? [] })).isError(400);
    }),
    must('members', 'Members come back with value, $ref and type.', async (c) => {
      const user = await c.user();
      const group = await c.groupOf(user.id);
      const read = (await c.get(`/Groups/${group.id}`)).is(200);
      read.equals(user.id, 'members', 0, 'value').equals('User', 'members', 0, 'type');
      read.has('members', 0, '$ref');
    }),
    must('nested', 'A group can be a member of a group.', async (c) => {
      const inner = await c.group();
      const outer = await c.groupOf(inner.id);
      outer.equals(inner.id, 'members', 0, 'value').equals('Group', 'members', 0, 'type');
    }),
    must('members-immutable', 'A member is added and removed, not changed in place.', async (c) => {
      const [first, second] = [await c.user(), await c.user()];
      const { id } = await c.groupOf(first.id);
      const path = `members[value eq "${first.id}"].value`;
      const answer = await c.patch(`/Groups/${id}`, [{ op: 'replace', path, value: second.id }]);
      answer.isError(400, 'mutability');
    }),
    must('member-deleted', 'A deleted user is no member any more.', async (c) => {
      const user = await c.user();
      const { id } = await c.groupOf(user.id);
      (await c.delete(`/Users/${user.id}`)).is(204);
      (await c.get(`/Groups/${id}`)).is(200).lacks('members', 0);
    }),
  ]),
  ...section('7643', '4.3', 'Enterprise User', [
    must('attributes', 'The attributes of the extension come back as they were.', async (c) => {
      c.needsSchema(ENTERPRISE);
      await keeps(c, {
        schemas: [USER, ENTERPRISE],
        [ENTERPRISE]: {
          employeeNumber: '701984',
          costCenter: '4130',
          organization: 'Universal Studios',
          division: 'Theme Park',
          department: 'Tour Operations',
        },
      });
    }),
    should('manager', 'manager has the id of a user as its value.', async (c) => {
      c.needsSchema(ENTERPRISE);
      const manager = await c.user();
      const user = await c.user({
        schemas: [USER, ENTERPRISE],
        [ENTERPRISE]: { manager: { value: manager.id } },
      });
      user.equals(manager.id, ENTERPRISE, 'manager', 'value');
    }),
    must('manager-display', 'displayName of a manager is readOnly.', async (c) => {
      c.needsSchema(ENTERPRISE);
      const manager = await c.user();
      const user = await c.user({
        schemas: [USER, ENTERPRISE],
        [ENTERPRISE]: { manager: { value: manager.id, displayName: 'mine' } },
      });
      const came = user.at(ENTERPRISE, 'manager', 'displayName');
      user.expect(came !== 'mine', 'not the displayName of the client', came ?? null);
    }),
  ]),
  ...section('7643', '9.2', 'Passwords', [
    must('not-in-list', 'No list holds a password.', async (c) => {
      const userName = c.unique();
      await c.user({ userName, password: PASSWORD });
      const list = await c.list('/Users', { filter: `userName eq "${userName}"` });
      list.is(200).equals(1, 'totalResults').lacks('Resources', 0, 'password');
      list.expect(!list.text.includes(PASSWORD), 'no password anywhere');
    }),
    must('not-guessed', 'No filter tells a part of a password.', async (c) => {
      const userName = c.unique();
      await c.user({ userName, password: PASSWORD });
      const filter = `userName eq "${userName}" and password sw "t1me"`;
      const list = await c.list('/Users', { filter });
      list.is(200, 400, 403);
      if (list.status === 200) list.equals(0, 'totalResults');
    }),
  ]),
];
