/**
 * Reads a dateTime (RFC 7643 §2.3.5, RFC 3339) as a point in time, so that texts with different
 * offsets or fractions compare as what they mean. It runs once per resource of a scan: no regular
 * expression captures, no Date objects.
 */

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?$/i;
/** What xsd:dateTime (RFC 7643 §2.3.5) and RFC 3339 both take. */
const WITH_OFFSET = /^\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
const DAYS_OF_MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** 400 years, after which the calendar repeats. */
const CYCLE_MS = 146_097 * 24 * HOUR_MS;

/** Where the parts stand; what follows the seconds has no fixed place. */
const SECONDS_END = 19;
const OFFSET_LENGTH = 6;

/**
 * Milliseconds since 1970 with their fraction, exact to the microsecond; NaN when the text is no
 * dateTime. Without an offset, which xsd:dateTime allows, it is UTC. A leap second is the second
 * after it.
 */
export function parseInstant(text: string): number {
  if (!DATE_TIME.test(text)) return NaN;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const day = dayMs(year, twoDigits(text, 5), twoDigits(text, 8));
  const time = timeMs(twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17));
  const offsetAt = offsetStart(text);
  // Whole milliseconds first: equal instants then get the same rounding of their fraction.
  return day + time - offsetMs(text, offsetAt) + fractionMs(text, offsetAt);
}

/** Whether a text is a dateTime by the letter: an offset, and a day that the calendar has. */
export function isDateTime(text: string): boolean {
  return WITH_OFFSET.test(text) && !Number.isNaN(parseInstant(text));
}

function dayMs(year: number, month: number, day: number): number {
  if (day < 1 || day > daysOf(year, month)) return NaN;
  // Date.UTC takes years below 100 for those of 1900.
  return Date.UTC(year + 400, month - 1, day) - CYCLE_MS;
}

/** 0 for a month that there is not. */
function daysOf(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeap ? 29 : (DAYS_OF_MONTHS[month - 1] ?? 0);
}

function timeMs(hour: number, minute: number, second: number): number {
  if (hour > 23 || minute > 59 || second > 60) return NaN;
  return hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS;
}

/** Index of `Z`, `+` or `-` behind the time; the text's length when there is none. */
function offsetStart(text: string): number {
  const last = text.length - 1;
  if (text[last] === 'Z' || text[last] === 'z') return last;
  const sign = text[text.length - OFFSET_LENGTH];
  return sign === '+' || sign === '-' ? text.length - OFFSET_LENGTH : text.length;
}

function offsetMs(text: string, at: number): number {
  if (text.length - at !== OFFSET_LENGTH) return 0;
  const hours = twoDigits(text, at + 1);
  const minutes = twoDigits(text, at + 4);
  if (hours > 23 || minutes > 59) return NaN;
  const offset = hours * HOUR_MS + minutes * MINUTE_MS;
  return text[at] === '+' ? offset : -offset;
}

function fractionMs(text: string, end: number): number {
  return end === SECONDS_END ? 0 : Number(`0${text.slice(SECONDS_END, end)}`) * SECOND_MS;
}

/** Of a text that has digits there. */
function twoDigits(text: string, at: number): number {
  return text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 0x30 * 11;
}
