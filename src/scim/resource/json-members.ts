/**
 * The members of a JSON object in its bytes: where each begins and ends, without parsing what is in
 * them. Only for text that `JSON.stringify` wrote: no white space, and nothing that could be wrong.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

const encoder = new TextEncoder();

/** Positions in the text. The name has its quotes; a colon lies between name and value. */
export interface MemberRange {
  nameStart: number;
  nameEnd: number;
  valueStart: number;
  valueEnd: number;
}

/** A name as it stands in JSON text, quotes included. */
export function nameBytes(name: string): Uint8Array {
  return encoder.encode(JSON.stringify(name));
}

/**
 * Steps through the members.
 * @param range where the member before is, or `beforeFirst()`; becomes the range of the next
 * @returns false behind the last
 */
export function nextMember(text: Uint8Array, range: MemberRange): boolean {
  const start = range.valueEnd + 1;
  // Behind the brace of an empty object, and behind the last value.
  if (text[range.valueEnd] === CLOSE_BRACE || text[start] !== QUOTE) return false;
  range.nameStart = start;
  range.nameEnd = behindString(text, start);
  range.valueStart = range.nameEnd + 1;
  range.valueEnd = behindValue(text, range.valueStart);
  return true;
}

export function beforeFirst(): MemberRange {
  return { nameStart: 0, nameEnd: 0, valueStart: 0, valueEnd: 0 };
}

/** Whether the name of a member is the one that `nameBytes` has made. */
export function isNamed(text: Uint8Array, range: MemberRange, name: Uint8Array): boolean {
  if (range.nameEnd - range.nameStart !== name.length) return false;
  for (let at = 1; at < name.length; at += 1) {
    if (text[range.nameStart + at] !== name[at]) return false;
  }
  return true;
}

/** @param at of the opening quote */
function behindString(text: Uint8Array, at: number): number {
  for (let next = at + 1; next < text.length; next += 1) {
    const byte = text[next];
    if (byte === QUOTE) return next + 1;
    if (byte === BACKSLASH) next += 1;
  }
  return text.length;
}

function behindValue(text: Uint8Array, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length;) {
    const byte = text[at];
    if (byte === QUOTE) {
      at = behindString(text, at);
      if (depth === 0) return at;
      continue;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth += 1;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      // Of the object whose member this is: a number or a word ends here.
      if (depth === 0) return at;
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (byte === COMMA && depth === 0) {
      return at;
    }
    at += 1;
  }
  return text.length;
}
