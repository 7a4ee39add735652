/**
 * Which load a figure belongs to: a hash over the scenario's file and every file of the bench that it
 * reads, so that two results with the same hash were asked the same.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const BENCH = new URL('.', import.meta.url).pathname;
const LENGTH = 12;

/** @returns undefined for a name that has no file, such as a limit */
export function scenarioHash(name: string): string | undefined {
  const file = join(BENCH, 'scenarios', `${name}.ts`);
  if (!existsSync(file)) return undefined;
  const texts = new Map<string, string>();
  collect(file, texts);
  const hash = createHash('sha256');
  for (const path of [...texts.keys()].sort()) hash.update(texts.get(path) ?? '');
  return hash.digest('hex').slice(0, LENGTH);
}

/** Only files of the bench: what the product's are is told by the revision. */
function collect(path: string, texts: Map<string, string>): void {
  if (texts.has(path) || !path.startsWith(BENCH) || !existsSync(path)) return;
  const text = readFileSync(path, 'utf8');
  texts.set(path, text);
  for (const [, specifier = ''] of text.matchAll(/ from '(\.[^']+)'/g)) {
    collect(join(dirname(path), specifier), texts);
  }
}
