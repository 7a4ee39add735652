/** What attribute paths mean (RFC 7644 §3.10). */
import t from 'tap';
import { resolvePath } from './resolve.ts';
import { ENTERPRISE, USER, userType } from './test/types.ts';

function spelled(path: string): (string | undefined)[] | undefined {
  const found = resolvePath(userType, path);
  return found && [found.extension?.urn, found.attribute?.name, found.sub?.name];
}

t.test('names and URNs compare without case', async (t) => {
  t.same(spelled('USERNAME'), [undefined, 'userName', undefined]);
  t.same(spelled('Name.GIVENNAME'), [undefined, 'name', 'givenName']);
  t.same(spelled(`${USER.toUpperCase()}:name.familyName`), [undefined, 'name', 'familyName']);
  t.same(spelled(`${ENTERPRISE.toUpperCase()}:Manager.Value`), [ENTERPRISE, 'manager', 'value']);
});

t.test('the URN of an extension stands for all of it', async (t) => {
  t.same(spelled(ENTERPRISE), [ENTERPRISE, undefined, undefined]);
});

t.test('what the type does not have is not found', async (t) => {
  for (const path of [
    '',
    '.',
    'nope',
    'name.',
    'name.nope',
    'name.givenName.first',
    'userName.value',
    'department',
    USER,
    `${USER}:`,
    `${USER}:department`,
    `${ENTERPRISE}:`,
    `${ENTERPRISE}:nope`,
    `${ENTERPRISE}x:department`,
    'urn:example:other:department',
    '__proto__',
    'constructor',
  ]) {
    t.equal(spelled(path), undefined, path);
  }
});
