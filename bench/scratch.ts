/** Where a bench keeps its data: beside itself, on a real disk, because many machines keep their temporary folder in memory. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** @param work with a folder of its own, which goes when it ends */
export async function inScratchFolder<T>(
  name: string,
  work: (folder: string) => T | Promise<T>,
): Promise<T> {
  const parent = new URL('data/', import.meta.url).pathname;
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, `${name}-`));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
