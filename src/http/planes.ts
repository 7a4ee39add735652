/**
 * What stands between a routed request and its controller, for each plane: discovery asks for an
 * active endpoint, SCIM for a token and an active endpoint, admin for a token. Bodies are received
 * last, so that who may not come in cannot make us read.
 * Invariant: nothing awaits before the body is received (see dispatcher.ts).
 */
import { hashSecret } from '../platform/secret-hash.ts';
import { ScimError, notFound } from '../scim/errors.ts';
import type { JsonValue } from '../scim/json.ts';
import type { Endpoint } from '../store/endpoint.ts';
import type { BodyChecks } from './admin/body-checks.ts';
import type { AdmitBytes } from './admission.ts';
import type { Answer } from './answer.ts';
import { type Authenticator, sharedSecretAuthenticator } from './auth.ts';
import { baseUrl } from './base-url.ts';
import { BodyBounds, parseJsonBody, receiveBody } from './body.ts';
import {
  adminTakesBody,
  answerAdmin,
  answerScim,
  outlastsDeadline,
  takesBody,
} from './controllers.ts';
import { CursorSeal } from './cursors.ts';
import type { Exchange } from './exchange.ts';
import { requireJsonContent } from './negotiation.ts';
import type { HttpLimits, HttpOptions, HttpServices } from './options.ts';
import { parseQuery } from './query.ts';
import type { RequestRecord } from './request-record.ts';
import type {
  AdminRoute,
  DiscoveryRoute,
  HealthRoute,
  Route,
  ScimRoot,
  ScimRoute,
} from './routes.ts';
import { readDiscovery } from './scim/discovery.ts';
import { SecretHasher } from './secret-hasher.ts';
import { Tenants } from './tenant.ts';

/** A request on its way to its controller. */
export interface Routed {
  readonly exchange: Exchange;
  readonly record: RequestRecord;
  /** Asked for each piece of the body. */
  readonly admitBytes: AdmitBytes;
  /** Asked by a bulk, with its operations. @throws HttpError 503 */
  readonly admitOperations: (count: number) => void;
  /** The work's answer, however long it takes; a stop is not held up by it. */
  readonly outlast: (work: Promise<Answer>) => Promise<Answer>;
}

export class Planes {
  readonly #options: HttpOptions;
  readonly #services: HttpServices;
  readonly #authenticator: Authenticator;
  readonly #tenants = new Tenants();
  readonly #bounds: BodyBounds;
  readonly #secrets: SecretHasher;
  readonly #cursors: CursorSeal;
  #checks: Promise<BodyChecks> | undefined;

  constructor(options: HttpOptions, services: HttpServices) {
    this.#options = options;
    this.#services = services;
    const { sharedSecret, limits } = options;
    this.#bounds = new BodyBounds(limits);
    this.#authenticator = sharedSecretAuthenticator(sharedSecret, limits.headerTokenBytes);
    this.#secrets = new SecretHasher(hashSecret, limits, services.clock);
    this.#cursors = new CursorSeal(sharedSecret, services.clock, limits);
  }

  /** Rejects with ScimError, StoreError, ClientGone, or what nobody foresaw. */
  answer(routed: Routed, route: Exclude<Route, HealthRoute>): Promise<Answer> {
    switch (route.kind) {
      case 'serviceProviderConfig':
      case 'resourceTypes':
      case 'schemas':
        return this.#discovery(routed, route);
      case 'resources':
      case 'resource':
      case 'root':
      case 'search':
      case 'me':
      case 'bulk':
        return this.#scim(routed, route);
      default:
        return this.#admin(routed, route);
    }
  }

  // Async so that it rejects where it would throw; there is nothing to wait for.
  // eslint-disable-next-line @typescript-eslint/require-await
  async #discovery({ exchange, record }: Routed, route: DiscoveryRoute): Promise<Answer> {
    const endpoint = active(this.#endpoint(record, route.root), route.root);
    const request = {
      tenant: this.#tenants.of(endpoint),
      base: this.#base(exchange, route.root),
      query: exchange.query,
      limits: this.#options.limits,
    };
    return readDiscovery(request, route);
  }

