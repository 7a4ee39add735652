import t from 'tap';
import { applyPatch } from './apply.ts';
import {
  body,
  ENTERPRISE,
  OPTIONS,
  parse,
  patchUser,
  patchWith,
  refusal,
  user,
  USER,
} from './test/patch.ts';

t.test('one failing operation leaves the document as it was', (t) => {
  const before = user({ [ENTERPRISE]: { department: 'Tours' } });
  const text = JSON.stringify(before);
  const changing = [
    { op: 'replace', path: 'displayName', value: 'x' },
    { op: 'add', path: 'emails', value: [{ value: 'x@y', primary: true }] },
    { op: 'replace', path: 'name', value: { givenName: 'x' } },
    { op: 'remove', path: `${ENTERPRISE}:department` },
    { op: 'replace', path: 'emails[type eq "work"].display', value: 'x' },
  ];
  const failing = { op: 'replace', path: 'phoneNumbers[value co "9"].value', value: 'x' };
  const act = () =>
    applyPatch(USER, before, parse(USER, body(...changing, failing)), OPTIONS, undefined);
  t.match(refusal(act), /^400 noTarget/);
  t.equal(JSON.stringify(before), text);
  t.end();
});

t.test('what did not change is shared with the document given', (t) => {
  const before = user({ [ENTERPRISE]: { department: 'Tours' } });
  const after = patchUser(before, { op: 'replace', path: 'active', value: false });
  t.not(after, before);
  for (const key of ['name', 'emails', ENTERPRISE]) t.equal(after[key], before[key], key);
  t.end();
});

t.test('a request that changes nothing gives the document itself', (t) => {
  const before = user();
  const same = patchUser(
    before,
    { op: 'replace', path: 'active', value: 'True' },
    { op: 'replace', path: 'emails', value: structuredClone(before['emails'] ?? null) },
    { op: 'replace', path: 'name', value: { givenName: 'Barbara', familyName: 'Jensen' } },
    { op: 'replace', path: 'emails[type eq "work"]', value: { type: 'work', primary: true } },
    { op: 'remove', path: 'nickName' },
  );
  t.equal(same, before);
  t.end();
});

t.test('later operations see what earlier ones did', (t) => {
  const after = patchUser(
    user(),
    { op: 'remove', path: 'emails' },
    { op: 'add', path: 'emails', value: { value: 'a@x', type: 'work' } },
    { op: 'replace', path: 'emails[type eq "work"].value', value: 'b@x' },
    { op: 'remove', path: 'emails[value eq "a@x"]' },
  );
  t.strictSame(after['emails'], [{ value: 'b@x', type: 'work' }]);
  t.end();
});

t.test('a document that lacks what is required is refused only when it is changed', (t) => {
  const nameless = { id: 'u' };
  t.equal(patchUser(nameless, { op: 'remove', path: 'title' }), nameless);
  const change = body({ op: 'replace', path: 'title', value: 'x' });
  t.match(
    refusal(() => patchWith(USER, nameless, change)),
    /^400 invalidValue userName is required/,
  );
  t.end();
});
