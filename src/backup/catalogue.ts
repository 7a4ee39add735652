/**
 * The manifest of one storage while this process holds its lease. A change is a new manifest,
 * stored first and put in force by the next head; a crash in between changes nothing. What retention
 * takes off the lists is deleted by and by, and stays condemned in the manifest until it is gone.
 */
import type { Clock } from '../platform/clock.ts';
import { encodeDocument } from './document.ts';
import type { HeadUpdate, Lease } from './lease.ts';
import type { Manifest, SnapshotEntry } from './manifest.ts';
import { manifestName } from './object-names.ts';
import { emptyManifest, type ManifestDraft } from './publication.ts';
import { planRetention, type RetentionPolicy } from './retention.ts';
import { StorageError, type Storage } from './storage/storage.ts';
import { Sweep } from './sweep.ts';

export interface CatalogueParts {
  readonly storage: Storage;
  readonly lease: Lease;
  /** The one in force; undefined when the storage is new. */
  readonly manifest: Manifest | undefined;
  readonly clock: Clock;
  readonly retention: RetentionPolicy;
}

export class Catalogue {
  readonly #storage: Storage;
  readonly #lease: Lease;
  readonly #clock: Clock;
  readonly #retention: RetentionPolicy;
  readonly #sweep: Sweep;
  #draft: ManifestDraft;
  #number: number;
  /** Each attempt takes a number of its own: one that had no answer may have stored its manifest. */
  #tried: number;
  /** Of the one before; numbers in between were taken in vain. */
  #former: number;

  constructor(parts: CatalogueParts) {
    this.#storage = parts.storage;
    this.#lease = parts.lease;
    this.#clock = parts.clock;
    this.#retention = parts.retention;
    this.#sweep = new Sweep(parts.storage);
    this.#draft = parts.manifest ?? emptyManifest('');
    this.#number = parts.manifest?.number ?? 0;
    this.#tried = this.#number;
    this.#former = this.#number - 1;
  }

  /** What is in force. */
  get manifest(): ManifestDraft {
    return this.#draft;
  }

  get lastSnapshot(): SnapshotEntry | undefined {
    return this.#draft.snapshots.at(-1);
  }

  /** A storage that was empty holds this database's backups from now on. */
  adopt(database: string): void {
    if (this.#draft.database === '') this.#draft = emptyManifest(database);
  }

  /**
   * Puts a manifest in force, after retention has looked at it.
   * @throws Fenced, StorageError; then the former one is still in force
   */
  async publish(draft: ManifestDraft, update: HeadUpdate, signal: AbortSignal): Promise<void> {
    const retained = this.#retain(draft);
    const number = await this.#store(retained, signal);
    await this.#lease.publish({ database: draft.database, manifest: number, ...update }, signal);
    // The one before stays for a while: somebody may just have read the head that named it.
    for (let old = this.#former; old < this.#number; old += 1) {
      if (old > 0) this.#sweep.add([manifestName(old)]);
    }
    this.#former = this.#number;
    this.#draft = retained;
    this.#number = number;
  }

  /** Deletes a few condemned objects. @returns whether there are more */
  sweep(signal: AbortSignal): Promise<boolean> {
    return this.#sweep.step(signal);
  }

  #retain(draft: ManifestDraft): ManifestDraft {
    const plan = planRetention(
      { ...draft, number: this.#number, createdAt: 0 },
      this.#clock.now(),
      this.#retention,
    );
    const undone = plan.deleteNow.filter((name) => !this.#sweep.isDone(name));
    this.#sweep.forgetDone();
    this.#sweep.add(undone);
    const stillThere = draft.condemned.filter(({ name }) => undone.includes(name));
    return { ...plan.manifest, condemned: [...stillThere, ...plan.manifest.condemned] };
  }

  async #store(draft: ManifestDraft, signal: AbortSignal): Promise<number> {
    const createdAt = Math.floor(this.#clock.now());
    for (;;) {
      const number = this.#tried + 1;
      this.#tried = number;
      const bytes = encodeDocument({ ...draft, number, createdAt });
      try {
        await this.#storage.create(manifestName(number), bytes, signal);
        return number;
      } catch (error) {
        // Left by a process whose head never came: no head names it, so it was never in force.
        if (!(error instanceof StorageError) || error.code !== 'exists') throw error;
      }
    }
  }
}
