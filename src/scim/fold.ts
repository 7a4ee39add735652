/**
 * Case folding for everything that SCIM compares without case. There is no other place that folds:
 * key columns, filters and uniqueness must agree, or a user is found by one and not by another.
 * Folds are stored in key columns: whoever changes one must rebuild them. (A later Unicode in Node
 * only adds foldings of characters that had not been assigned.)
 */

const BEYOND_ASCII = /[\u0080-\uffff]/;
const DOTLESS_I = 'ı';
/** Halfwidth and Fullwidth Forms, the block whose characters Unicode maps by width alone. */
const OTHER_WIDTH = /[\uff01-\uffee]/g;

/**
 * Folds a value by Unicode's full case folding (Unicode §3.13, D145): canonically equivalent texts
 * that differ only in case have one fold, in normalization form C. `ß`, `ẞ` and `SS` fold alike, so
 * do `ς`, `σ` and `Σ`, `ſ` and `s`, the Kelvin sign and `k`; accents stay. No language's own rules
 * apply: `İ` is `i` with a dot above, `ı` is no `i`, so two Turkish users never become one. Letters
 * of full and half width fold as their usual forms do (RFC 7644 §5 by RFC 7613 §3.2.1).
 *
 * A text that contains, starts or ends with another still does when both are folded, because each
 * character folds the same wherever it stands. What normalization sees as one character is one:
 * `e` is no part of `é`, however that is written.
 */
export function fold(text: string): string {
  return BEYOND_ASCII.test(text) ? foldUnicode(text) : text.toLowerCase();
}

/** Folds names that the RFCs confine to ASCII: attributes, operators, schema URNs. */
export function foldAscii(text: string): string {
  return text.toLowerCase();
}

/**
 * Orders texts by code point, as UTF-8 bytes and so SQLite's key columns do. JavaScript's `<` puts
 * what lies beyond U+FFFF before U+E000 to U+FFFF.
 */
export function compareText(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at += 1) {
    const one = a.charCodeAt(at);
    const other = b.charCodeAt(at);
    if (one !== other) return rank(one) - rank(other);
  }
  return a.length - b.length;
}

/**
 * Upper case expands what folds to several characters (`ß`), lower case first makes `ẞ` a `ß`.
 * Lower case alone depends on the neighbours for `ς` only, and upper case takes `ı` for `I`.
 * Decomposing first is what D145 asks for: the iota subscript must not fold under another accent.
 */
function foldUnicode(text: string): string {
  return text
    .replace(OTHER_WIDTH, usualWidth)
    .normalize('NFD')
    .toLowerCase()
    .split(DOTLESS_I)
    .map((part) => part.toUpperCase().toLowerCase())
    .join(DOTLESS_I)
    .replaceAll('ς', 'σ')
    .normalize('NFC');
}

/** Their compatibility mappings are those of width, and no others. */
function usualWidth(character: string): string {
  return character.normalize('NFKC');
}

/** Lifts surrogates, which stand for code points beyond U+FFFF, over all other code units. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x2800 : unit;
}
