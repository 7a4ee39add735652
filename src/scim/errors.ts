/**
 * The error table of RFC 7644 §3.12: what a client is told when a request cannot be served. A
 * ScimError is thrown where the fault is found and rendered once, by http. Its detail is written
 * for a person: one line that names what to change.
 */

/** `scimType` values of RFC 7644 table 9; RFC 9865 §2.2 adds the three for cursors. */
const SCIM_TYPES = [
  'invalidFilter',
  'tooMany',
  'uniqueness',
  'mutability',
  'invalidSyntax',
  'invalidPath',
  'noTarget',
  'invalidValue',
  'invalidVers',
  'sensitive',
  'invalidCursor',
  'expiredCursor',
  'invalidCount',
] as const;

export type ScimType = (typeof SCIM_TYPES)[number];

export function isScimType(text: string | undefined): text is ScimType {
  return SCIM_TYPES.some((known) => known === text);
}

export const ERROR_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:Error';

export class ScimError extends Error {
  readonly status: number;
  readonly scimType: ScimType | undefined;

  constructor(status: number, detail: string, scimType?: ScimType) {
    super(detail);
    this.name = 'ScimError';
    this.status = status;
    this.scimType = scimType;
  }
}

/** 400 with one of the scimTypes that RFC 7644 §3.12 defines for it. */
export function badRequest(scimType: ScimType, detail: string): ScimError {
  return new ScimError(400, detail, scimType);
}

export function notFound(detail: string): ScimError {
  return new ScimError(404, detail);
}

/** 409: another resource holds the value (RFC 7644 §3.3, §3.12). */
export function uniquenessConflict(detail: string): ScimError {
  return new ScimError(409, detail, 'uniqueness');
}

/** 412: the resource changed since the version that If-Match names (RFC 7644 §3.14). */
export function preconditionFailed(detail: string): ScimError {
  return new ScimError(412, detail);
}

/** The response body of RFC 7644 §3.12 as JSON text; `status` is a string there. */
export function errorBody(status: number, detail: string, scimType?: ScimType): string {
  return JSON.stringify({
    schemas: [ERROR_SCHEMA],
    status: String(status),
    ...(scimType === undefined ? {} : { scimType }),
    detail,
  });
}
