/**
 * The life of a request: copied out of the native callback → route → admission → its plane → one
 * answer → log row. Whatever fails on the way becomes an answer here, and nothing gets out.
 * Invariant: up to where the body is received, nothing awaits; uWebSockets.js drops the body of a
 * request whose handler has returned without asking for it.
 */
import type { HttpRequest, HttpResponse } from 'uWebSockets.js';
import { Admission, type Admitted, BUSY } from './admission.ts';
import type { Answer } from './answer.ts';
import { BodyBounds, bodyTooLarge, declaredBytes } from './body.ts';
import { takesBody } from './controllers.ts';
import { ClientGone, Exchange } from './exchange.ts';
import { failureAnswer, outcomeUnknown } from './failure.ts';
import { liveAnswer, readyAnswer } from './health.ts';
import { HttpError, refused, tryAgain } from './http-error.ts';
import type { HttpOptions, HttpServices } from './options.ts';
import { RecordKeeper } from './logs/record-keeper.ts';
import { Planes } from './planes.ts';
import { requestIdOf } from './request-id.ts';
import { RequestMetrics } from './request-metrics.ts';
import { RequestRecord } from './request-record.ts';
import type { Endpoint } from '../store/endpoint.ts';
import { StoreError } from '../store/results.ts';
import { type HealthRoute, type Route, matchRoute } from './routes.ts';

/** In the log, for a client that closed before its answer (nginx's number). Never sent. */
const CLIENT_GONE_STATUS = 499;

export class Dispatcher {
  readonly admission: Admission;
  readonly metrics = new RequestMetrics();
  readonly #options: HttpOptions;
  readonly #services: HttpServices;
  readonly #planes: Planes;
  readonly #bounds: BodyBounds;
  readonly #records: RecordKeeper;
  /** How to answer, at a stop, those whose work has no deadline. */
  readonly #outlasting = new Set<(reason: Error) => void>();
  #draining = false;

  constructor(options: HttpOptions, services: HttpServices) {
    this.#options = options;
    this.#services = services;
    this.#planes = new Planes(options, services);
    this.#bounds = new BodyBounds(options.limits);
    const { openRuns } = this.#planes;
    this.#records = new RecordKeeper(services.store, openRuns, options);
    this.admission = new Admission(options.limits);
  }

  /**
   * From here on each answer closes its connection, and the server is not ready. Who waits for a
   * snapshot or a restore is answered now: a stop does not wait for them.
   */
  startDraining(): void {
    this.#draining = true;
    this.#planes.startDraining();
    for (const refuse of this.#outlasting) refuse(stopping());
  }

  get followers(): number {
    return this.#planes.followers;
  }

  /** The native handler: an exception here would unwind through native code. */
  accept(response: HttpResponse, request: HttpRequest): void {
    const exchange = new Exchange(response, request);
    const { ids, clock } = this.#services;
    const requestId = requestIdOf(exchange.headers, ids, this.#options.limits.requestIdLength);
    const record = new RequestRecord(this.#records, exchange, requestId, clock.now());
    void this.#serve(exchange, record);
  }

  /** Never rejects. */
  async #serve(exchange: Exchange, record: RequestRecord): Promise<void> {
    let admitted: Admitted | undefined;
    try {
      exchange.headers.check();
      this.#checkTarget(exchange);
      const route = matchRoute(exchange.method, exchange.path);
      record.routeKind = route.kind;
      if (route.kind === 'health') {
        await this.#probe(exchange, record, route);
        return;
      }
      const place = this.#admit(exchange, record, route);
      admitted = place;
      const admitBytes = (bytes: number): HttpError | undefined => this.#admitBytes(place, bytes);
      const admitOperations = (count: number): void => this.#admitOperations(place, count);
      const join = (endpoint: Endpoint): void => this.#join(place, endpoint);
      const outlast = (work: Promise<Answer>): Promise<Answer> => this.#outlast(place, work);
      const routed = { exchange, record, join, admitBytes, admitOperations, outlast };
      const answer = await this.#planes.answer(routed, route);
      this.#finish(exchange, record, answer);
    } catch (error) {
      this.#fail(exchange, record, error);
    } finally {
      if (admitted !== undefined) this.admission.leave(admitted);
    }
  }

  #checkTarget(exchange: Exchange): void {
    const { targetBytes } = this.#options.limits;
    if (exchange.target.length <= targetBytes) return;
    throw new HttpError(414, `path and query may have ${String(targetBytes)} characters together`);
  }

  async #probe(exchange: Exchange, record: RequestRecord, { probe }: HealthRoute): Promise<void> {
    const answer =
      probe === 'live' ? liveAnswer() : await readyAnswer(this.#services.readiness, this.#draining);
    exchange.answer(answer, record.requestId, this.#draining);
  }

  /** @throws HttpError 413 by Content-Length, before a byte is read; 503 when too many are here */
  #admit(exchange: Exchange, record: RequestRecord, route: Route): Admitted {
    const bound = this.#bounds.of(route);
    const declared = takesBody(exchange.method) ? (declaredBytes(exchange.headers) ?? 0) : 0;
    if (declared > bound.bytesMax) throw bodyTooLarge(bound);
    const admitted = this.admission.enter(record.time, declared, () => {
      this.#expire(exchange, record, route);
    });
    if (admitted === undefined) throw refused(BUSY);
    return admitted;
  }

  /** Undefined: there is room for the body so far. A declared length was admitted at once. */
  #admitBytes(admitted: Admitted, bytes: number): HttpError | undefined {
    const more = bytes - admitted.bytes;
    const refusal = more <= 0 ? undefined : this.admission.grow(admitted, more);
    return refusal && refused(refusal, true);
  }

