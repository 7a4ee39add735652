/**
 * Cursors as clients hold them (RFC 9865): authenticated, so that nobody makes or changes one, bound
 * to the query they continue, and good for a limited time. Nothing is kept here: the key comes from
 * the shared secret, so that a cursor outlives a restart.
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { badRequest, type ScimError } from '../scim/errors.ts';
import { decodeCursor, encodeCursor, type Cursor, type Place } from '../scim/messages/cursor.ts';
import type { HttpLimits } from './options.ts';
import type { Clock } from './ports.ts';

const HASH = 'sha256';
const MAC_BYTES = 32;
/** Says what the derived key is for; another purpose has another key. */
const PURPOSE = 'scimlane list cursors';

export type CursorLimits = Pick<HttpLimits, 'cursorTimeoutSeconds' | 'cursorLength'>;

export class CursorSeal {
  readonly #key: Buffer;
  readonly #clock: Clock;
  readonly #limits: CursorLimits;

  constructor(sharedSecret: string, clock: Clock, limits: CursorLimits) {
    this.#key = Buffer.from(hkdfSync(HASH, sharedSecret, '', PURPOSE, MAC_BYTES));
    this.#clock = clock;
    this.#limits = limits;
  }

  /**
   * A cursor to that place: letters, digits, `-` and `_`.
   * @param query what the cursor belongs to; text without line breaks
   */
  seal(place: Place, query: string): string {
    const payload = Buffer.from(encodeCursor({ place, issuedSeconds: this.#nowSeconds() }));
    return Buffer.concat([this.#mac(query, payload), payload]).toString('base64url');
  }

  /**
   * The place of a cursor; an empty one is the first page.
   * @throws ScimError 400 invalidCursor for one that is not ours or of another query, without saying
   *   which; expiredCursor
   */
  open(text: string, query: string): Place {
    if (text === '') return { backwards: false, position: undefined };
    const { place, issuedSeconds } = this.#authentic(text, query);
    const { cursorTimeoutSeconds } = this.#limits;
    if (this.#nowSeconds() - issuedSeconds <= cursorTimeoutSeconds) return place;
    throw badRequest(
      'expiredCursor',
      `cursor: it is older than ${String(cursorTimeoutSeconds)} s; begin again with an empty cursor`,
    );
  }

  #authentic(text: string, query: string): Cursor {
    if (text.length > this.#limits.cursorLength) throw invalid();
    const bytes = Buffer.from(text, 'base64url');
    // Decoding skips what is no base64url: only the one text that encodes the bytes is the cursor.
    if (bytes.length <= MAC_BYTES || bytes.toString('base64url') !== text) throw invalid();
    const payload = bytes.subarray(MAC_BYTES);
    if (!timingSafeEqual(bytes.subarray(0, MAC_BYTES), this.#mac(query, payload))) throw invalid();
    const cursor = decodeCursor(payload.toString());
    if (cursor === undefined) throw invalid();
    return cursor;
  }

  #mac(query: string, payload: Buffer): Buffer {
    return createHmac(HASH, this.#key).update(query).update('\n').update(payload).digest();
  }

  #nowSeconds(): number {
    return Math.floor(this.#clock.now() / 1000);
  }
}

function invalid(): ScimError {
  return badRequest(
    'invalidCursor',
    'cursor: take it from nextCursor or previousCursor and repeat the rest of the query as it was, or begin with an empty one',
  );
}
