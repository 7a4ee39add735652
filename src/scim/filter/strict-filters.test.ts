/** Each lenience towards filters: what is taken with it, and what is said without it. */
import t from 'tap';
import { LENIENT, STRICT } from '../dialect.ts';
import { parsePatchPath } from '../path/parse.ts';
import { compileFilter } from './evaluate.ts';
import { parseFilter } from './parse.ts';
import { BARBARA, LIMITS, refusalOf, USER } from './test/fixtures.ts';

const example = '"2011-05-13T04:42:34Z"';
const LOOSE: readonly (readonly [string, string])[] = [
  [
    'emails[type eq "work"].value eq "x"',
    'expected "and", "or" or the end but found ".value" behind brackets (put its condition into them) at position 23',
  ],
  [
    'active eq true and emails[type eq "work"].value pr',
    'expected "and", "or" or the end but found ".value" behind brackets (put its condition into them) at position 42',
  ],
  [
    'active eq "True"',
    'active is of type boolean: expected true or false but found "True" at position 11',
  ],
  [
    'emails[primary eq "false"]',
    'emails.primary is of type boolean: expected true or false but found "false" at position 19',
  ],
  [
    'meta.created gt "2011-05-13T04:42:34"',
    `meta.created is a dateTime: expected one like ${example} but found "2011-05-13T04:42:34" at position 17`,
  ],
  [
    'meta.created gt "2011-05-13t04:42:34z"',
    `meta.created is a dateTime: expected one like ${example} but found "2011-05-13t04:42:34z" at position 17`,
  ],
];

t.test('each loose form is taken until its setting says otherwise', (t) => {
  for (const [text, detail] of LOOSE) {
    t.doesNotThrow(() => compileFilter(parseFilter(text, LIMITS), USER), text);
    t.doesNotThrow(() => compileFilter(parseFilter(text, LIMITS, LENIENT), USER, LENIENT), text);
    const { status, scimType, message } = refusalOf(() =>
      compileFilter(parseFilter(text, LIMITS, STRICT), USER, STRICT),
    );
    t.same({ status, scimType }, { status: 400, scimType: 'invalidFilter' }, text);
    t.equal(message, `filter: ${detail}`);
  }
  t.end();
});

t.test('a filter of the grammar is taken by the letter and finds the same', (t) => {
  for (const text of [
    'emails[type eq "work" and value co "example.com"]',
    'active eq true and not (title pr)',
    'emails co "example.com" or emails.value co "example.org"',
    'meta.created lt "2011-05-13T04:42:34+01:00"',
    'meta.created sw "2010"',
  ]) {
    t.ok(compileFilter(parseFilter(text, LIMITS, STRICT), USER, STRICT)(BARBARA), text);
    t.ok(compileFilter(parseFilter(text, LIMITS), USER)(BARBARA), text);
  }
  t.end();
});

t.test('a sub-attribute behind the brackets of a PATCH path is in the grammar', (t) => {
  t.match(parsePatchPath('emails[type eq "work"].value', LIMITS), { sub: 'value' });
  t.end();
});
