/**
 * The last drill, kept beside the data so that its age survives a restart of the process. It is lost
 * with the disk; the first drill after that comes soon.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { DrillResult } from './status.ts';

export class DrillRecord {
  readonly #path: string;
  #last: DrillResult | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#last = read(path);
  }

  get last(): DrillResult | undefined {
    return this.#last;
  }

  keep(result: DrillResult): void {
    this.#last = result;
    try {
      writeFileSync(`${this.#path}.draft`, JSON.stringify(result));
      renameSync(`${this.#path}.draft`, this.#path);
    } catch {
      // A disk that is full must not undo a drill; only its age is forgotten at a restart.
    }
  }
}

function read(path: string): DrillResult | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return resultOf(value);
  } catch {
    return undefined;
  }
}

function resultOf(value: unknown): DrillResult | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields: Partial<Record<keyof DrillResult, unknown>> = value;
  const { at, storage, ok, sequence, durationMs, problem } = fields;
  if (typeof at !== 'number' || typeof storage !== 'string' || typeof ok !== 'boolean') {
    return undefined;
  }
  if (typeof sequence !== 'number' || typeof durationMs !== 'number') return undefined;
  return typeof problem === 'string' || problem === undefined
    ? { at, storage, ok, sequence, durationMs, problem }
    : undefined;
}
