/**
 * Comparisons of all texts of a `TextValues` with one text, as loops over its bytes. UTF-8 keeps what
 * they ask of texts: a text is a part of another exactly when its bytes are, and the order of bytes
 * is that of code points.
 */
import type { CompareOperator } from '../../scim/filter/ast.ts';
import type { Mask } from './mask.ts';
import type { TextValues } from './text-values.ts';

type Order = 'gt' | 'ge' | 'lt' | 'le';

/**
 * @param wanted well-formed and folded as the texts are, which are all well-formed
 * @param hits all 0; 1 for the code of each text of which the comparison holds
 */
export function findTexts(
  texts: TextValues,
  operator: CompareOperator,
  wanted: string,
  hits: Mask,
  among: Mask | undefined,
  keepGoing: () => void,
): void {
  const needle = Buffer.from(wanted, 'utf8');
  switch (operator) {
    case 'eq':
      setEqual(texts, wanted, hits, 1);
      break;
    case 'ne':
      hits.fill(1, 0, texts.size);
      setEqual(texts, wanted, hits, 0);
      break;
    case 'co':
      markContaining(texts, needle, hits, among, keepGoing);
      break;
    case 'sw':
      markStarting(texts, needle, hits);
      break;
    case 'ew':
      markEnding(texts, needle, hits);
      break;
    default:
      markOrdered(texts, operator, needle, hits);
  }
}

function setEqual(texts: TextValues, wanted: string, hits: Mask, as: 0 | 1): void {
  const code = texts.codeOf(wanted);
  if (code >= 0) hits[code] = as;
}

/** Bytes compared, about, before it looks whether to go on: a few milliseconds. */
const COMPARED_MAX = 4_000_000;
/** Bytes of a needle that the engine searches for. */
const RARE_LENGTH_MAX = 64;
/** In each byte of a word. */
const EACH = 0x01010101;
const HIGH_BITS = 0x80808080;

/** @param among codes that matter, each 1; undefined for all */
function markContaining(
  texts: TextValues,
  needle: Uint8Array,
  hits: Mask,
  among: Mask | undefined,
  keepGoing: () => void,
): void {
  const { starts, size } = texts;
  if (needle.length === 0) {
    hits.fill(1, 0, size);
    return;
  }
  const sought = new Sought(texts, needle, keepGoing);
  const done = needle.length <= RARE_LENGTH_MAX ? markRare(texts, needle, hits) : 0;
  for (let code = done; code < size; code += 1) {
    if (among !== undefined && among[code] !== 1) continue;
    if (sought.isWithin(starts[code] ?? 0, (starts[code + 1] ?? 0) - 1)) hits[code] = 1;
  }
}

/**
 * Looks at four bytes at a time for the first two of the needle, which few words have beside each
 * other. Machines that Node runs on have the first byte of a word lowest.
 */
class Sought {
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #needle: Uint8Array;
  readonly #keepGoing: () => void;
  readonly #first: number;
  readonly #second: number;
  /** All bits, or none for a needle of one byte. */
  readonly #seconds: number;
  #compared = 0;
  /** Of the last find, from the end of its text: where addresses of one domain have the same. */
  #fromEnd = 0;

  constructor({ bytes, words }: TextValues, needle: Uint8Array, keepGoing: () => void) {
    this.#bytes = bytes;
    this.#words = words;
    this.#needle = needle;
    this.#keepGoing = keepGoing;
    this.#first = ((needle[0] ?? 0) * EACH) | 0;
    this.#second = ((needle[1] ?? 0) * EACH) | 0;
    this.#seconds = needle.length > 1 ? -1 : 0;
  }

  isWithin(start: number, end: number): boolean {
    const guess = end - this.#fromEnd;
    if (guess >= start && isAt(this.#bytes, guess, this.#needle)) return true;
    const words = this.#words;
    const [first, second, seconds] = [this.#first, this.#second, this.#seconds];
    let word = words[start >> 2] ?? 0;
    for (let at = start >> 2; at << 2 < end; at += 1) {
      const next = words[at + 1] ?? 0;
      const other = (word ^ first) | ((((word >>> 8) | (next << 24)) ^ second) & seconds);
      word = next;
      // Whether a byte of it is 0.
      if (((other - EACH) & ~other & HIGH_BITS) === 0) continue;
      const found = this.#beginWithin(Math.max(at << 2, start), Math.min((at + 1) << 2, end));
      if (found < 0) continue;
      this.#fromEnd = end - found;
      return true;
    }
    return false;
  }

  /** -1 for nowhere. */
  #beginWithin(from: number, to: number): number {
    const needle = this.#needle;
    // A long needle that is like the texts costs its length again and again.
    this.#compared += needle.length;
    if (this.#compared > COMPARED_MAX) {
      this.#keepGoing();
      this.#compared = 0;
    }
    for (let start = from; start < to; start += 1) {
      if (isAt(this.#bytes, start, needle)) return start;
    }
    return -1;
  }
}

/**
 * The engine's own search is the fastest until it finds something, and each find costs a call. It cannot
 * be ended, so that only short needles go to it; between texts lies a byte that no needle has.
 * @returns the first code not looked at, when it finds too much
 */
function markRare({ bytes, starts, size }: TextValues, needle: Uint8Array, hits: Mask): number {
  const all = bytes.subarray(0, starts[size] ?? 0);
  let left = 8 + (size >> 8);
  let code = 0;
  for (let at = all.indexOf(needle); at !== -1; at = all.indexOf(needle, starts[code] ?? 0)) {
    while ((starts[code + 1] ?? 0) <= at) code += 1;
    hits[code] = 1;
    code += 1;
    left -= 1;
    if (left === 0 || code === size) return code;
  }
  return size;
}

function markStarting({ bytes, starts, size }: TextValues, needle: Uint8Array, hits: Mask): void {
  for (let code = 0; code < size; code += 1) {
    const start = starts[code] ?? 0;
    const end = (starts[code + 1] ?? 0) - 1;
    if (end - start >= needle.length && isAt(bytes, start, needle)) hits[code] = 1;
  }
}

function markEnding({ bytes, starts, size }: TextValues, needle: Uint8Array, hits: Mask): void {
  for (let code = 0; code < size; code += 1) {
    const start = (starts[code + 1] ?? 0) - 1 - needle.length;
    if (start >= (starts[code] ?? 0) && isAt(bytes, start, needle)) hits[code] = 1;
  }
}

function isAt(bytes: Uint8Array, start: number, needle: Uint8Array): boolean {
  for (let at = 0; at < needle.length; at += 1) {
    if (bytes[start + at] !== needle[at]) return false;
  }
  return true;
}

function markOrdered(
  { bytes, starts, size }: TextValues,
  operator: Order,
  needle: Uint8Array,
  hits: Mask,
): void {
  const above = operator === 'gt' || operator === 'ge' ? 1 : 0;
  const equal = operator === 'ge' || operator === 'le' ? 1 : 0;
  for (let code = 0; code < size; code += 1) {
    const sign = signOf(bytes, starts[code] ?? 0, (starts[code + 1] ?? 0) - 1, needle);
    hits[code] = sign === 0 ? equal : sign > 0 ? above : 1 - above;
  }
}

function signOf(bytes: Uint8Array, start: number, end: number, needle: Uint8Array): number {
  const shared = Math.min(end - start, needle.length);
  for (let at = 0; at < shared; at += 1) {
    const difference = (bytes[start + at] ?? 0) - (needle[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return end - start - needle.length;
}
