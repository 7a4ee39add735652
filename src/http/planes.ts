/**
 * What stands between a routed request and its controller, for each plane: discovery asks for an
 * active endpoint, SCIM for a token and an active endpoint, admin for a token. Bodies are received
 * last, so that who may not come in cannot make us read; only beside a token that has to be verified
 * first they come meanwhile, within the same bounds, because they would be lost otherwise.
 * Invariant: nothing awaits before the body is received (see dispatcher.ts).
 */
import { hashSecret } from '../platform/secret-hash.ts';
import { ScimError, notFound } from '../scim/errors.ts';
import type { JsonValue } from '../scim/json.ts';
import type { Endpoint } from '../store/endpoint.ts';
import type { BodyChecks } from './admin/body-checks.ts';
import type { AdmitBytes } from './admission.ts';
import type { Answer } from './answer.ts';
import { Authenticator } from './auth.ts';
import { baseUrl } from './base-url.ts';
import { BodyBounds, hasBody, parseJsonBody, type ReceivedBody, receiveBody } from './body.ts';
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
import { LogPlane } from './logs/log-plane.ts';
import type { LogRoute } from './logs/routes.ts';
import type { OpenRuns } from './runs/open-runs.ts';
import { Oauth } from './oauth/oauth.ts';
import type { HttpLimits, HttpOptions, HttpServices } from './options.ts';
import type { Principal } from './principal.ts';
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
import { scopeOf } from './scopes.ts';
import { Tenants } from './tenant.ts';

/** A request on its way to its controller. */
export interface Routed {
  readonly exchange: Exchange;
  readonly record: RequestRecord;
  /** Has the endpoint answer for it, whose token it has shown. @throws HttpError 429 */
  readonly join: (endpoint: Endpoint) => void;
  /** Asked for each piece of the body. */
  readonly admitBytes: AdmitBytes;
  /** Asked by a bulk, with its operations. @throws HttpError 503, 429 */
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
  readonly #logPlane: LogPlane;
  readonly #oauth: Oauth;
  #checks: Promise<BodyChecks> | undefined;

  constructor(options: HttpOptions, services: HttpServices) {
    this.#options = options;
    this.#services = services;
    const { sharedSecret, limits } = options;
    this.#logPlane = new LogPlane(options, services);
    this.#oauth = new Oauth(options, services);
    this.#bounds = new BodyBounds(limits);
    const { tokenVerifier = this.#oauth.verifier, ...others } = services;
    this.#authenticator = new Authenticator(options, { ...others, tokenVerifier });
    this.#secrets = new SecretHasher(hashSecret, limits, services.clock);
    this.#cursors = new CursorSeal(sharedSecret, services.clock, limits);
  }

  get followers(): number {
    return this.#logPlane.followers;
  }

  get openRuns(): OpenRuns {
    return this.#logPlane.openRuns;
  }

  /** Ends what would go on for ever: whoever follows the log. */
  startDraining(): void {
    this.#logPlane.close();
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
      case 'logs':
      case 'log':
      case 'logsDownload':
      case 'logsClear':
      case 'logsStream':
      case 'activity':
      case 'activitySummary':
        return this.#logs(routed, route);
      case 'oauthToken':
      case 'oauthKeys':
      case 'oauthMetadata':
        return this.#oauth.answer(routed, route);
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
    const scope = scopeOf(route, exchange.method);
    const entering = this.#authenticator.enter(exchange, known, scope);
    const [principal, received] =
      entering instanceof Promise
        ? await this.#receiveMeanwhile(routed, route, entering)
        : [entering, undefined];
    record.credentialId = principal.kind === 'operator' ? 'operator' : principal.id;
    const endpoint = active(known, route.root);
    routed.join(endpoint);
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
      subject: principal.kind === 'operator' ? undefined : principal.subject,
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
    const body = takesBody(exchange.method)
      ? await this.#receiveJson(routed, route, received)
      : undefined;
    return answerScim(request, route, exchange.method, body);
  }

  /** An endpoint's own log: for whoever manages it, and the operator. */
  async #logs(routed: Routed, route: LogRoute): Promise<Answer> {
    const { exchange, record } = routed;
    const known = this.#endpoint(record, route.root);
    const entering = this.#authenticator.enter(exchange, known, 'scim.manage');
    const principal = entering instanceof Promise ? await entering : entering;
    record.credentialId = principal.kind === 'operator' ? 'operator' : principal.id;
    const endpoint = active(known, route.root);
    routed.join(endpoint);
    const query = parseQuery(exchange.query);
    const { headers } = exchange;
    const credentialId = principal.kind === 'operator' ? undefined : principal.id;
    const reading = { query, headers, endpointId: endpoint.id, credentialId };
    const answer = this.#logPlane.answer(route, reading);
    return route.kind === 'logsClear' ? routed.outlast(answer) : answer;
  }

  async #admin(routed: Routed, route: AdminRoute): Promise<Answer> {
    const { exchange, record } = routed;
    this.#authenticator.enterAsOperator(exchange);
    record.credentialId = 'operator';
    const { store, ids, backup, statistics, metrics, facts } = this.#services;
    const query = parseQuery(exchange.query);
    const checks = (): Promise<BodyChecks> => (this.#checks ??= loadChecks(this.#options.limits));
    const issuers = this.#options.oauth;
    const parts = { store, ids, backup, statistics, metrics, facts, issuers };
    const logs = this.#logPlane;
    const { headers } = exchange;
    const request = { ...parts, logs, record, headers, query, checks };
    const takes = adminTakesBody(route, exchange.method, hasBody(exchange.headers));
    const body = takes ? await this.#receiveJson(routed, route) : undefined;
    const answer = answerAdmin(request, route, exchange.method, body);
    return outlastsDeadline(route, body) ? routed.outlast(Promise.resolve(answer)) : answer;
  }

  /** @param received the body, where it came before its sender was known */
  async #receiveJson(routed: Routed, route: Route, received?: ReceivedBody): Promise<JsonValue> {
    requireJsonContent(routed.exchange.headers.get('content-type'));
    const { text } = received ?? (await this.#receive(routed, route));
    return routed.record.parsed(parseJsonBody(text, this.#options.limits));
  }

  async #receive({ exchange, record, admitBytes }: Routed, route: Route): Promise<ReceivedBody> {
    const { rawBytesMax } = record;
    const bound = this.#bounds.of(route);
    const received = await receiveBody(exchange, bound, admitBytes, rawBytesMax);
    record.received(received);
    return received;
  }

  /**
   * A token takes its time to be verified, and a body that nobody asks for is lost: it is received
   * meanwhile, bounded and counted as any other; the answer to a wrong token ends it. Whichever fails
   * first is the answer: a client that goes away is not waited for.
   */
  async #receiveMeanwhile(
    routed: Routed,
    route: Route,
    entering: Promise<Principal>,
  ): Promise<readonly [Principal, ReceivedBody | undefined]> {
    const takes = takesBody(routed.exchange.method);
    return Promise.all([entering, takes ? this.#receive(routed, route) : undefined]);
  }

  /** Plans tell of an endpoint's size and indexes. @throws HttpError 401 for whom they are not */
  #explains(exchange: Exchange): boolean {
    if (exchange.headers.get('x-scim-explain') !== '1') return false;
    this.#authenticator.enterAsOperator(exchange);
    return true;
  }

  #endpoint(record: RequestRecord, root: ScimRoot): Endpoint | undefined {
    const endpoint = this.#services.store.endpoint(root.endpoint);
    record.endpoint = endpoint;
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
