/** Small files whose whole content is written at once: a crash leaves the former one, or the new one. */
import { renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncPath } from './database-files.ts';

/** @throws an error of the file system; the former content is there then */
export function replaceFile(path: string, text: string): void {
  const draft = `${path}.draft`;
  writeFileSync(draft, text, { flush: true });
  renameSync(draft, path);
  syncPath(dirname(path));
}
