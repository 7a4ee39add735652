/**
 * What resources are sorted by (RFC 7644 §3.4.2.3): one value each, and the one order of such values.
 * A resource without a value comes last. Texts are ordered by code point, no locale, as SQLite orders
 * a key column: an index and a sort in memory must give the same order.
 */
import { compareText, fold } from '../fold.ts';

export type SortKey = string | number | boolean;

/**
 * UTF-16 units of a text that count: texts that begin with the same so many are equal to a sort. It
 * bounds what a sort holds in memory and what a cursor carries.
 */
export const SORT_KEY_LENGTH = 256;

/** Order of values whose types differ, as of two resource types that call different things alike. */
const RANKS = { boolean: 0, number: 1, string: 2 } as const;
const RANK_OF_NONE = 3;

/** Ascending; descending is its exact reverse. */
export function compareKeys(a: SortKey | undefined, b: SortKey | undefined): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  return rankOf(a) - rankOf(b);
}

/** The key of a text; of an empty one there is none, as `pr` does not hold of it. */
export function textKey(text: string, caseExact: boolean): string | undefined {
  if (text === '') return undefined;
  // Lone surrogates become what SQLite stores for them.
  return cut((caseExact ? text : fold(text)).toWellFormed());
}

/** Not between the halves of a character. */
function cut(text: string): string {
  if (text.length <= SORT_KEY_LENGTH) return text;
  const last = text.charCodeAt(SORT_KEY_LENGTH - 1);
  const end = last >= 0xd800 && last <= 0xdbff ? SORT_KEY_LENGTH - 1 : SORT_KEY_LENGTH;
  // Copied: a slice would keep the whole text in memory for as long as the key lives.
  return Array.from(text.slice(0, end)).join('');
}

function rankOf(key: SortKey | undefined): number {
  if (key === undefined) return RANK_OF_NONE;
  if (typeof key === 'string') return RANKS.string;
  return typeof key === 'number' ? RANKS.number : RANKS.boolean;
}
