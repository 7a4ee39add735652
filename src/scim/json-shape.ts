/**
 * Bounds the shape of a JSON text before it is parsed. Depth would overflow the stack of whoever
 * walks the value; an object of a hundred thousand keys, or as many different keys in small objects,
 * takes the engine hundreds of milliseconds to build, where an array of as many values takes ten.
 * It knows only what it counts: whether the text is JSON is the parser's to say.
 */

export interface ShapeLimits {
  /** Objects and arrays inside each other. */
  readonly jsonDepth: number;
  /** Keys of one object. */
  readonly jsonObjectKeys: number;
  /** Different keys in the whole text. */
  readonly jsonNames: number;
}

/** The shortest key with its value and comma: `"a":1,`. */
const KEY_LENGTH_MIN = 6;

/** What is too much, to complete "the body …"; undefined when all is within the limits. */
export function excessOf(text: string, limits: ShapeLimits): string | undefined {
  const { jsonDepth, jsonObjectKeys, jsonNames } = limits;
  const names = text.length > jsonNames * KEY_LENGTH_MIN ? new Set<string>() : undefined;
  const keys: number[] = [];
  let inside = 0;
  let depth = 0;
  let stringStart = 0;
  let stringEnd = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case 0x22: // "
        stringStart = at + 1;
        stringEnd = endOfString(text, stringStart);
        at = stringEnd;
        break;
      case 0x3a: // :
        inside += 1;
        if (inside > jsonObjectKeys)
          return `has an object of more than ${String(jsonObjectKeys)} keys`;
        if (names === undefined || names.size > jsonNames) break;
        names.add(text.slice(stringStart, stringEnd));
        if (names.size > jsonNames) return `has more than ${String(jsonNames)} different keys`;
        break;
      case 0x7b: // {
      case 0x5b: // [
        if (depth === jsonDepth) return `is nested deeper than ${String(jsonDepth)} levels`;
        keys[depth] = inside;
        depth += 1;
        inside = 0;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        depth = Math.max(depth - 1, 0);
        inside = keys[depth] ?? 0;
        break;
    }
  }
  return undefined;
}

/** Index of the quote that closes a string; the text's length when none does. */
function endOfString(text: string, from: number): number {
  let quote = text.indexOf('"', from);
  while (quote !== -1 && isEscaped(text, quote, from)) quote = text.indexOf('"', quote + 1);
  return quote === -1 ? text.length : quote;
}

/** Whether an odd number of backslashes stands before a quote. */
function isEscaped(text: string, quote: number, from: number): boolean {
  let at = quote;
  while (at > from && text.charCodeAt(at - 1) === 0x5c) at -= 1;
  return (quote - at) % 2 === 1;
}
