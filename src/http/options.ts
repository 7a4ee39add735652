/** What the front end is told at start. Its bounds are those of `platform/limits.ts`. */
import type { BulkLimits } from '../scim/messages/bulk-request.ts';
import type { FilterLimits } from '../scim/filter/parse.ts';
import type { LIMITS } from '../platform/limits.ts';
import type { OauthConfig } from '../platform/oauth-config.ts';
import type { LOG_LIMITS } from '../platform/log-limits.ts';
import type { OAUTH_LIMITS } from '../platform/oauth-limits.ts';
import type { TlsFiles } from '../platform/tls-config.ts';
import type { Store } from '../store/store.ts';
import type { TokenVerifier } from './token-verifier.ts';
import type {
  BackupPort,
  Clock,
  DatabaseStatistics,
  IdSource,
  Log,
  Metrics,
  ProcessFacts,
  Readiness,
  RequestLogs,
  ResourceNames,
} from './ports.ts';

export type HttpLimits = Readonly<
  Record<
    keyof Pick<
      typeof LIMITS,
      | 'bodyBytes'
      | 'jsonDepth'
      | 'jsonObjectKeys'
      | 'jsonNames'
      | 'targetBytes'
      | 'headerTokenBytes'
      | 'headerBlockBytes'
      | 'requestIdLength'
      | 'filterLength'
      | 'filterDepth'
      | 'filterNodes'
      | 'patchOperations'
      | 'bulkOperations'
      | 'bulkBudgetMs'
      | 'pageSizeDefault'
      | 'pageSizeMax'
      | 'cursorTimeoutSeconds'
      | 'cursorLength'
      | 'indexedAttributes'
      | 'profileSchemas'
      | 'profileAttributes'
      | 'profileResourceTypes'
      | 'profileListLength'
      | 'profileNameLength'
      | 'profileTextLength'
      | 'inFlightRequests'
      | 'inFlightBytes'
      | 'secretHashes'
      | 'secretsWaiting'
      | 'secretWaitMs'
      | 'requestDeadlineMs'
      | 'slowSearchMs'
      | 'tlsLookMs'
      | 'credentialNoteMs'
      | 'failedAttempts'
      | 'failedAttemptMs'
      | 'failedAddresses'
      | 'doubtfulTokens'
      | keyof typeof LOG_LIMITS
      | keyof typeof OAUTH_LIMITS
    >,
    number
  >
>;

/** Those that say what a body may be. */
export type BodyLimits = Pick<HttpLimits, 'bodyBytes' | 'bulkOperations' | 'tokenRequestBytes'>;

export interface HttpOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** The bearer token of every client. */
  readonly sharedSecret: string;
  /** Without trailing slash; undefined: locations follow the request. */
  readonly publicUrl: string | undefined;
  /** Whether `X-Forwarded-Proto`, `-Host` and the end of `X-Forwarded-For` are believed. */
  readonly trustProxy: boolean;
  /** Undefined: HTTP. */
  readonly tls?: TlsFiles | undefined;
  readonly oauth: OauthConfig;
  readonly limits: HttpLimits;
}

/** Who the front end works with. */
export interface HttpServices {
  readonly store: Store;
  readonly readiness: Readiness;
  readonly backup: BackupPort;
  readonly statistics: DatabaseStatistics;
  readonly logs: RequestLogs;
  readonly names: ResourceNames;
  readonly metrics: Metrics;
  readonly facts: ProcessFacts;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  /** In place of the one for our own tokens and those of the issuers that endpoints trust. */
  readonly tokenVerifier?: TokenVerifier;
}

/** The bounds of a bulk in the words of its parser and of ServiceProviderConfig. */
export function bulkLimits({ bulkOperations, bodyBytes }: BodyLimits): BulkLimits {
  return { maxOperations: bulkOperations, maxPayloadBytes: bodyBytes };
}

/** The bounds of a filter in the words of its parser; a PATCH path may hold one too. */
export function filterLimits(limits: HttpLimits): FilterLimits {
  return {
    maxLength: limits.filterLength,
    maxDepth: limits.filterDepth,
    maxNodes: limits.filterNodes,
  };
}
