/** The bounds of OAuth: part of the one table in limits.ts. */

const KIB = 1024;

export const OAUTH_LIMITS = {
  /** Body of a request for a token; more is 413. */
  tokenRequestBytes: 16 * KIB,
  /** Verified tokens that are remembered; of more the oldest is forgotten, and verified again. */
  knownTokens: 10_000,
  /** Length of all of them together; beyond, the oldest are forgotten. */
  knownTokenBytes: 32 * KIB * KIB,
  /** Tokens being verified; more are 503. A signature takes 0.2 ms of a thread of libuv's pool. */
  tokenVerifications: 256,
  /** By how much another's clock may differ from ours; beyond, a token is too early or too late. */
  tokenLeewaySeconds: 60,
  /** Sets of keys of other issuers that are held; of more the oldest is forgotten. */
  issuerKeySets: 1000,
  /** New tokens that wait for one set of keys; more are 503, so that they never take all places. */
  issuerKeyWaiters: 16,
  /** For an issuer's keys to arrive; beyond, it counts as down. */
  issuerAnswerMs: 5000,
  /** Size of an issuer's keys; more are refused. */
  issuerAnswerBytes: 256 * KIB,
  /** Age at which an issuer's keys are fetched anew, while the old ones go on. */
  issuerKeysFreshMs: 60 * 60_000,
  /** Age at which an issuer's keys are no longer believed while it is down. */
  issuerKeysStaleMs: 24 * 60 * 60_000,
  /** From one fetch of an issuer's keys to the next, however many tokens name unknown keys. */
  issuerRetryMs: 30_000,
} as const;
