/** Values of a foreign database as what they mean: any column may hold anything. Pure. */
import type { ForeignValue } from '../sqlite/scimserver/tables.ts';

/** Times that SCIM can write: years 1970 to 9999. */
const TIME_END = 253_402_300_800_000;
const DIGITS = /^\d{1,15}$/;
/** ISO 8601 as Prisma writes it, and `CURRENT_TIMESTAMP` as SQLite does; without an offset it is UTC. */
const DATE_TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?) ?(Z|[+-]\d\d:?\d\d| UTC)?$/;

/** Whole milliseconds since 1970 of a number of them, in any type, or of a date; undefined for anything else. */
export function timeOf(value: ForeignValue): number | undefined {
  const time = typeof value === 'string' ? parsedTime(value) : value;
  if (typeof time !== 'number' || !(time >= 0 && time < TIME_END)) return undefined;
  return Math.floor(time);
}

function parsedTime(text: string): number {
  if (DIGITS.test(text)) return Number(text);
  const [, date, time, offset = 'Z'] = DATE_TIME.exec(text) ?? [];
  return Date.parse(`${date}T${time}${offset.trim() === 'UTC' ? 'Z' : offset}`);
}

/** A text that names something; undefined for an empty one and for anything else. */
export function textOf(value: ForeignValue): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const URL_PART = /^[^\s/?#\p{Cc}]{1,255}$/u;

/** An id, which stands in URLs; undefined for what cannot. */
export function idOf(value: ForeignValue): string | undefined {
  const id = textOf(value);
  return id !== undefined && URL_PART.test(id) ? id : undefined;
}

/** Booleans are 0 and 1 there; a shell may have written words. */
export function booleanOf(value: ForeignValue): boolean | undefined {
  if (value === 1 || value === 0) return value === 1;
  if (typeof value !== 'string') return undefined;
  if (/^(true|1)$/i.test(value)) return true;
  return /^(false|0)$/i.test(value) ? false : undefined;
}

/** As a line names it: no name of theirs breaks a line, and none is as long as a page. */
export function shown(value: ForeignValue): string {
  if (typeof value === 'string') return value.length > 120 ? `${value.slice(0, 120)}…` : value;
  return value instanceof Uint8Array ? 'a blob' : String(value);
}
