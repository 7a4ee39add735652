/** What a controller of the admin plane is given; the token has been checked. */
import type { Store } from '../../store/store.ts';
import type { BackupPort, DatabaseStatistics, IdSource, Metrics } from '../ports.ts';
import type { QueryParameters } from '../query.ts';
import type { RequestRecord } from '../request-record.ts';
import type { BodyChecks } from './body-checks.ts';

export interface AdminRequest {
  readonly store: Store;
  readonly backup: BackupPort;
  readonly statistics: DatabaseStatistics;
  readonly metrics: Metrics;
  readonly ids: IdSource;
  readonly record: RequestRecord;
  readonly query: QueryParameters;
  /** Loaded when first asked for. */
  readonly checks: () => Promise<BodyChecks>;
}
