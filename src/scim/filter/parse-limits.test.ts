import t from 'tap';
import { parseFilter } from './parse.ts';
import { LIMITS, parse, refusalOf } from './test/fixtures.ts';

const HUGE = { maxLength: 4_000_000, maxDepth: 32, maxNodes: 1000 };

t.test('a filter of the longest length parses, one character more does not', (t) => {
  const longest = `a eq "${'x'.repeat(LIMITS.maxLength - 7)}"`;
  t.equal(longest.length, LIMITS.maxLength);
  t.doesNotThrow(() => parse(longest));
  const { message } = refusalOf(() => parse(`${longest} `));
  t.equal(message, 'filter: longer than 16384 characters at position 16385');
  t.end();
});

t.test('parentheses and brackets nest to the limit and no deeper', (t) => {
  const nested = (depth: number): string => '('.repeat(depth) + 'a pr' + ')'.repeat(depth);
  t.doesNotThrow(() => parse(nested(32)));
  t.equal(
    refusalOf(() => parse(nested(33))).message,
    'filter: nested deeper than 32 levels at position 33',
  );
  t.doesNotThrow(() => parse(`e[${nested(31)}]`));
  t.match(refusalOf(() => parse(`e[${nested(32)}]`)).message, /nested deeper/);
  t.doesNotThrow(() => parse(Array(50).fill('(a pr)').join(' and ')), 'side by side is not deep');
  t.end();
});

t.test('a megabyte of openings neither overflows the stack nor is read to its end', (t) => {
  for (const opening of ['(', 'not(', 'not (', 'a[', 'a[(']) {
    const { message } = refusalOf(() =>
      parseFilter(opening.repeat(1_000_000 / opening.length), HUGE),
    );
    t.match(message, /nested deeper than 32 levels|value path inside another/, opening);
  }
  t.end();
});

t.test('conditions and their operators are counted', (t) => {
  const joined = (count: number): string => Array(count).fill('a pr').join(' or ');
  t.doesNotThrow(() => parse(joined(999)), '999 conditions and one or');
  t.match(refusalOf(() => parse(joined(1000))).message, /^filter: more than 1000 conditions/);
  t.match(
    refusalOf(() => parseFilter(joined(100_000), HUGE)).message,
    /^filter: more than 1000 conditions at position 800\d$/,
  );
  t.end();
});
