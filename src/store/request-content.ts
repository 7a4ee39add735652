/** What a request and its answer said in full, for a row of the request log; secrets are masked in it. */
export interface RequestContent {
  /** `contentKey` of the row, which is handed over first. */
  readonly key: number;
  /** `[name, value][]` as JSON text. */
  readonly requestHeaders: string;
  readonly requestBody: string | undefined;
  /** `[name, value][]` as JSON text. */
  readonly responseHeaders: string;
  readonly responseBody: string | undefined;
  /** Of the answer's body, before it was cut. */
  readonly responseBytes: number | undefined;
}
