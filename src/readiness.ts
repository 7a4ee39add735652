/**
 * Whether this process can take provisioning traffic: the writer comes through its queue, the
 * folder of the database takes a file. Told in one line, for the person who reads the probe.
 */
import { unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readiness } from './http/ports.ts';
import { messageOf } from './platform/thrown.ts';
import type { Store } from './store/store.ts';

export class StoreReadiness implements Readiness {
  readonly #store: Store;
  readonly #probePath: string;
  #stoppedBecause: string | undefined;

  constructor(store: Store, databasePath: string) {
    this.#store = store;
    this.#probePath = join(dirname(databasePath), `.scimlane-ready-${process.pid}`);
  }

  /** Not ready from here on: stopping, or writes have stopped. */
  stop(reason: string): void {
    this.#stoppedBecause ??= reason;
  }

  async notReadyBecause(): Promise<string | undefined> {
    if (this.#stoppedBecause !== undefined) return this.#stoppedBecause;
    try {
      await this.#store.ping();
      await writeFile(this.#probePath, 'ready');
      await unlink(this.#probePath);
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }
}
