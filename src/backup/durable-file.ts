/** Small files whose whole content is written at once: a crash leaves the former one, or the new one. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncPath } from './database-files.ts';

/** @throws an error of the file system; the former content is there then */
export function replaceFile(path: string, text: string): void {
  const draft = `${path}.draft`;
  writeFileSync(draft, text, { flush: true });
  renameSync(draft, path);
  syncPath(dirname(path));
}

/** Texts that were written as a JSON array; none from a file that is missing or torn. */
export function readTexts(path: string): string[] {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
  } catch {
    return [];
  }
}
