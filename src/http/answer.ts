/**
 * What a controller answers: plain data, written to the connection by the exchange and by nobody
 * else. SCIM bodies, errors included, are `application/scim+json` exactly (RFC 7644 §3.1).
 */
import type { TextParts } from '../scim/text-parts.ts';

export type Header = readonly [name: string, value: string];

export type Body = string | TextParts;

/** Where a body that has no end goes, bit by bit. */
export interface Outlet {
  /** @returns false when the client does not keep up: `text` waits, and so should the rest */
  write(text: string): boolean;
  /** Ends the body and closes the connection. */
  end(): void;
  /** Closes the connection in the middle of the body, with whatever still waits. */
  cut(): void;
  /**
   * Sends a piece of any length as fast as the client takes it; a few slices of it wait in the socket.
   * One piece at a time.
   * @param whenTaken called once, when there is room for more; when the client goes first, maybe never
   */
  send(piece: Uint8Array, whenTaken: () => void): void;
  /** Ends the body; the connection goes on, unless the server is stopping. Not beside `onRoom`. */
  finish(): void;
  /**
   * Called each time that nothing waits any more after `write` has said false.
   * @param nudge a piece of the body that means nothing: what waits is sent only with a write
   */
  onRoom(nudge: string, callback: () => void): void;
  /** At most one is told when the client has gone; not after `end` or `cut`. */
  onGone(callback: () => void): void;
}

export interface Answer {
  readonly status: number;
  readonly headers: readonly Header[];
  /** Text, JSON but for metrics; undefined for 204 and 304. */
  readonly body: Body | undefined;
  /** One line for the request log; undefined when there is nothing to tell. */
  readonly detail: string | undefined;
  readonly closesConnection: boolean;
  /**
   * In place of a body: called when the head is sent, for HEAD never. Everything that is written comes
   * later.
   */
  readonly stream?: (outlet: Outlet) => void;
}

const SCIM_CONTENT: Header = ['Content-Type', 'application/scim+json'];
const JSON_CONTENT: Header = ['Content-Type', 'application/json'];

export function scimAnswer(status: number, body: Body, headers: readonly Header[] = []): Answer {
  return answer(status, [SCIM_CONTENT, ...headers], body);
}

/** For admin and health, which are no SCIM messages. */
export function jsonAnswer(status: number, body: string, headers: readonly Header[] = []): Answer {
  return answer(status, [JSON_CONTENT, ...headers], body);
}

/** For what is no JSON. @param contentType with its charset, which must be UTF-8 */
export function textAnswer(status: number, body: string, contentType: string): Answer {
  return answer(status, [['Content-Type', contentType]], body);
}

/** 204 and 304. */
export function emptyAnswer(status: 204 | 304, headers: readonly Header[] = []): Answer {
  return answer(status, headers, undefined);
}

function answer(status: number, headers: readonly Header[], body: Body | undefined): Answer {
  return { status, headers, body, detail: undefined, closesConnection: false };
}
