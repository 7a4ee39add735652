/**
 * The row of the request log, from the first byte of a request to its answer. A request is logged
 * once: with its write, in the transaction that makes it durable, or after its answer when it
 * wrote nothing. What it said in full follows its row, if the endpoint wants it, after the answer.
 * Nothing goes into either but through the masks of `logs/`.
 */
import { ScimError } from '../scim/errors.ts';
import type { JsonValue } from '../scim/json.ts';
import type { Profile } from '../scim/schema/registry.ts';
import type { BulkCommand, Command, RequestLogEntry } from '../store/commands.ts';
import type { Endpoint, RequestLogLevel } from '../store/endpoint.ts';
import type { BulkResult, WriteResult } from '../store/results.ts';
import type { Answer } from './answer.ts';
import type { ReceivedBody } from './body.ts';
import { HIDDEN } from './logs/masks.ts';
import type { Asked, RecordKeeper } from './logs/record-keeper.ts';
import { whoInBody, whoInQuery } from './logs/who.ts';
import type { Route } from './routes.ts';

/** The routes whose headers and bodies may be logged: of the others some answer with secrets. */
const WITH_CONTENT: ReadonlySet<Route['kind'] | undefined> = new Set<Route['kind']>([
  'root',
  'search',
  'resources',
  'resource',
  'me',
  'bulk',
  'serviceProviderConfig',
  'resourceTypes',
  'schemas',
]);

/** How a request was answered. */
export interface Answered {
  readonly status: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly detail: string | undefined;
  /** Undefined: nobody was there any more. */
  readonly answer: Answer | undefined;
}

export class RequestRecord {
  readonly #keeper: RecordKeeper;
  readonly #asked: Asked;
  readonly requestId: string;
  /** Milliseconds since 1970, with a fraction. */
  readonly time: number;
  endpointId: string | undefined;
  /** Who sent it, once its token was found good: a credential, or 'operator'. */
  credentialId: string | undefined;
  /** For the metrics; undefined: no route was found. */
  routeKind: Route['kind'] | undefined;
  /** Whether it has been logged and counted: each request is once. */
  isTold = false;
  /** What the request's resources are read by. */
  profile: Profile | undefined;
  /** Name of the type of resource that it is about. */
  resourceType: string | undefined;
  resourceId: string | undefined;
  bodyBytes = 0;
  readonly #address: string | undefined;
  #endpoint: Endpoint | undefined;
  #level: RequestLogLevel | undefined;
  #body: ReceivedBody | undefined;
  #json: JsonValue | undefined;
  #queryHidden = false;
  #bodyNamesSecret = false;
  #bodyShowsCredential = false;
  #contentKey: number | undefined;
  #loggedByWriter = false;

  /** To be made while the response is open: the address is read from it. */
  constructor(keeper: RecordKeeper, asked: Asked, requestId: string, time: number) {
    this.#keeper = keeper;
    this.#asked = asked;
    this.requestId = requestId;
    this.time = time;
    this.#address = keeper.addressOf(asked);
  }

  /** The time of the request for what is stored: whole milliseconds. */
  get now(): number {
    return Math.floor(this.time);
  }

  /** To whom the request came; its setting says what is logged, or a run that is under way. */
  set endpoint(endpoint: Endpoint | undefined) {
    this.#endpoint = endpoint;
    this.endpointId = endpoint?.id;
    this.#level = endpoint && this.#keeper.levelOf(endpoint);
  }

  /** Up to which size a body is to be kept as it comes. */
  get rawBytesMax(): number {
    return this.#mayHaveContent ? this.#keeper.bodyBytesMax : 0;
  }

