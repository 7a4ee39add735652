/**
 * Different texts, each with a number, as one buffer of UTF-8 with offsets: a third of the memory of
 * strings in a map, and a search through all of them is one loop over bytes. Behind each text is a
 * byte that occurs in none. A text with half a surrogate pair, which UTF-8 has no form for, is kept as
 * it is beside the buffer; bytes do not tell all that is in such a list.
 */
import { IntList } from './numbers.ts';

/** In no UTF-8. */
const SEPARATOR = 0xff;
const FIRST_BYTES = 1024;
const FIRST_TABLE = 256;
const NONE = -1;

export class TextValues {
  /** Its length is a multiple of four. */
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #words = wordsOf(this.#bytes);
  #end = 0;
  readonly #starts = new IntList();
  /** By hash: a code + 1, or 0. At most half full. */
  #table = new Int32Array(FIRST_TABLE);
  readonly #illFormed = new Map<string, number>();
  #longest = 0;

  constructor() {
    this.#starts.push(0);
  }

  /** How many there are: codes are 0 to below it. */
  get size(): number {
    return this.#starts.length - 1;
  }

  get memoryBytes(): number {
    return (
      this.#bytes.length + this.#starts.bytes + this.#table.byteLength + this.#illFormed.size * 200
    );
  }

  /** All texts, each with its separator; until the next `add`. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** The same bytes, four at a time. */
  get words(): Int32Array {
    return this.#words;
  }

  /** Where each text begins, and behind the last. */
  get starts(): Int32Array {
    return this.#starts.data;
  }

  /** Whether the bytes are all there is to know of the texts. */
  get isWellFormed(): boolean {
    return this.#illFormed.size === 0;
  }

  /** Of the longest one, in UTF-8. */
  get longestBytes(): number {
    return this.#longest;
  }

  /** @returns its code, a new one for a text that is not there yet */
  add(text: string): number {
    if (!text.isWellFormed()) return this.#addIllFormed(text);
    const start = this.#end;
    const end = this.#write(text, start);
    const at = this.#lookUp(this.#hash(start, end), start, end);
    const known = this.#table[at] ?? 0;
    if (known > 0) return known - 1;
    const code = this.#append(end);
    this.#table[at] = code + 1;
    if (this.size * 2 > this.#table.length) this.#rehash();
    return code;
  }

  /**
   * @param text well-formed, as all that are there
   * @returns -1 when it is not there
   */
  codeOf(text: string): number {
    const start = this.#end;
    const end = this.#write(text, start);
    return (this.#table[this.#lookUp(this.#hash(start, end), start, end)] ?? 0) - 1;
  }

  textOf(code: number): string {
    for (const [text, known] of this.#illFormed) if (known === code) return text;
    const start = this.#starts.data[code] ?? 0;
    return this.#bytes.toString('utf8', start, start + this.lengthOf(code));
  }

  lengthOf(code: number): number {
    const starts = this.#starts.data;
    return (starts[code + 1] ?? 0) - (starts[code] ?? 0) - 1;
  }

  /** By bytes: by code point, where a half of a pair counts as U+FFFD. */
  compare(a: number, b: number): number {
    const bytes = this.#bytes;
    const starts = this.#starts.data;
    const from = starts[a] ?? 0;
    const other = starts[b] ?? 0;
    const lengthA = (starts[a + 1] ?? 0) - from - 1;
    const lengthB = (starts[b + 1] ?? 0) - other - 1;
    const shared = Math.min(lengthA, lengthB);
    for (let at = 0; at < shared; at += 1) {
      const difference = (bytes[from + at] ?? 0) - (bytes[other + at] ?? 0);
      if (difference !== 0) return difference;
    }
    return lengthA - lengthB;
  }

  #addIllFormed(text: string): number {
    const known = this.#illFormed.get(text);
    if (known !== undefined) return known;
    const code = this.#append(this.#write(text, this.#end));
    this.#illFormed.set(text, code);
    return code;
  }

  #append(end: number): number {
    const code = this.size;
    this.#longest = Math.max(this.#longest, end - this.#end);
    this.#bytes[end] = SEPARATOR;
    this.#end = end + 1;
    this.#starts.push(this.#end);
    return code;
  }

  /** In place behind all others, and room for the separator. @returns its end */
  #write(text: string, start: number): number {
    const room = start + text.length * 3 + 1;
    if (room > this.#bytes.length) this.#grow(room);
    const bytes = this.#bytes;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit > 0x7f) return start + at + bytes.write(text.slice(at), start + at, 'utf8');
      bytes[start + at] = unit;
    }
    return start + text.length;
  }

  #grow(room: number): void {
    const length = Math.max(room, Math.ceil(this.#bytes.length * 1.5));
    const grown = Buffer.allocUnsafeSlow((length + 3) & ~3);
    this.#bytes.copy(grown, 0, 0, this.#end);
    this.#bytes = grown;
    this.#words = wordsOf(grown);
  }

  #hash(start: number, end: number): number {
    const bytes = this.#bytes;
    let hash = 0x811c9dc5;
    for (let at = start; at < end; at += 1) {
      hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
    }
    return (hash ^ (hash >>> 15)) >>> 0;
  }

  /** Where in the table these bytes are, or belong. */
  #lookUp(hash: number, start: number, end: number): number {
    const last = this.#table.length - 1;
    for (let at = hash & last; ; at = (at + 1) & last) {
      const code = (this.#table[at] ?? 0) - 1;
      if (code === NONE || this.#isAt(code, start, end)) return at;
    }
  }

  #isAt(code: number, start: number, end: number): boolean {
    const bytes = this.#bytes;
    const from = this.#starts.data[code] ?? 0;
    if (this.lengthOf(code) !== end - start) return false;
    for (let at = start; at < end; at += 1) {
      if (bytes[at] !== bytes[from + at - start]) return false;
    }
    return true;
  }

  #rehash(): void {
    this.#table = new Int32Array(this.#table.length * 2);
    const last = this.#table.length - 1;
    const illFormed = new Set(this.#illFormed.values());
    for (let code = 0; code < this.size; code += 1) {
      if (illFormed.has(code)) continue;
      const start = this.#starts.data[code] ?? 0;
      let at = this.#hash(start, start + this.lengthOf(code)) & last;
      while (this.#table[at] !== 0) at = (at + 1) & last;
      this.#table[at] = code + 1;
    }
  }
}

function wordsOf(bytes: Buffer): Int32Array {
  return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}
