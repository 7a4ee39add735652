/**
 * Changes of schemas beside the traffic of their endpoint. Stored resources are looked at far from
 * the writer, which then applies the change only if nothing was written meanwhile; else they are
 * looked at again, a few times. Documents that were read by the old schemas must not reach the writer
 * behind the change: while it is on its way they wait, and then find that they are out of date.
 */
import { LIMITS } from './platform/limits.ts';
import type { UpdateEndpointCommand, Verdict } from './store/commands.ts';
import { StoreError, type WriteResult } from './store/results.ts';

export interface ProfileUpdateSteps {
  /** Has the command carried out; when it resolves, readers know of the change. */
  write(command: UpdateEndpointCommand): Promise<WriteResult>;
  /** Looks whether all stored resources fit. @param config that of the command, as JSON text */
  check(command: UpdateEndpointCommand, config: string): Promise<Verdict>;
}

export class ProfileUpdates {
  readonly #steps: ProfileUpdateSteps;
  /** By endpoint, the end of the last update that was asked for: they go one after the other. */
  readonly #turns = new Map<string, Promise<unknown>>();
  /** By endpoint, the update that is on its way to the writer. */
  readonly #landing = new Map<string, Promise<unknown>>();
  /** By endpoint, how many bulks are under way: their documents have been read already. */
  readonly #bulks = new Map<string, number>();

  constructor(steps: ProfileUpdateSteps) {
    this.#steps = steps;
  }

  /** Undefined: no change of the endpoint is on its way. Never rejects. */
  landing(endpointId: string): Promise<unknown> | undefined {
    return this.#landing.get(endpointId);
  }

  /** Resolves when no change of the endpoint is on its way. */
  async landed(endpointId: string): Promise<void> {
    for (;;) {
      const landing = this.#landing.get(endpointId);
      if (landing === undefined) return;
      await landing;
    }
  }

  /** Keeps changes that concern stored resources away until the bulk has ended. */
  async duringBulk<T>(endpointId: string, bulk: () => Promise<T>): Promise<T> {
    this.#bulks.set(endpointId, this.#bulksOf(endpointId) + 1);
    try {
      return await bulk();
    } finally {
      const left = this.#bulksOf(endpointId) - 1;
      if (left > 0) this.#bulks.set(endpointId, left);
      else this.#bulks.delete(endpointId);
    }
  }

  /**
   * Carries out an update with a config.
   * @throws ScimError 409 when stored resources do not fit it; StoreError `contended`
   */
  async run(command: UpdateEndpointCommand): Promise<WriteResult> {
    const { endpointId } = command;
    const before = this.#turns.get(endpointId);
    const work =
      before === undefined ? this.#attempts(command) : before.then(() => this.#attempts(command));
    const turn = work.catch(() => undefined);
    this.#turns.set(endpointId, turn);
    try {
      return await work;
    } finally {
      if (this.#turns.get(endpointId) === turn) this.#turns.delete(endpointId);
    }
  }

  /** The first attempt finds out whether resources must be looked at, and from when on. */
  async #attempts(command: UpdateEndpointCommand): Promise<WriteResult> {
    const config = JSON.stringify(command.fields.config);
    let attempt = await this.#land(command);
    for (
      let checks = 0;
      attempt === undefined && checks < LIMITS.profileCheckAttempts;
      checks += 1
    ) {
      const verdict = await this.#steps.check(command, config);
      if (this.#bulksOf(command.endpointId) > 0) continue;
      attempt = await this.#land({ ...command, verdict });
    }
    if (attempt !== undefined) return attempt;
    throw new StoreError(
      'contended',
      'resources of the endpoint were written while they were checked against the new schemas; nothing was done: set the endpoint inactive and try again',
    );
  }

  /** Undefined: the writer wants resources looked at first. */
  async #land(command: UpdateEndpointCommand): Promise<WriteResult | undefined> {
    const { endpointId } = command;
    const written = this.#steps.write(command);
    this.#landing.set(
      endpointId,
      written.catch(() => undefined),
    );
    try {
      return await written;
    } catch (error) {
      if (error instanceof StoreError && error.code === 'contended') return undefined;
      throw error;
    } finally {
      this.#landing.delete(endpointId);
    }
  }

  #bulksOf(endpointId: string): number {
    return this.#bulks.get(endpointId) ?? 0;
  }
}