  async #scim(routed: Routed, route: ScimRoute): Promise<Answer> {
    const { exchange, record } = routed;
    // Looked up first, so that a refused token is found in the endpoint's log.
    const known = this.#endpoint(record, route.root);
    this.#authenticator.authenticate(exchange.headers, 'scim');
    const endpoint = active(known, route.root);
    record.profile = endpoint.profile;
    const { store, ids, clock, log } = this.#services;
    const request = {
      endpoint,
      tenant: this.#tenants.of(endpoint),
      base: this.#base(exchange, route.root),
      headers: exchange.headers,
      query: parseQuery(exchange.query),
      record,
      caller: exchange,
      explains: this.#explains(exchange),
      store,
      ids,
      clock,
      log,
      limits: this.#options.limits,
      cursors: this.#cursors,
      admitOperations: routed.admitOperations,
      hashSecret: this.#secrets.hash,
    };
    const body = takesBody(exchange.method) ? await this.#receiveJson(routed, route) : undefined;
    return answerScim(request, route, exchange.method, body);
  }

  async #admin(routed: Routed, route: AdminRoute): Promise<Answer> {
    const { exchange, record } = routed;
    this.#authenticator.authenticate(exchange.headers, 'admin');
    const { store, ids, backup, statistics, metrics } = this.#services;
    const query = parseQuery(exchange.query);
    const checks = (): Promise<BodyChecks> => (this.#checks ??= loadChecks(this.#options.limits));
    const request = { store, ids, backup, statistics, metrics, record, query, checks };
    const takes = adminTakesBody(route, exchange.method);
    const body = takes ? await this.#receiveJson(routed, route) : undefined;
    const answer = answerAdmin(request, route, exchange.method, body);
    return outlastsDeadline(route, body) ? routed.outlast(Promise.resolve(answer)) : answer;
  }

  async #receiveJson({ exchange, record, admitBytes }: Routed, route: Route): Promise<JsonValue> {
    const bound = this.#bounds.of(route);
    requireJsonContent(exchange.headers.get('content-type'));
    const { text, bytes } = await receiveBody(exchange, bound, admitBytes);
    record.bodyBytes = bytes;
    return parseJsonBody(text, this.#options.limits);
  }

  /** Plans tell of an endpoint's size and indexes. @throws HttpError 401 for whom they are not */
  #explains({ headers }: Exchange): boolean {
    if (headers.get('x-scim-explain') !== '1') return false;
    this.#authenticator.authenticate(headers, 'admin');
    return true;
  }

  #endpoint(record: RequestRecord, root: ScimRoot): Endpoint | undefined {
    const endpoint = this.#services.store.endpoint(root.endpoint);
    record.endpointId = endpoint?.id;
    return endpoint;
  }

  #base(exchange: Exchange, root: ScimRoot): string {
    return `${baseUrl(exchange.headers, this.#options)}${root.path}`;
  }
}

/**
 * Imported when an administrator first writes: TypeBox is hundreds of files, and reading them would
 * double the time from start to the first answer.
 */
async function loadChecks(limits: HttpLimits): Promise<BodyChecks> {
  const { compileBodyChecks } = await import('./admin/body-checks.ts');
  return compileBodyChecks(limits);
}

/** @throws ScimError 404 unknown, 403 inactive */
function active(endpoint: Endpoint | undefined, root: ScimRoot): Endpoint {
  if (endpoint === undefined)
    throw notFound(`no endpoint is called ${JSON.stringify(root.endpoint)}`);
  if (!endpoint.active) throw new ScimError(403, `the endpoint ${endpoint.name} is inactive`);
  return endpoint;
}
