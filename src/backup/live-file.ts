/**
 * A handle on the live database file, to read it past SQLite. Closing any handle on that file drops
 * SQLite's POSIX locks on it for the whole process, and with them what tells a shell that somebody
 * opens and closes that it is not the last one there, which would delete the WAL. So it is opened once
 * and stays open until another file stands in its place.
 */
import { closeSync, fstatSync, openSync, statSync } from 'node:fs';

export class LiveFile {
  readonly #path: string;
  #handle: number | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Undefined before the first `follow`. */
  get handle(): number | undefined {
    return this.#handle;
  }

  /** To be called when connections are open: opens the file that stands there, unless it is open already. */
  follow(): void {
    const former = this.#handle;
    if (former !== undefined && isSameFile(former, this.#path)) return;
    this.#handle = openSync(this.#path, 'r');
    // The file that stood here before: nobody has it open any more.
    if (former !== undefined) closeSync(former);
  }

  /** When no other process can open the database. */
  close(): void {
    if (this.#handle !== undefined) closeSync(this.#handle);
    this.#handle = undefined;
  }
}

/** Whether a path leads to the file that a handle is open on. */
export function isSameFile(handle: number, path: string): boolean {
  const [open, found] = [fstatSync(handle), statSync(path)];
  return open.ino === found.ino && open.dev === found.dev;
}
