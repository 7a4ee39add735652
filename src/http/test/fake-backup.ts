/** A keeper of backups for the tests of http: it says what it was asked, and can wait or refuse. */
import type { JsonObject } from '../../scim/json.ts';
import type { BackupPort, RestoreTarget } from '../ports.ts';

export class FakeBackup implements BackupPort {
  readonly asked: string[] = [];
  readonly targets: RestoreTarget[] = [];
  /** Awaited before anything is answered. */
  gate: Promise<void> = Promise.resolve();
  /** Thrown by the next call instead of its answer. */
  failWith: Error | undefined;

  stats(): Promise<JsonObject> {
    return this.#answer('stats', { mode: 'folder' });
  }

  trigger(): Promise<JsonObject> {
    return this.#answer('trigger', { name: 'snapshots/7.db.zst', position: 7 });
  }

  snapshots(): Promise<JsonObject[]> {
    return this.#answer('snapshots', [{ position: 7 }]);
  }

  restorePoints(): Promise<JsonObject[]> {
    return this.#answer('restorePoints', [{ fromPosition: 1, toPosition: 7 }]);
  }

  verify(): Promise<JsonObject> {
    return this.#answer('verify', { ok: false, problems: ['snapshots/7.db.zst is damaged'] });
  }

  restore(target: RestoreTarget): Promise<JsonObject> {
    this.targets.push(target);
    return this.#answer('restore', { position: 5 });
  }

  async #answer<T>(question: string, answer: T): Promise<T> {
    this.asked.push(question);
    await this.gate;
    const failure = this.failWith;
    this.failWith = undefined;
    if (failure !== undefined) throw failure;
    return answer;
  }
}
