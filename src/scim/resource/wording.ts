/**
 * Words for error details: what a value is, and a client's own text quoted so that it stays on one
 * line and of bounded length.
 */
import type { JsonValue } from '../json.ts';

const QUOTED_LENGTH_MAX = 80;

/** As a JSON string: control characters escaped, cut after 80 characters. */
export function quoted(text: string): string {
  if (text.length <= QUOTED_LENGTH_MAX) return JSON.stringify(text);
  return JSON.stringify(`${text.slice(0, QUOTED_LENGTH_MAX)}…`);
}

/** `a number`, `an array`, `null`: for "must be a string, but is a number". */
export function kindOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