  /** The body; kept only if it may be logged. */
  received(body: ReceivedBody): void {
    this.bodyBytes = body.bytes;
    this.#bodyNamesSecret = this.#keeper.namesSecret(body.text, this.#endpoint?.profile);
    this.#bodyShowsCredential = this.#keeper.showsCredential(this.#asked, body.text);
    if (this.#mayHaveContent) this.#body = body;
  }

  /** The body, parsed. */
  parsed(json: JsonValue): JsonValue {
    this.#json = json;
    return json;
  }

  /** The query holds a secret, which no log may. */
  hideQuery(): void {
    this.#queryHidden = true;
  }

  /** The row that travels with a command, with the status that its success will have. */
  onSuccess(status: number): RequestLogEntry | undefined {
    if (this.#isOff) return undefined;
    // What the writer has to tell may quote the request: where that is hidden, it is not told.
    const hidden = this.#bodyShowsCredential ? HIDDEN : undefined;
    const detail = this.#namesSecret ? HIDDEN : hidden;
    return { ...this.#entry(status, undefined, detail), who: hidden };
  }

  /**
   * Carries out a command that carries this record's row.
   * @throws ScimError decided, and logged, in the writer
   * @throws StoreError: the writer logged nothing, or nobody knows
   */
  async write(command: Command): Promise<WriteResult> {
    try {
      const result = await this.#keeper.store.write(command, this.profile);
      this.#loggedByWriter = true;
      return result;
    } catch (error) {
      this.#loggedByWriter = error instanceof ScimError;
      throw error;
    }
  }

  /**
   * Carries out a bulk that carries this record's row; its detail will be the sum of it.
   * @throws StoreError: nothing was done and the writer logged nothing, or nobody knows
   */
  async writeBulk(command: BulkCommand): Promise<BulkResult> {
    const result = await this.#keeper.store.writeBulk(command, this.profile);
    this.#loggedByWriter = true;
    return result;
  }

  /** After the answer. What the writer has logged already gets its content only. */
  answered({ status, now, detail, answer }: Answered): void {
    this.#endRaise();
    if (this.#isOff) return;
    if (!this.#loggedByWriter) {
      const { query } = this.#asked;
      const { filterLength } = this.#keeper;
      const who = this.#queryHidden ? undefined : whoInQuery(query, filterLength);
      this.#keeper.store.log({
        ...this.#entry(status, now - this.time, this.#shownDetail(detail)),
        who: this.#keeper.column(this.#asked, who ?? whoInBody(this.#json, filterLength)),
        resourceType: this.resourceType,
        resourceId: this.#keeper.column(this.#asked, this.resourceId),
        responseBytes: this.#asked.sentBytes,
      });
    }
    if (this.#contentKey !== undefined && this.#wantsContent(status)) {
      this.#logContent(this.#contentKey, answer);
    }
  }

  /** A run that was under way when the request came may have ended: nothing is logged in full behind it. */
  #endRaise(): void {
    const endpoint = this.#endpoint;
    if (endpoint === undefined || this.#level === endpoint.settings.requestLog) return;
    this.#level = this.#keeper.levelOf(endpoint);
  }

  /** An error quotes what the client sent. */
  #shownDetail(detail: string | undefined): string | undefined {
    if (detail === undefined) return undefined;
    return this.#namesSecret ? HIDDEN : this.#keeper.column(this.#asked, detail);
  }

  /** Whether the masks may hide something of what was asked. */
  get #namesSecret(): boolean {
    if (this.#queryHidden || this.#bodyNamesSecret) return true;
    return this.#keeper.isQueryMasked(this.#asked, this.#endpoint?.profile);
  }

  #entry(
    status: number,
    durationMs: number | undefined,
    detail: string | undefined,
  ): RequestLogEntry {
    const asked = this.#asked;
    if (this.#wantsContent(status)) this.#contentKey ??= this.#keeper.nextContentKey();
    return {
      time: this.time,
      requestId: this.#keeper.withoutCredential(asked, this.requestId),
      endpointId: this.endpointId,
      method: asked.method,
      target: this.#queryHidden
        ? `${asked.path}?(hidden)`
        : this.#keeper.targetOf(asked, this.#endpoint?.profile),
      requestBytes: this.bodyBytes,
      status,
      durationMs,
      detail,
      credentialId: this.credentialId,
      userAgent: this.#keeper.userAgentOf(asked),
      address: this.#address,
      contentKey: this.#contentKey,
    };
  }

  get #isOff(): boolean {
    return this.#level === 'off' && WITH_CONTENT.has(this.routeKind);
  }

  get #mayHaveContent(): boolean {
    return this.#level === 'auto' || this.#level === 'full';
  }

  #wantsContent(status: number): boolean {
    if (!WITH_CONTENT.has(this.routeKind)) return false;
    if (this.#level === 'full') return true;
    return this.#level === 'auto' && (status >= 400 || this.#mayChange());
  }

  #mayChange(): boolean {
    const { method } = this.#asked;
    return method !== 'GET' && method !== 'HEAD' && this.routeKind !== 'search';
  }

  #logContent(key: number, answer: Answer | undefined): void {
    const asked = this.#asked;
    const keeper = this.#keeper;
    const profile = this.#endpoint?.profile;
    const { sentBytes, sentBody } = asked;
    const received = this.#body;
    const body = answer?.body;
    const isNamed = {
      namesSecret: this.#bodyNamesSecret,
      showsCredential: this.#bodyShowsCredential,
    };
    keeper.store.logContent({
      key,
      endpointId: this.endpointId,
      requestHeaders: keeper.requestHeaders(asked),
      requestBody:
        received === undefined
          ? undefined
          : keeper.requestBody(asked, { ...received, ...isNamed, json: this.#json }, profile),
      responseHeaders:
        answer === undefined ? '[]' : keeper.responseHeaders(asked, answer, this.requestId),
      responseBody:
        body === undefined
          ? undefined
          : keeper.responseBody(
              asked,
              { body, sent: sentBody, bytes: sentBytes ?? 0, hidesDetails: this.#namesSecret },
              profile,
            ),
      responseBytes: sentBytes,
    });
  }
}
