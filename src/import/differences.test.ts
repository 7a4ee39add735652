import t from 'tap';
import type { JsonObject } from '../scim/json.ts';
import { canonicalizeResource } from '../scim/resource/canonicalize.ts';
import { noteDifferences } from './differences.ts';
import { coreType, noted, OPTIONS } from './test/noted.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const USER = coreType('User');

function differences(rest: JsonObject, unknownAttributes: 'drop' | 'keep' = 'drop'): string[] {
  const body = { userName: 'ada', ...rest };
  const { notes, lines } = noted();
  const canonical = canonicalizeResource(USER, body, { ...OPTIONS, unknownAttributes });
  noteDifferences(USER, body, canonical, notes);
  return lines();
}

t.test('what is taken as it is, or means nothing, is no difference', async (t) => {
  const taken = {
    TITLE: 'Countess',
    active: true,
    name: { GivenName: 'Ada' },
    emails: [{ value: 'a@example.com', type: 'work', primary: true }],
    photos: [],
    nickName: null,
    groups: [{ value: 'g' }],
    password: 'hunter2',
    [ENTERPRISE]: { manager: { value: '1', displayName: 'derived' }, division: null },
    'urn:example:Unknown': {},
  };
  t.same(differences(taken), []);
});

t.test('what no schema knows is dropped, at each depth, unless it is kept', async (t) => {
  const unknown = {
    shoe: 44,
    name: { shoe: 1 },
    emails: [{ value: 'a@example.com', shoe: 1 }],
    [ENTERPRISE]: { shoe: 1 },
    'urn:example:Unknown': { a: 1 },
    'emails.value': 'x',
  };
  t.same(differences(unknown), [
    'dropped shoe',
    'dropped name.shoe',
    'dropped emails.shoe',
    `dropped ${ENTERPRISE}:shoe`,
    'dropped urn:example:Unknown',
    'dropped emails.value',
  ]);
  t.same(differences(unknown, 'keep'), []);
});

t.test('what is written otherwise is changed', async (t) => {
  t.same(
    differences({
      active: 'True',
      emails: [
        { value: 'a@example.com', primary: 'True' },
        { value: 'b@example.com', type: 'home' },
      ],
      phoneNumbers: [{ value: '1' }, { value: '1' }, {}],
      'name.givenName': 'Ada',
      [`${ENTERPRISE}:department`]: 'D',
      [USER.schema]: { title: 'T', 'name.familyName': 'L' },
    }),
    [
      'changed active',
      'changed emails.primary',
      'changed phoneNumbers',
      'changed name.givenName',
      `changed ${ENTERPRISE}:department`,
      'changed name.familyName',
    ],
  );
});
