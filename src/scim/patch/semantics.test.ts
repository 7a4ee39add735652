/** Requests of several operations, value paths of every shape, and what is equal to what is there. */
import t from 'tap';
import type { JsonObject, JsonValue } from '../json.ts';
import {
  at,
  body,
  CORE,
  ENTERPRISE,
  patchUser,
  patchWith,
  refusal,
  user,
  USER,
} from './test/patch.ts';

t.test('operations apply in order, each to what the one before has left', (t) => {
  const cases: readonly (readonly [string, readonly JsonValue[], JsonObject])[] = [
    [
      'the last value counts',
      [
        { op: 'replace', path: 'title', value: 'A' },
        { op: 'add', path: 'TITLE', value: 'B' },
        { op: 'replace', value: { title: 'C' } },
      ],
      { title: 'C' },
    ],
    [
      'removed and set again',
      [
        { op: 'remove', path: 'emails' },
        { op: 'add', path: 'emails', value: [{ value: 'n@x' }] },
        { op: 'replace', path: 'emails[value eq "n@x"].type', value: 'work' },
      ],
      { emails: [{ value: 'n@x', type: 'work' }] },
    ],
    [
      'an element made by one is found by the next',
      [
        { op: 'add', path: 'phoneNumbers[type eq "work"].value', value: '+1' },
        { op: 'add', path: 'phoneNumbers[type eq "work"].primary', value: 'True' },
        { op: 'replace', path: 'phoneNumbers[primary eq true].value', value: '+2' },
      ],
      { phoneNumbers: [{ type: 'work', value: '+2', primary: true }] },
    ],
    [
      'an extension that comes and goes',
      [
        { op: 'add', path: ENTERPRISE, value: { department: 'D' } },
        { op: 'remove', path: `${ENTERPRISE}:department` },
      ],
      {},
    ],
    [
      'keys of one value in their order',
      [{ op: 'replace', value: { name: { givenName: 'A' }, 'name.givenName': 'B' } }],
      { name: { familyName: 'Jensen', givenName: 'B' } },
    ],
  ];
  for (const [what, operations, changed] of cases) {
    t.strictSame(patchUser(user(), ...operations), user(changed), what);
  }
  t.end();
});

t.test('a value path selects by any filter of sub-attributes', (t) => {
  const emails: JsonObject[] = [
    { value: 'a@x', type: 'work', primary: true },
    { value: 'b@x', type: 'home', display: 'B' },
    { value: 'c@y' },
  ];
  const cases: readonly (readonly [string, readonly number[]])[] = [
    ['type eq "work"', [0]],
    ['type eq "work" or type eq "home"', [0, 1]],
    ['type eq "home" and display pr', [1]],
    ['not (type eq "work")', [1, 2]],
    ['not (type pr)', [2]],
    ['not (display pr) and value ew "x"', [0]],
    ['type ne "work"', [1]],
    ['primary eq false', [1, 2]],
    ['not (primary eq true)', [1, 2]],
    ['(type eq "work" or not (type pr)) and value sw "c"', [2]],
    ['display eq null', [0, 2]],
    ['VALUE EQ "A@X"', [0]],
    ['value eq "nobody"', []],
  ];
  for (const [filter, selected] of cases) {
    const path = `emails[${filter}]`;
    const marked = emails.map((each, i) =>
      selected.includes(i) ? { ...each, display: 'D' } : each,
    );
    if (selected.length > 0) {
      const set = { op: 'replace', path: `${path}.display`, value: 'D' };
      t.strictSame(patchUser(user({ emails }), set)['emails'], marked, filter);
    }
    const left = emails.filter((_, i) => !selected.includes(i));
    const after = patchUser(user({ emails }), { op: 'remove', path });
    t.strictSame(after['emails'], left, `remove ${filter}`);
  }
  t.end();
});

t.test('what is equal is no change, so that version and lastModified stay', (t) => {
  const before = user({
    title: 'T',
    addresses: [{ type: 'work', locality: 'Bern' }],
    [ENTERPRISE]: { department: 'D', manager: { value: 'm', $ref: 'r' } },
  });
  for (const operation of [
    { op: 'add', path: 'title', value: 'T' },
    { op: 'add', value: { title: 'T', name: { givenName: 'Barbara' } } },
    { op: 'add', path: 'emails', value: [{ value: 'BABS@EXAMPLE.COM', type: 'Work' }] },
    { op: 'add', path: 'addresses', value: [{ locality: 'BERN', type: 'WORK' }] },
    { op: 'add', path: 'emails[type eq "work"]', value: { value: 'babs@example.com' } },
    { op: 'replace', path: 'addresses', value: [{ locality: 'Bern', type: 'work' }] },
    { op: 'replace', path: `${ENTERPRISE}:manager`, value: 'm' },
    { op: 'replace', value: { [ENTERPRISE]: { department: 'D' } } },
    { op: 'replace', value: { [`${CORE}:active`]: 'True' } },
    { op: 'remove', path: 'nickName' },
    { op: 'remove', path: 'emails[type eq "fax"]' },
    { op: 'remove', path: `${ENTERPRISE}:costCenter` },
  ]) {
    t.equal(patchUser(before, operation), before, JSON.stringify(operation));
  }
  t.end();
});

