/** Bodies as Okta sends them. */
import t from 'tap';
import { CORE, GROUP, Members, PATCH_OP, patchWith, user, USER } from './test/patch.ts';

const GROUP_URN = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const group = { schemas: [GROUP_URN], id: 'abf4dd94', displayName: 'Test SCIMv2' };

t.test('a user is deactivated without a path', (t) => {
  const message = {
    schemas: [PATCH_OP],
    Operations: [{ op: 'replace', value: { active: false } }],
  };
  t.strictSame(patchWith(USER, user(), message).document, user({ active: false }));
  t.end();
});

t.test('a group is renamed with its id beside the name', (t) => {
  const message = {
    schemas: [PATCH_OP],
    Operations: [{ op: 'replace', value: { id: 'abf4dd94', displayName: 'Renamed' } }],
  };
  const { document } = patchWith(GROUP, group, message, {}, new Members());
  t.strictSame(document, { ...group, displayName: 'Renamed' });
  t.end();
});

t.test('a group is pushed by replacing its members, also with none', (t) => {
  const members = new Members('old');
  const push = (...ids: string[]) =>
    patchWith(
      GROUP,
      group,
      {
        schemas: [PATCH_OP],
        Operations: [
          {
            op: 'replace',
            path: 'members',
            value: ids.map((value) => ({ value, display: `${value}@example.com` })),
          },
        ],
      },
      { allowRemoveAllMembers: false },
      members,
    );
  t.strictSame(push('a', 'b'), { document: group, membershipChanged: true });
  t.strictSame([...members.ids], ['a', 'b']);
  t.notOk(push('b', 'a').membershipChanged, 'the same members again');
  t.ok(push().membershipChanged);
  t.strictSame([...members.ids], []);
  t.end();
});

t.test('members change incrementally', (t) => {
  const members = new Members('a');
  const message = {
    schemas: [PATCH_OP],
    Operations: [
      { op: 'remove', path: 'members[value eq "a"]' },
      { op: 'add', path: 'members', value: [{ value: 'b', display: 'b@example.com' }] },
    ],
  };
  t.ok(patchWith(GROUP, group, message, {}, members).membershipChanged);
  t.strictSame([...members.ids], ['b']);
  t.end();
});

t.test('a whole profile under the core URN is read as the resource', (t) => {
  const message = {
    schemas: [PATCH_OP],
    Operations: [{ op: 'replace', value: { schemas: [CORE], groups: [], [CORE]: { title: 'T' } } }],
  };
  t.strictSame(patchWith(USER, user(), message).document, user({ title: 'T' }));
  t.end();
});
