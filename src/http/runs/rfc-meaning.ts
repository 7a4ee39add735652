/** What a refusal means by the RFCs, in a sentence, and where it is written: for a run's report. */
import type { ScimType } from '../../scim/errors.ts';

export interface Meaning {
  readonly text: string;
  /** `RFC 7644 §3.12`. */
  readonly section: string;
}

const BY_SCIM_TYPE: Readonly<Record<ScimType, Meaning>> = {
  invalidFilter: {
    text: 'The filter breaks the grammar, or compares an attribute in a way its type does not allow.',
    section: 'RFC 7644 §3.4.2.2',
  },
  tooMany: {
    text: 'The filter finds more than the server is willing to work through.',
    section: 'RFC 7644 §3.4.2',
  },
  uniqueness: {
    text: 'Another resource has a value already that no two resources may share.',
    section: 'RFC 7644 §3.3',
  },
  mutability: {
    text: 'The change does not suit the mutability of an attribute: it is read-only, or immutable and has a value.',
    section: 'RFC 7644 §3.5.2',
  },
  invalidSyntax: {
    text: 'The body is not the message that belongs there: its structure does not follow the schema of the request.',
    section: 'RFC 7644 §3.12',
  },
  invalidPath: {
    text: 'The path of a PATCH operation breaks the grammar of figure 7, or names nothing in the schema.',
    section: 'RFC 7644 §3.5.2',
  },
  noTarget: {
    text: 'The path of a PATCH operation finds nothing to operate on, or there is none where one is needed.',
    section: 'RFC 7644 §3.5.2.2',
  },
  invalidValue: {
    text: 'A value that is required is missing, or one does not suit its attribute or parameter.',
    section: 'RFC 7644 §3.12, RFC 7643 §2.2',
  },
  invalidVers: {
    text: 'The version of the protocol that was asked for is not served.',
    section: 'RFC 7644 §3.13',
  },
  sensitive: {
    text: 'The URL carries a value that must not stand in one; it belongs into the body of a search by POST.',
    section: 'RFC 7644 §7.5.2',
  },
  invalidCursor: {
    text: 'The cursor is not one that this server gave out for this query.',
    section: 'RFC 9865 §2.1',
  },
  expiredCursor: {
    text: 'The cursor is too old: the query has to begin again.',
    section: 'RFC 9865 §2.1',
  },
  invalidCount: {
    text: 'The count beside a cursor is no number that is taken.',
    section: 'RFC 9865 §2.1',
  },
};

const BY_STATUS: Readonly<Record<number, Meaning>> = {
  400: {
    text: 'The request cannot be read, or does not follow the schema.',
    section: 'RFC 7644 §3.12',
  },
  401: {
    text: 'The token is missing or wrong, has expired, or belongs to another endpoint.',
    section: 'RFC 7644 §3.12, RFC 6750 §3.1',
  },
  403: {
    text: 'The token is good, but does not allow this.',
    section: 'RFC 7644 §3.12',
  },
  404: {
    text: 'There is no such resource or endpoint. After a DELETE this is the right answer.',
    section: 'RFC 7644 §3.12, §3.6',
  },
  405: { text: 'This path does not take the method.', section: 'RFC 9110 §15.5.6' },
  408: { text: 'The body did not arrive in time.', section: 'RFC 9110 §15.5.9' },
  409: {
    text: 'The change conflicts with what is stored: a duplicate, or another version.',
    section: 'RFC 7644 §3.12',
  },
  412: {
    text: 'The resource has changed since the version that If-Match names.',
    section: 'RFC 7644 §3.14',
  },
  413: {
    text: 'The body, or the bulk, is larger than ServiceProviderConfig says it may be.',
    section: 'RFC 7644 §3.7.4',
  },
  414: { text: 'Path and query are too long.', section: 'RFC 9110 §15.5.15' },
  415: {
    text: 'The Content-Type is neither application/scim+json nor application/json.',
    section: 'RFC 7644 §3.1, RFC 9110 §15.5.16',
  },
  429: {
    text: 'The endpoint has more requests than its share; Retry-After says when to come again.',
    section: 'RFC 6585 §4',
  },
  499: {
    text: 'The client closed the connection before its answer.',
    section: 'no RFC: the number is only used in logs',
  },
  500: { text: 'The server failed. This is a defect.', section: 'RFC 7644 §3.12' },
  501: { text: 'The server does not do this.', section: 'RFC 7644 §3.12' },
  503: {
    text: 'The server is busy, is stopping, or its storage failed; Retry-After says when to come again.',
    section: 'RFC 9110 §15.6.4',
  },
};

/** @param scimType of the answer, if that was kept. Undefined: it was no refusal */
export function meaningOf(status: number, scimType: ScimType | undefined): Meaning | undefined {
  if (status < 400) return undefined;
  if (scimType !== undefined) return BY_SCIM_TYPE[scimType];
  return BY_STATUS[status] ?? BY_STATUS[status >= 500 ? 500 : 400];
}
