import fc from 'fast-check';
import t from 'tap';
import { compareText, fold } from './fold.ts';

const ALIKE: readonly (readonly [string, ...string[]])[] = [
  ['bjensen', 'BJensen', 'BJENSEN'],
  ['strasse', 'Straße', 'STRASSE', 'STRAẞE'],
  ['σίσυφοσ', 'Σίσυφος', 'ΣΊΣΥΦΟΣ'],
  ['sun', 'ſun', 'SUN'],
  ['kelvin', '\u212Aelvin', 'KELVIN'],
  ['jos\u00e9', 'Jose\u0301', 'JOSÉ', 'JOSE\u0301'],
  ['\u0390', '\u03b9\u0308\u0301', '\u1fd3', '\u0399\u0308\u0301'],
  ['ffi', '\ufb03', 'FFI'],
  ['привет', 'ПРИВЕТ'],
  ['𐐨', '𐐀'],
  ['abc@x', 'ａｂｃ＠ｘ', 'ＡＢＣ@x'],
  ['ガ', 'ｶﾞ', 'カ\u3099'],
];

const DIFFERENT: readonly (readonly [string, string])[] = [
  ['ı', 'i'],
  ['İ', 'i'],
  ['é', 'e'],
  ['ss', 's'],
  ['²', '2'],
  ['ℌ', 'H'],
];

t.test('texts that differ in case or normalization only fold alike', (t) => {
  for (const [first, ...others] of ALIKE) {
    for (const other of others) t.equal(fold(other), fold(first), `${other} as ${first}`);
  }
  t.end();
});

t.test('accents, dotless i and compatibility forms but those of width stay apart', (t) => {
  for (const [a, b] of DIFFERENT) t.not(fold(a), fold(b), `${a} is not ${b}`);
  t.end();
});

t.test('the fold of ASCII is lower case', (t) => {
  t.equal(fold('Barbara.JENSEN@Example.COM'), 'barbara.jensen@example.com');
  t.equal(fold(''), '');
  t.end();
});

t.test('Unicode: every simple case pair of one character folds alike', (t) => {
  const failures: string[] = [];
  for (let code = 0; code <= 0x10ffff; code += 1) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const character = String.fromCodePoint(code);
    if (character === 'ı') continue; // Its upper case is I, of which it is no case variant.
    const folded = fold(character);
    const forms = [character.toUpperCase(), character.toLowerCase(), folded];
    if (forms.some((form) => fold(form) !== folded)) failures.push(code.toString(16));
  }
  t.same(failures, []);
  t.end();
});

t.test('folding twice changes nothing', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => fold(fold(text)) === fold(text)),
    { numRuns: 2000 },
  );
  t.end();
});

/** Letters with case of common scripts: Latin, Greek, Cyrillic, Armenian; no dotless i. */
const LETTER = fc
  .oneof(
    fc.integer({ min: 0x20, max: 0x7e }),
    fc.integer({ min: 0xc0, max: 0x24f }),
    fc.integer({ min: 0x386, max: 0x3ff }),
    fc.integer({ min: 0x400, max: 0x556 }),
    fc.integer({ min: 0x1e00, max: 0x1f15 }),
  )
  .filter((code) => code !== 0x131)
  .map((code) => String.fromCodePoint(code));

t.test('upper and lower case of common scripts fold alike', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: LETTER }), (text) => {
      const folded = fold(text);
      return fold(text.toUpperCase()) === folded && fold(text.toLowerCase()) === folded;
    }),
  );
  t.end();
});

t.test('what a text starts with, ends with and contains it still does when folded', (t) => {
  const texts = fc.string({ unit: LETTER });
  fc.assert(
    fc.property(texts, texts, texts, (before, middle, after) => {
      const whole = fold(before + middle + after);
      return (
        whole.startsWith(fold(before)) &&
        whole.includes(fold(middle)) &&
        whole.endsWith(fold(after))
      );
    }),
  );
  t.end();
});

t.test('text is ordered by code point, as UTF-8 bytes are', (t) => {
  t.ok(compareText('\u{1f600}', '\uffee') > 0, 'beyond U+FFFF comes last');
  t.ok(compareText('a', 'ab') < 0, 'a prefix comes first');
  const texts = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(
      texts,
      texts,
      (a, b) => Math.sign(compareText(a, b)) === Buffer.compare(Buffer.from(a), Buffer.from(b)),
    ),
  );
  t.end();
});
