/**
 * What the database file was like when the server last had it in hand: its size, its time and its
 * inode. A file that is otherwise at the next start was edited, copied or replaced meanwhile. Only
 * the file system is asked: a handle on the live file that is closed would drop SQLite's locks. A
 * record that is missing, or could not be written, costs a snapshot at the next start.
 */
import { readFileSync, statSync } from 'node:fs';
import { replaceFile } from './durable-file.ts';
import { spoolFolderOf } from './spool-folder.ts';

const SECOND_NS = 1_000_000_000n;
/** The coarsest times that a file system keeps (FAT). */
const COARSE_MS = 2000;

export class RestRecord {
  readonly #databasePath: string;
  readonly #path: string;
  #recorded: string | undefined;

  constructor(databasePath: string) {
    this.#databasePath = databasePath;
    this.#path = `${spoolFolderOf(databasePath)}.rest.json`;
    this.#recorded = read(this.#path);
  }

  /** Whether nobody has written to the file since it was recorded. */
  get holds(): boolean {
    return this.#recorded !== undefined && this.#recorded === this.#look()?.description;
  }

  /**
   * Records the file as it is now, durably; to be called while no other process can write to it.
   * Never fails.
   * @param now milliseconds since 1970
   */
  record(now: number): void {
    const look = this.#look();
    if (look === undefined || look.description === this.#recorded) return;
    // Where times are whole seconds, an edit that follows at once would leave the same time.
    if (look.modifiedNs % SECOND_NS === 0n && now - look.modifiedMs < COARSE_MS) return;
    try {
      replaceFile(this.#path, look.description);
      this.#recorded = look.description;
    } catch {
      // A full disk, most likely: the former record says another thing, and so nothing.
    }
  }

  /**
   * The same while the server runs. The file changes at checkpoints only: with an empty log it stays
   * as it is until somebody writes.
   */
  recordWhenQuiet(now: number): void {
    const log = statSync(`${this.#databasePath}-wal`, { throwIfNoEntry: false });
    if (log === undefined || log.size === 0) this.record(now);
  }

  #look() {
    const file = statSync(this.#databasePath, { bigint: true, throwIfNoEntry: false });
    if (file === undefined) return undefined;
    const { size, mtimeNs, mtimeMs, ino } = file;
    const fields = { bytes: String(size), modifiedNs: String(mtimeNs), inode: String(ino) };
    return {
      description: JSON.stringify(fields),
      modifiedNs: mtimeNs,
      modifiedMs: Number(mtimeMs),
    };
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
