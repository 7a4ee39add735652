import fc from 'fast-check';
import t from 'tap';
import { ScimError } from '../errors.ts';
import { LIMITS, refusalOf } from '../filter/test/fixtures.ts';
import { parsePatchPath } from './parse.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

t.test('attributes with an optional URN and sub-attribute, and a URN alone', (t) => {
  const paths = [
    'members',
    'name.familyName',
    'meta.$ref',
    'urn:ietf:params:scim:schemas:core:2.0:User:name.familyName',
    `${ENTERPRISE}:manager`,
    `${ENTERPRISE}:manager.value`,
    ENTERPRISE,
    'urn:example:flat:2.0',
  ];
  for (const text of paths) t.same(parsePatchPath(text, LIMITS), { text, attribute: text });
  t.end();
});

t.test('value paths with an optional sub-attribute', (t) => {
  const work = { kind: 'compare', operator: 'eq', value: 'work' };
  const cases = [
    ['emails[type eq "work"]', { attribute: 'emails', filter: work }],
    ['emails[type eq "work"].value', { attribute: 'emails', filter: work, sub: 'value' }],
    ['addresses[type EQ "work"].formatted', { attribute: 'addresses', sub: 'formatted' }],
    ['roles[primary eq "True"].display', { filter: { value: 'True' }, sub: 'display' }],
    ['members[value eq "2819c223"].$ref', { attribute: 'members', sub: '$ref' }],
    ['emails[type eq "a" and not (value co "b")]', { filter: { kind: 'and' } }],
    ['urn:x:2.0:User:certs[type eq "work"]', { attribute: 'urn:x:2.0:User:certs', filter: work }],
  ] as const;
  for (const [text, expected] of cases) {
    const path = parsePatchPath(text, LIMITS);
    t.match(path, { text, ...expected }, text);
    t.equal('sub' in path, 'sub' in expected, 'a sub-attribute only where one was typed');
  }
  t.end();
});

t.test('positions in the filter count from the start of the path', (t) => {
  t.match(parsePatchPath('emails[type eq "work"]', LIMITS), {
    filter: { path: { at: 7 }, valueAt: 15 },
  });
  t.end();
});

t.test('a malformed path is 400 invalidPath with its position', (t) => {
  const cases = [
    ['', 'expected an attribute name but found the end at position 1'],
    ['  ', 'expected an attribute name but found the end at position 3'],
    ['/emails', 'expected an attribute name but found "/emails" at position 1'],
    ['a.b.c', 'expected an attribute name but found "a.b.c" at position 1'],
    ['"a"', 'expected an attribute name but found "\\"a\\"" at position 1'],
    ['name familyName', 'expected the end but found "familyName" at position 6'],
    ['a eq "x"', 'expected the end but found "eq" at position 3'],
    ['name.x[a pr]', 'a filter in brackets stands before the sub-attribute at position 7'],
    ['a[b pr]c', 'expected the end but found "c" at position 8'],
    ['a[b pr].', 'expected a sub-attribute name but found "" at position 9'],
    ['a[b pr].c.d', 'expected a sub-attribute name but found "c.d" at position 9'],
    ['a[b pr].c pr', 'expected the end but found "pr" at position 11'],
    ['a[b pr][c pr]', 'expected the end but found "[" at position 8'],
    ['name.', 'expected a sub-attribute name after the dot at position 6'],
    ['urn:x:2.0:User:name.', 'expected a sub-attribute name after the dot at position 21'],
    ['emails[]', 'expected a filter in the brackets at position 8'],
    ['emails[ \t]', 'expected a filter in the brackets at position 8'],
    ['emails[].value', 'expected a filter in the brackets at position 8'],
    [' title', 'a path has no blanks outside brackets at position 1'],
    ['title ', 'a path has no blanks outside brackets at position 6'],
    ['emails [a pr]', 'a path has no blanks outside brackets at position 7'],
    ['emails[a pr] .value', 'a path has no blanks outside brackets at position 13'],
    ['emails[a eq "x ]"]\t', 'a path has no blanks outside brackets at position 19'],
  ] as const;
  for (const [text, expected] of cases) {
    const { status, scimType, message } = refusalOf(() => parsePatchPath(text, LIMITS));
    t.same({ status, scimType }, { status: 400, scimType: 'invalidPath' }, text);
    t.equal(message, `path: ${expected}`);
  }
  t.end();
});

t.test('a malformed filter inside the brackets is 400 invalidFilter', (t) => {
  const cases = [
    ['a[', 'expected an attribute name, "not" or "(" but found the end at position 3'],
    ['a[b eq]', /expected a value after "eq" .* but found "]" at position 7/],
    ['a[b pr', 'expected "and", "or" or "]" but found the end at position 7'],
    ['a[b[c pr]]', 'a value path inside another is not allowed at position 4'],
    ['a[b eq "x]', 'the quote is never closed that opens at position 8'],
  ] as const;
  for (const [text, expected] of cases) {
    const { status, scimType, message } = refusalOf(() => parsePatchPath(text, LIMITS));
    t.same({ status, scimType }, { status: 400, scimType: 'invalidFilter' }, text);
    t.match(message, expected);
  }
  t.end();
});

t.test('limits hold for paths too', (t) => {
  const long = refusalOf(() => parsePatchPath('a'.repeat(16_385), LIMITS));
  t.equal(long.scimType, 'invalidPath');
  t.equal(long.message, 'path: longer than 16384 characters at position 16385');
  const deep = refusalOf(() => parsePatchPath(`a[${'('.repeat(10_000)}`, LIMITS));
  t.match(deep.message, /^path: nested deeper than 32 levels/);
  t.end();
});

t.test('no text throws anything but a ScimError', (t) => {
  const pieces = fc.constantFrom('a', '.b', 'urn:x:2.0', ':', '[', ']', 'c eq "d"', ' ', '"', 'é');
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      try {
        return parsePatchPath(text, LIMITS).text === text;
      } catch (error) {
        return error instanceof ScimError;
      }
    }),
  );
  t.end();
});
