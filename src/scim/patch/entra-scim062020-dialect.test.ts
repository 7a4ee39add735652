/** Bodies as Entra ID sends them with `aadOptscim062020`. */
import t from 'tap';
import type { JsonValue } from '../json.ts';
import {
  ENTERPRISE,
  GROUP,
  Members,
  PATCH_OP,
  patchUser,
  patchWith,
  user,
  USER,
} from './test/patch.ts';

const DOTTED: JsonValue = {
  schemas: [PATCH_OP],
  Operations: [
    {
      op: 'replace',
      value: {
        displayName: 'Alisa Sam',
        active: false,
        'name.givenName': 'Alisa',
        'name.familyName': 'Sam',
        'emails[type eq "work"].value': 'new@example.com',
        'phoneNumbers[type eq "work"].value': '+47 2',
        [`${ENTERPRISE}:department`]: 'Tours',
        [`${ENTERPRISE}:manager`]: 'm1',
      },
    },
  ],
};

t.test('one replace without a path, with dotted and URN keys and value paths', (t) => {
  const after = patchWith(USER, user(), DOTTED).document;
  t.strictSame(
    after,
    user({
      name: { familyName: 'Sam', givenName: 'Alisa' },
      active: false,
      emails: [
        { value: 'new@example.com', type: 'work', primary: true },
        { value: 'babs@home.example', type: 'home' },
      ],
      phoneNumbers: [{ type: 'work', value: '+47 2' }],
      displayName: 'Alisa Sam',
      [ENTERPRISE]: { department: 'Tours', manager: { value: 'm1' } },
    }),
  );
  t.notOk(Object.keys(after).some((key) => key.includes('.givenName') || key.includes('[')));
  t.equal(patchWith(USER, after, DOTTED).document, after, 'the next cycle changes nothing');
  t.end();
});

t.test('attributes are removed by path', (t) => {
  const after = patchUser(
    user({ [ENTERPRISE]: { manager: { value: 'm1' } }, title: 'x' }),
    { op: 'remove', path: `${ENTERPRISE}:manager` },
    { op: 'remove', path: 'title' },
    { op: 'remove', path: 'emails[type eq "work"].value' },
  );
  t.strictSame(after, user({ emails: [{ value: 'babs@home.example', type: 'home' }] }));
  t.end();
});

t.test('groups: rename and externalId without a path, members by value and by filter', (t) => {
  const members = new Members('a');
  const patch = (group: Record<string, JsonValue>, ...Operations: JsonValue[]) =>
    patchWith(GROUP, group, { schemas: [PATCH_OP], Operations }, {}, members);
  const group = { id: 'g', displayName: 'G' };
  const renamed = patch(group, { op: 'replace', value: { displayName: 'H', externalId: 'e' } });
  t.strictSame(renamed, {
    document: { id: 'g', displayName: 'H', externalId: 'e' },
    membershipChanged: false,
  });
  const added = patch(group, { op: 'add', path: 'members', value: [{ value: 'b' }] });
  t.strictSame(added, { document: group, membershipChanged: true });
  t.ok(patch(group, { op: 'remove', path: 'members[value eq "a"]' }).membershipChanged);
  t.notOk(patch(group, { op: 'remove', path: 'members[value eq "a"]' }).membershipChanged);
  t.strictSame([...members.ids], ['b']);
  t.notOk(members.listed, 'no other member was read');
  t.end();
});
