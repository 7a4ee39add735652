/**
 * What the SCIM controllers are given: a request that is authenticated, whose endpoint is known and
 * active, and whose body is JSON. It holds nothing native and outlives the connection.
 */
import type { JsonValue } from '../../scim/json.ts';
import type { HashSecret } from '../../scim/resource/secrets.ts';
import type { Endpoint } from '../../store/endpoint.ts';
import type { Caller } from '../../store/queries.ts';
import type { Store } from '../../store/store.ts';
import type { CursorSeal } from '../cursors.ts';
import type { RequestHeaders } from '../header-guard.ts';
import type { HttpLimits } from '../options.ts';
import type { Clock, IdSource, Log } from '../ports.ts';
import type { QueryParameters } from '../query.ts';
import type { RequestRecord } from '../request-record.ts';
import type { Tenant } from '../tenant.ts';

export interface ScimRequest {
  readonly endpoint: Endpoint;
  readonly tenant: Tenant;
  /** What locations begin with, in the form the client used: `https://host/scim/v2`. */
  readonly base: string;
  readonly headers: RequestHeaders;
  readonly query: QueryParameters;
  readonly record: RequestRecord;
  /** For reads that may take long: whether anybody still waits for the answer. */
  readonly caller: Caller;
  /** Of the token, for `/Me`; undefined: it has none. */
  readonly subject: string | undefined;
  /** Whether a query is to be answered with how it is answered; only for an administrator. */
  readonly explains: boolean;
  readonly store: Store;
  readonly ids: IdSource;
  readonly limits: HttpLimits;
  readonly cursors: CursorSeal;
  readonly clock: Clock;
  /** Where a fault of ours is told that is not the whole request's. */
  readonly log: Log;
  /** Makes room for the operations of a bulk. @throws HttpError 503 */
  readonly admitOperations: (count: number) => void;
  /** For what the schema calls secret; it waits its turn. @throws HttpError 503 */
  readonly hashSecret: HashSecret;
}

/** A request with a body. */
export interface ScimBodyRequest extends ScimRequest {
  readonly body: JsonValue;
}
