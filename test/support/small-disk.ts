/**
 * A disk that can be full: a small tmpfs, which needs the right to mount. It takes up its own space
 * and gives it back on request.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scope } from './asserts.ts';
import { temporaryFolder } from './server.ts';

const BYTES = 24 * 1024 * 1024;

export const MOUNT_REFUSED = 'mounting a tmpfs is not permitted here';

export class SmallDisk {
  readonly folder: string;
  readonly #ballast: string[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** @returns undefined where mounting is not permitted */
  static mount(t: Scope): SmallDisk | undefined {
    const folder = join(temporaryFolder(t), 'disk');
    mkdirSync(folder);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${BYTES}`, 'tmpfs', folder]);
    if (mounted.status !== 0) return undefined;
    t.teardown(() => spawnSync('umount', ['-l', folder]));
    return new SmallDisk(folder);
  }

  /** Takes what is free now; a server that gives up files makes room again. */
  fill(): void {
    const file = join(this.folder, `ballast${this.#ballast.length}`);
    this.#ballast.push(file);
    const free = statfsSync(this.folder);
    try {
      writeFileSync(file, Buffer.alloc(free.bavail * free.bsize));
    } catch {
      // Whatever fitted is there: full is what was asked for.
    }
  }

  /** Gives back everything that `fill` took. */
  free(): void {
    for (const file of this.#ballast.splice(0)) rmSync(file, { force: true });
  }
}
