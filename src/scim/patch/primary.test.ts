import t from 'tap';
import type { JsonValue } from '../json.ts';
import { body, device, DEVICE, patchUser, patchWith, user } from './test/patch.ts';

t.test('an added primary clears the one that was', (t) => {
  const value = [{ value: 'new@x', type: 'other', primary: true }];
  const { emails } = patchUser(user(), { op: 'add', path: 'emails', value });
  t.strictSame(primaries(emails), [false, undefined, true]);
  t.end();
});

t.test('a primary set through a filter clears the others, also when it is a string', (t) => {
  for (const path of ['emails[type eq "home"].primary', 'emails[value sw "babs@home"].primary']) {
    const { emails } = patchUser(user(), { op: 'replace', path, value: 'True' });
    t.strictSame(primaries(emails), [false, true], path);
  }
  const value = { primary: true };
  const { emails } = patchUser(user(), { op: 'replace', path: 'emails[type eq "home"]', value });
  t.strictSame(primaries(emails), [false, true]);
  t.end();
});

t.test('an element created as primary clears the one that was', (t) => {
  const path = 'emails[type eq "other" and primary eq true].value';
  const { emails } = patchUser(user(), { op: 'add', path, value: 'new@x' });
  t.strictSame(primaries(emails), [false, undefined, true]);
  t.end();
});

t.test('of several primaries in one operation the first stays', (t) => {
  const value = ['a', 'b'].map((name) => ({ value: name, primary: true }));
  for (const op of ['add', 'replace']) {
    const { emails } = patchUser(user(), { op, path: 'emails', value });
    t.strictSame(primaries(emails).slice(-2), [true, false], op);
  }
  const all = patchUser(user(), { op: 'replace', path: 'emails.primary', value: true });
  t.strictSame(primaries(all['emails']).filter((primary) => primary === true).length, 1);
  t.end();
});

t.test('who does not mention primary leaves it', (t) => {
  const value = [{ value: 'new@x' }, { value: 'other@x', primary: false }];
  const { emails } = patchUser(user(), { op: 'add', path: 'emails', value });
  t.strictSame(primaries(emails), [true, undefined, undefined, false]);
  t.end();
});

t.test('setting the primary that is primary changes nothing', (t) => {
  const before = user();
  const operation = { op: 'replace', path: 'emails[type eq "work"].primary', value: true };
  t.equal(patchUser(before, operation), before);
  t.end();
});

t.test('attributes of any schema that have a primary are treated alike', (t) => {
  const two = device({ ports: [{ value: 'a', primary: true }, { value: 'b' }] });
  const message = body({ op: 'replace', path: 'ports[value eq "b"].primary', value: true });
  t.strictSame(primaries(patchWith(DEVICE, two, message).document['ports']), [false, true]);
  t.end();
});

function primaries(elements: JsonValue | undefined): (JsonValue | undefined)[] {
  const list = Array.isArray(elements) ? elements : [];
  return list.map((element) =>
    typeof element === 'object' && element !== null && !Array.isArray(element)
      ? element['primary']
      : undefined,
  );
}