  /** @throws HttpError 503 or 429 when a bulk holds more than there is room for */
  #admitOperations(admitted: Admitted, count: number): void {
    const refusal = this.admission.growTo(admitted, count);
    if (refusal !== undefined) throw refused(refusal);
  }

  /** @throws HttpError 429 when the endpoint has its share */
  #join(admitted: Admitted, { id, settings }: Endpoint): void {
    const refusal = this.admission.join(admitted, id, settings, this.#services.clock.now());
    if (refusal !== undefined) throw refused(refusal);
  }

  #outlast(admitted: Admitted, work: Promise<Answer>): Promise<Answer> {
    this.admission.liftDeadline(admitted);
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#outlasting.add(reject);
    work.then(resolve, reject).finally(() => this.#outlasting.delete(reject));
    if (this.#draining) reject(stopping());
    return promise;
  }

  /** At the deadline: a late body is the client's doing, anything else is ours. */
  #expire(exchange: Exchange, record: RequestRecord, { kind }: Route): void {
    const late = new HttpError(408, 'the body did not arrive in time', { closesConnection: true });
    if (exchange.interrupt(late)) return;
    const takes = takesBody(exchange.method) || exchange.method === 'DELETE';
    const changes = takes && kind !== 'search';
    this.#fail(exchange, record, changes ? outcomeUnknown() : tryAgain('the server is too slow'));
  }

  #finish(exchange: Exchange, record: RequestRecord, answer: Answer): void {
    const sent = exchange.answer(answer, record.requestId, this.#draining);
    // Answered at the deadline, and logged then.
    if (!sent && exchange.sentStatus !== undefined) return;
    const status = sent ? answer.status : CLIENT_GONE_STATUS;
    this.#logAndCount(exchange, record, status, answer.detail, sent ? answer : undefined);
  }

  #logAndCount(
    { method }: Exchange,
    record: RequestRecord,
    status: number,
    detail: string | undefined,
    answer: Answer | undefined,
  ): void {
    // Told at the deadline already, when the client had gone before it.
    if (record.isTold) return;
    record.isTold = true;
    const now = this.#services.clock.now();
    this.metrics.observe(record.routeKind, method, status, now - record.time);
    record.answered({ status, now, detail, answer });
  }

  /** Never throws. */
  #fail(exchange: Exchange, record: RequestRecord, error: unknown): void {
    const { log } = this.#services;
    try {
      if (error instanceof ClientGone || isAbandoned(error)) {
        this.#logAndCount(exchange, record, CLIENT_GONE_STATUS, error.message, undefined);
      } else {
        this.#finish(exchange, record, failureAnswer(error, record.requestId, log));
      }
    } catch (failure) {
      log.error({ err: failure, requestId: record.requestId }, 'a failure could not be answered');
      exchange.abandon();
    }
  }
}

/** The store has found out first that the client has gone. */
function isAbandoned(error: unknown): error is StoreError {
  return error instanceof StoreError && error.code === 'abandoned';
}

function stopping(): HttpError {
  return new HttpError(503, 'the server is stopping; its log tells how this ended');
}
