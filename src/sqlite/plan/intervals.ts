/**
 * What an ordering operator means to an index: the keys from one on up to before another, in
 * SQLite's order (numbers, then text by its bytes, then blobs). Whatever can be said of a value by
 * its key is exact; what cannot is no interval.
 */
import type { CompareOperator } from '../../scim/filter/ast.ts';
import { compareText } from '../../scim/fold.ts';

/** A key, or a bound of keys. The only blob is `END`. */
export type Key = string | number | Buffer;

/** Every key that is not less than `low` and is less than `high`. */
export interface Interval {
  readonly low: Key;
  readonly high: Key;
}

/** Behind every number and text. */
export const END: Buffer = Buffer.alloc(0);

export const EVERY_KEY: Interval = { low: -Infinity, high: END };

/** SQLite keeps a lone surrogate as U+FFFD: then a key is not what its value is. */
const REPLACED = /[\ufffd]/;
/** Characters that a lone surrogate may come before or behind, though its key does not. */
const BESIDE_SURROGATES = /[\ud800-\udfff\ufffd-\uffff]/;

/** Whether exactly those values that equal a text have its key. */
export function hasOwnKey(text: string): boolean {
  return text.isWellFormed() && !REPLACED.test(text);
}

/**
 * The keys of texts that an operator holds of.
 * @param literal in the form of a key
 * @returns undefined for operators that are no matter of order, and where keys do not tell
 */
export function textInterval(operator: CompareOperator, literal: string): Interval | undefined {
  if (operator === 'sw') {
    return hasOwnKey(literal) ? { low: literal, high: endOfPrefix(literal) } : undefined;
  }
  if (BESIDE_SURROGATES.test(literal)) return undefined;
  // Nothing lies between a text and the text with U+0000 behind it.
  const next = `${literal}\0`;
  switch (operator) {
    case 'gt':
      return { low: next, high: END };
    case 'ge':
      return { low: literal, high: END };
    case 'lt':
      return { low: '', high: literal };
    case 'le':
      return { low: '', high: next };
    default:
      return undefined;
  }
}

/** As `textInterval`, of numbers, and of points in time as numbers. */
export function numberInterval(operator: CompareOperator, literal: number): Interval | undefined {
  if (!Number.isFinite(literal)) return undefined;
  switch (operator) {
    case 'eq':
      return { low: literal, high: nextNumber(literal) };
    case 'gt':
      return { low: nextNumber(literal), high: Infinity };
    case 'ge':
      return { low: literal, high: Infinity };
    case 'lt':
      return { low: -Infinity, high: literal };
    case 'le':
      return { low: -Infinity, high: nextNumber(literal) };
    default:
      return undefined;
  }
}

/** What lies in both. */
export function overlap(a: Interval, b: Interval): Interval {
  return {
    low: compareKeys(a.low, b.low) < 0 ? b.low : a.low,
    high: compareKeys(a.high, b.high) < 0 ? a.high : b.high,
  };
}

/** The first text behind all that start with a prefix, or `END`. */
export function endOfPrefix(prefix: string): Key {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  for (;;) {
    const last = points.pop();
    if (last === undefined) return END;
    // No text has U+D800 to U+DFFF by themselves, and nothing lies behind U+10FFFF.
    if (last === 0x10ffff) continue;
    return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
  }
}

/** As SQLite orders them. */
function compareKeys(a: Key, b: Key): number {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  return kindOf(a) - kindOf(b);
}

function kindOf(key: Key): number {
  return typeof key === 'number' ? 0 : typeof key === 'string' ? 1 : 2;
}

/** The least number greater than a finite one. */
function nextNumber(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigUint64(0, view.getBigUint64(0) + (value > 0 ? 1n : -1n));
  return view.getFloat64(0);
}
