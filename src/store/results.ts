/** What a store answers. Failures are thrown: ScimError for what a client did, StoreError for us. */
import type { Place } from '../scim/messages/cursor.ts';
import type { ResourceMeta } from '../scim/resource/rendered.ts';

/** A resource as it is stored, to be rendered without parsing. */
export interface StoredResource extends ResourceMeta {
  readonly id: string;
  readonly type: string;
  /** JSON object text, in UTF-8, as `JSON.stringify` wrote it; starts with `schemas` and `id`. */
  readonly document: Uint8Array;
  /** Members of a group or groups of a user as JSON array text, when they were asked for. */
  readonly links: string | undefined;
}

/** A write that is durable. */
export interface WriteResult extends ResourceMeta {
  /** False when the write left the resource as it was: version and lastModified stay. */
  readonly changed: boolean;
  /** The document after a PATCH; undefined for other writes, whose caller has it. */
  readonly document: string | undefined;
  /** Commit sequence of the store that holds the write; for an unchanged one, what it was judged by. */
  readonly sequence: number;
}

/**
 * How one operation of a bulk ended: durable; refused with a ScimError, or failed with a StoreError
 * or what nobody foresaw; found `wrong` before it came to the store; or left out because it needs
 * one that failed.
 */
export type BulkOutcome =
  | { readonly kind: 'done'; readonly result: WriteResult }
  | { readonly kind: 'failed'; readonly error: Error }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'needsFailed'; readonly position: number };

export interface BulkResult {
  /** By position. Those that were never begun have none. */
  readonly outcomes: ReadonlyMap<number, BulkOutcome>;
  /** Why the store stopped on its way; undefined when it came to the end or to `failOnErrors`. */
  readonly interrupted: Error | undefined;
}

/** Of the last commit that holds some of it; 0 when nothing was done. */
export function lastSequence({ outcomes }: BulkResult): number {
  let last = 0;
  for (const outcome of outcomes.values()) {
    if (outcome.kind === 'done') last = Math.max(last, outcome.result.sequence);
  }
  return last;
}

export interface SearchResult {
  /** On all pages. A walk by cursor may leave it undefined: it would have to find them all first. */
  readonly totalResults: number | undefined;
  readonly resources: readonly StoredResource[];
  /** Of a walk by cursor: where the next page begins; undefined behind the last result. */
  readonly next: Place | undefined;
  /** Of a walk by cursor: where the page before this one ends; undefined on the first. */
  readonly previous: Place | undefined;
}

export interface EndpointStats {
  /** Resources by type name. */
  readonly resources: Readonly<Record<string, number>>;
  readonly memberships: number;
}

/**
 * Why a store could not do its work. `overloaded`: a queue is full, nothing was done, retry.
 * `outcomeUnknown`: the writer died or a deadline passed; the write may or may not be there.
 * `full`: no space; nothing was done. `unavailable`: stopping, or storage is damaged. `contended`:
 * what it depends on has changed meanwhile; nothing was done, and the message says what to do.
 * `abandoned`: the caller of a read has gone, there is nobody to tell.
 */
const STORE_ERROR_CODES = [
  'overloaded',
  'outcomeUnknown',
  'full',
  'unavailable',
  'contended',
  'abandoned',
] as const;

export type StoreErrorCode = (typeof STORE_ERROR_CODES)[number];

export function isStoreErrorCode(code: string): code is StoreErrorCode {
  return STORE_ERROR_CODES.some((known) => known === code);
}

export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}
