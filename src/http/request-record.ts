/**
 * The row of the request log, from the first byte of a request to its answer. A request is logged
 * once: with its write, in the transaction that makes it durable, or after its answer when it
 * wrote nothing. Headers are never part of a row, so no credential can be.
 */
import { ScimError } from '../scim/errors.ts';
import type { Profile } from '../scim/schema/registry.ts';
import type { BulkCommand, Command, RequestLogEntry } from '../store/commands.ts';
import type { BulkResult, WriteResult } from '../store/results.ts';
import type { Store } from '../store/store.ts';

export class RequestRecord {
  readonly #store: Store;
  readonly requestId: string;
  /** Milliseconds since 1970, with a fraction. */
  readonly time: number;
  readonly #method: string;
  #target: string;
  endpointId: string | undefined;
  /** What the request's resources are read by. */
  profile: Profile | undefined;
  bodyBytes = 0;
  #loggedByWriter = false;

  constructor(store: Store, requestId: string, time: number, method: string, target: string) {
    this.#store = store;
    this.requestId = requestId;
    this.time = time;
    this.#method = method;
    this.#target = target;
  }

  /** The time of the request for what is stored: whole milliseconds. */
  get now(): number {
    return Math.floor(this.time);
  }

  /** The query holds a secret, which no log may. */
  hideQuery(): void {
    this.#target = this.#target.replace(/\?.*/s, '?(hidden)');
  }

  /** The row that travels with a command, with the status that its success will have. */
  onSuccess(status: number): RequestLogEntry {
    return this.#entry(status, undefined, undefined);
  }

  /**
   * Carries out a command that carries this record's row.
   * @throws ScimError decided, and logged, in the writer
   * @throws StoreError: the writer logged nothing, or nobody knows
   */
  async write(command: Command): Promise<WriteResult> {
    try {
      const result = await this.#store.write(command, this.profile);
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
    const result = await this.#store.writeBulk(command, this.profile);
    this.#loggedByWriter = true;
    return result;
  }

  /** After the answer. Does nothing when the writer has the row already. */
  answered(status: number, nowMs: number, detail: string | undefined): void {
    if (this.#loggedByWriter) return;
    this.#store.log(this.#entry(status, nowMs - this.time, detail));
  }

  #entry(
    status: number,
    durationMs: number | undefined,
    detail: string | undefined,
  ): RequestLogEntry {
    return {
      time: this.time,
      requestId: this.requestId,
      endpointId: this.endpointId,
      method: this.#method,
      target: this.#target,
      requestBytes: this.bodyBytes,
      status,
      durationMs,
      detail,
    };
  }
}
