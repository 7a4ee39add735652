/** What a controller of the admin plane is given; the token has been checked. */
import type { Store } from '../../store/store.ts';
import type { IssuerHosts } from '../oauth/issuer-fetch.ts';
import type { BackupPort, DatabaseStatistics, IdSource, Metrics, ProcessFacts } from '../ports.ts';
import type { QueryParameters } from '../query.ts';
import type { RequestHeaders } from '../header-guard.ts';
import type { LogPlane } from '../logs/log-plane.ts';
import type { RequestRecord } from '../request-record.ts';
import type { BodyChecks } from './body-checks.ts';

export interface AdminRequest {
  readonly store: Store;
  readonly backup: BackupPort;
  readonly statistics: DatabaseStatistics;
  readonly metrics: Metrics;
  readonly facts: ProcessFacts;
  readonly ids: IdSource;
  readonly issuers: IssuerHosts;
  readonly logs: LogPlane;
  readonly record: RequestRecord;
  readonly headers: RequestHeaders;
  readonly query: QueryParameters;
  /** Loaded when first asked for. */
  readonly checks: () => Promise<BodyChecks>;
}
