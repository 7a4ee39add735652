/**
 * What a client hears that asked for a token and gets none: RFC 6749 §5.2, which is plain JSON and
 * no SCIM error.
 */
import { type Answer, type Header, jsonAnswer } from '../answer.ts';

export type OauthErrorCode =
  'invalid_request' | 'invalid_client' | 'invalid_scope' | 'unsupported_grant_type';

/** Tokens and whatever is said of them must not be kept on the way (RFC 6749 §5.1). */
export const NO_STORE: readonly Header[] = [
  ['Cache-Control', 'no-store'],
  ['Pragma', 'no-cache'],
];

/** Names the realm whose clients these are; RFC 9110 §15.5.2 wants it with each 401. */
const CHALLENGE: Header = ['WWW-Authenticate', 'Basic realm="scim", charset="UTF-8"'];

export class OauthError extends Error {
  readonly code: OauthErrorCode;

  /** @param description one line of ASCII without quotes and backslashes, nothing the client sent */
  constructor(code: OauthErrorCode, description: string) {
    super(description);
    this.name = 'OauthError';
    this.code = code;
  }
}

/** @param status where it is another than the RFC has for the code */
export function oauthErrorAnswer({ code, message }: OauthError, status?: number): Answer {
  const unknown = code === 'invalid_client';
  const headers = unknown ? [...NO_STORE, CHALLENGE] : NO_STORE;
  const body = JSON.stringify({ error: code, error_description: message });
  return {
    ...jsonAnswer(status ?? (unknown ? 401 : 400), body, headers),
    detail: `${code}: ${message}`,
  };
}
