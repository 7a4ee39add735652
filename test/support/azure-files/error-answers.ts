/**
 * The refusals of Azure Files that the emulator gives: status, code and words as the page "Azure
 * Files error codes" has them (the general ones: "Common REST API error codes"), in the XML body of
 * "Status and error codes", Error response body.
 */

/** HTTP status and message by error code. */
const REFUSALS = {
  AuthenticationFailed: [403, 'Server failed to authenticate the request.'],
  DirectoryNotEmpty: [409, 'The specified directory is not empty.'],
  InvalidHeaderValue: [400, 'The value for one of the HTTP headers is not in the correct format.'],
  InvalidRange: [416, 'The range specified is invalid for the current size of the resource.'],
  Md5Mismatch: [400, 'The MD5 value specified in the request did not match with that calculated.'],
  MissingRequiredHeader: [400, 'An HTTP header that is mandatory for this request is missing.'],
  OutOfRangeQueryParameterValue: [400, 'A query parameter is outside the permissible range.'],
  ParentNotFound: [404, 'The specified parent path does not exist.'],
  RequestBodyTooLarge: [413, 'The request body is too large.'],
  ResourceAlreadyExists: [409, 'The specified resource already exists.'],
  ResourceNotFound: [404, 'The specified resource does not exist.'],
  ResourceTypeMismatch: [409, 'The resource type does not match that of the existing resource.'],
  ServerBusy: [503, 'The server is currently unable to receive requests.'],
  ShareNotFound: [404, 'The specified share does not exist.'],
  UnsupportedHttpVerb: [405, 'The resource does not support the specified HTTP verb.'],
} as const satisfies Record<string, readonly [number, string]>;

export type RefusalCode = keyof typeof REFUSALS;

/** An answer of HTTP. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

export class Refusal extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode) {
    super(code);
    this.code = code;
  }
}

export function refusalReply(code: RefusalCode, requestId: string): Reply {
  const [status, message] = REFUSALS[code];
  const words = `${message}\nRequestId:${requestId}\nTime:${new Date().toISOString()}`;
  return {
    status,
    headers: { 'x-ms-error-code': code, 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${words}</Message></Error>`,
  };
}
