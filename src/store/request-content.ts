/** A string, or UTF-8 that holds until the call returns: whoever keeps it copies it. */
export type ContentText = string | Uint8Array;

/** What a request and its answer said in full, for a row of the request log; secrets are masked in it. */
export interface RequestContent {
  /** `contentKey` of the row, which is handed over first. */
  readonly key: number;
  /** Of the row. */
  readonly endpointId: string | undefined;
  /** `[name, value][]` as JSON text. */
  readonly requestHeaders: string;
  readonly requestBody: ContentText | undefined;
  /** `[name, value][]` as JSON text. */
  readonly responseHeaders: string;
  readonly responseBody: ContentText | undefined;
  /** Of the answer's body, before it was cut. */
  readonly responseBytes: number | undefined;
}
