import fc from 'fast-check';
import t from 'tap';
import { ScimError } from '../errors.ts';
import { parse, refusalOf } from './test/fixtures.ts';

t.test('each fault names its position, from 1, and what was expected', (t) => {
  const operators = '(pr, eq, ne, co, sw, ew, gt, ge, lt, le)';
  const values = '(text in double quotes, a number, true, false or null)';
  const escapes = String.raw`\" \\ \/ \b \f \n \r \t or \u and four hex digits, as in JSON,`;
  const cases = [
    ['', 'expected an attribute name, "not" or "(" but found the end at position 1'],
    [
      'userName',
      `expected an operator ${operators} after "userName" but found the end at position 9`,
    ],
    ['userName eq', 'expected a value after "eq" at position 12'],
    ['userName EQ ', 'expected a value after "EQ" at position 13'],
    ['a regex "x"', `expected an operator ${operators} after "a" but found "regex" at position 3`],
    [
      'a "eq" "x"',
      `expected an operator ${operators} after "a" but found "\\"eq\\"" at position 3`,
    ],
    ['a eq john', `expected a value after "eq" ${values} but found "john" at position 6`],
    ["a eq 'john'", `expected a value after "eq" ${values} but found "'john'" at position 6`],
    ['a eq (b pr)', `expected a value after "eq" ${values} but found "(" at position 6`],
    ['a eq 01', `expected a value after "eq" ${values} but found "01" at position 6`],
    ['a eq 1e999', `expected a value after "eq" ${values} but found "1e999" at position 6`],
    ['a eq "x', 'the quote is never closed that opens at position 6'],
    [String.raw`a eq "x\"`, 'the quote is never closed that opens at position 6'],
    [String.raw`a eq "x\q"`, String.raw`expected ${escapes} but found "\\q" at position 8`],
    [String.raw`a eq "\u12g4"`, String.raw`expected ${escapes} but found "\\u" at position 7`],
    ['a eq "x\ny"', 'a control character in quotes must be escaped at position 8'],
    ['not a pr', 'expected "(" after "not" but found "a" at position 5'],
    ['(a pr', 'expected "and", "or" or ")" but found the end at position 6'],
    ['(a pr]', 'expected "and", "or" or ")" but found "]" at position 6'],
    ['a pr)', 'expected "and", "or" or the end but found ")" at position 5'],
    ['a pr b pr', 'expected "and", "or" or the end but found "b" at position 6'],
    ['a pr and', 'expected an attribute name, "not" or "(" but found the end at position 9'],
    [
      'a pr or or b pr',
      `expected an operator ${operators} after "or" but found "b" at position 12`,
    ],
    ['()', 'expected an attribute name, "not" or "(" but found ")" at position 2'],
    ['a[]', 'expected an attribute name, "not" or "(" but found "]" at position 3'],
    ['a[b pr', 'expected "and", "or" or "]" but found the end at position 7'],
    ['a[b pr].', 'expected a sub-attribute name but found "" at position 9'],
    ['a[b pr].c.d pr', 'expected a sub-attribute name but found "c.d" at position 9'],
    ['a[b[c pr]]', 'a value path inside another is not allowed at position 4'],
    ['a.b.c pr', 'expected an attribute name, "not" or "(" but found "a.b.c" at position 1'],
    ['1a pr', 'expected an attribute name, "not" or "(" but found "1a" at position 1'],
    ['é pr', 'expected an attribute name, "not" or "(" but found "é" at position 1'],
    ['urn:a: pr', 'expected an attribute name, "not" or "(" but found "urn:a:" at position 1'],
  ] as const;
  for (const [text, expected] of cases) {
    const { status, scimType, message } = refusalOf(() => parse(text));
    t.same({ status, scimType }, { status: 400, scimType: 'invalidFilter' }, text);
    t.equal(message, `filter: ${expected}`);
  }
  t.end();
});

t.test('a long token is quoted in part and on one line', (t) => {
  const { message } = refusalOf(() => parse(`a eq ${'\u0007x'.repeat(500)}`));
  t.ok(message.length < 300, 'short');
  t.notMatch(message, /\p{Cc}/u, 'no control characters');
  t.end();
});

/** What filters are made of, in any order: nearer to the grammar than random characters. */
const PIECE = fc.constantFrom(
  ...['a', 'urn:x:2.0:User:b.c', '.d', 'eq', 'co', 'pr', 'and', 'or', 'not', 'true', 'null', '1.5'],
  ...['(', ')', '[', ']', '"', '"x"', '"\\u00e9"', '\\', ' ', '\t', '-', 'é', '😀', '\u0000'],
);

t.test('no text makes the parser throw anything but a ScimError', (t) => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string(),
    fc.array(PIECE, { maxLength: 25 }).map((pieces) => pieces.join('')),
    fc.array(PIECE, { maxLength: 25 }).map((pieces) => pieces.join(' ')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      try {
        parse(text);
      } catch (error) {
        if (!(error instanceof ScimError)) throw error;
      }
    }),
    { numRuns: 5000 },
  );
  t.end();
});
