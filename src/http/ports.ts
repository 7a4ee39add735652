/**
 * What http asks of anyone but the store. `system.ts` hands in who answers; tests hand in stand-ins.
 */

/** Whether requests may be served; behind `/health/ready`. */
export interface Readiness {
  /** Undefined when ready, else one line that says why not. */
  notReadyBecause(): Promise<string | undefined>;
}

/** A clock that a test can set. Milliseconds since 1970, with a fraction. */
export interface Clock {
  now(): number;
}

/** Fresh resource and request ids (UUIDv7). */
export interface IdSource {
  next(): string;
}

/** Where a fault of ours is told; pino has this shape. */
export interface Log {
  error(fields: object, message: string): void;
}