t.test('null and [] unassign, an extension goes with its last attribute', (t) => {
  const before = user({ title: 'T', [ENTERPRISE]: { manager: { value: 'm' } } });
  const cases: readonly (readonly [JsonObject, string])[] = [
    [{ op: 'replace', path: 'title', value: null }, 'title'],
    [{ op: 'replace', value: { title: null } }, 'title'],
    [{ op: 'replace', path: 'emails', value: [] }, 'emails'],
    [{ op: 'replace', path: 'emails', value: [null, {}] }, 'emails'],
    [{ op: 'replace', path: `${ENTERPRISE}:manager`, value: { value: '' } }, ENTERPRISE],
    [{ op: 'replace', path: `${ENTERPRISE}:manager.value`, value: '' }, ENTERPRISE],
    [{ op: 'replace', path: ENTERPRISE, value: { manager: null } }, ENTERPRISE],
    [{ op: 'replace', path: ENTERPRISE, value: null }, ENTERPRISE],
    [{ op: 'remove', path: ENTERPRISE }, ENTERPRISE],
  ];
  for (const [operation, name] of cases) {
    const after = patchUser(before, operation);
    t.notOk(Object.hasOwn(after, name), JSON.stringify(operation));
  }
  t.end();
});

t.test('names keep the spelling of the schema, whatever the client typed', (t) => {
  const after = patchUser(
    { id: 'u', userName: 'u' },
    { op: 'add', path: 'NICKNAME', value: 'n' },
    { op: 'add', value: { NAME: { GIVENNAME: 'g' }, 'Name.FamilyName': 'f' } },
    { op: 'add', path: 'EMAILS', value: [{ VALUE: 'a@x', Type: 'work' }] },
    { op: 'add', path: 'Emails[TYPE eq "work"].DISPLAY', value: 'd' },
    { op: 'add', path: `${ENTERPRISE.toUpperCase()}:MANAGER`, value: { Value: 'm' } },
    { op: 'add', value: { [`${CORE.toLowerCase()}:TITLE`]: 't' } },
  );
  t.strictSame(after, {
    id: 'u',
    userName: 'u',
    nickName: 'n',
    name: { givenName: 'g', familyName: 'f' },
    emails: [{ value: 'a@x', type: 'work', display: 'd' }],
    [ENTERPRISE]: { manager: { value: 'm' } },
    title: 't',
  });
  t.end();
});

t.test('the new primary wins over one that is only mentioned', (t) => {
  const value = [
    { value: 'babs@example.com', type: 'work', display: 'Babs' },
    { value: 'new@x', primary: true },
  ];
  const { emails } = patchUser(user(), { op: 'add', path: 'emails', value });
  t.strictSame(emails, [
    { value: 'babs@example.com', type: 'work', primary: false, display: 'Babs' },
    { value: 'babs@home.example', type: 'home' },
    { value: 'new@x', primary: true },
  ]);
  const all = { op: 'replace', path: 'emails.primary', value: true };
  const once = patchUser(user(), all);
  t.strictSame(at(once, 'emails'), [
    { value: 'babs@example.com', type: 'work', primary: true },
    { value: 'babs@home.example', type: 'home', primary: false },
  ]);
  t.equal(patchUser(once, all), once, 'and stays so');
  t.end();
});

t.test('primaries that a request does not speak of are not its fault', (t) => {
  const emails = [
    { value: 'a@x', primary: true },
    { value: 'b@x', primary: true },
  ];
  const label = body({ op: 'replace', path: 'emails.display', value: 'D' });
  for (const severalPrimaries of ['first', 'refuse'] as const) {
    const { document } = patchWith(USER, user({ emails }), label, { severalPrimaries });
    t.strictSame(
      document['emails'],
      emails.map((each) => ({ ...each, display: 'D' })),
    );
  }
  t.end();
});

t.test('the same name twice in one value is in doubt', (t) => {
  const twice = { op: 'replace', path: 'name', value: { givenName: 'A', GIVENNAME: 'B' } };
  t.match(
    refusal(() => patchUser(user(), twice)),
    /^400 invalidSyntax name.givenName is given twice, in different case; give it once/,
  );
  t.end();
});
