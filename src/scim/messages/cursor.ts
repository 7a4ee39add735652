/**
 * What a cursor says (RFC 9865 §2), as text and back. A cursor names a place in the order of a
 * query's results, not a number of rows: the page behind it is the same whatever came or went before
 * it. The text is neither signed nor fit for a URL; both are added by whoever hands it out.
 */
import type { SortKey } from '../sort/key.ts';

/** A result, by what orders it: its sort key, its type, its id. */
export interface Position {
  /** Resource type name. */
  readonly type: string;
  readonly id: string;
  /** Undefined when nothing is sorted by, and when the result has no value to sort by. */
  readonly key: SortKey | undefined;
}

/** Where a page begins: right behind a result, or at the very first; or where one ends: before one. */
export type Place =
  | { readonly backwards: false; readonly position: Position | undefined }
  | { readonly backwards: true; readonly position: Position };

export interface Cursor {
  readonly place: Place;
  /** When the cursor was handed out, seconds since 1970. */
  readonly issuedSeconds: number;
}

/** Of the text's form; another one is another cursor. */
const FORM = 1;

export function encodeCursor({ place, issuedSeconds }: Cursor): string {
  const { backwards, position } = place;
  const head = [FORM, issuedSeconds, backwards];
  if (position === undefined) return JSON.stringify(head);
  return JSON.stringify([...head, position.type, position.id, position.key ?? null]);
}

/** Undefined for what `encodeCursor` did not write. */
export function decodeCursor(text: string): Cursor | undefined {
  const fields = parseArray(text);
  if (fields === undefined || (fields.length !== 3 && fields.length !== 6)) return undefined;
  const [form, issuedSeconds, backwards, type, id, key] = fields;
  if (form !== FORM || typeof issuedSeconds !== 'number' || typeof backwards !== 'boolean') {
    return undefined;
  }
  if (fields.length === 3) {
    return backwards ? undefined : { place: { backwards, position: undefined }, issuedSeconds };
  }
  if (typeof type !== 'string' || typeof id !== 'string' || !isKey(key)) return undefined;
  return { place: { backwards, position: { type, id, key: key ?? undefined } }, issuedSeconds };
}

function parseArray(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isKey(key: unknown): key is SortKey | null {
  return key === null || ['string', 'number', 'boolean'].includes(typeof key);
}
