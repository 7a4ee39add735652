/**
 * The baseline: what a server that has no plan does. Every document is read and parsed, and a
 * hand-written condition looked at, in one thread that does nothing else.
 */
import Database from 'better-sqlite3';
import { median } from '../backup/stage.ts';

const ROUNDS = 3;

interface Email {
  readonly type?: string;
  readonly value?: string;
}

interface Person {
  readonly active?: boolean;
  readonly emails?: readonly Email[];
}

/** Of `emails[type eq "work" and value co "example"] and active eq true`. */
export function parseScan(path: string): object {
  const db = new Database(path, { readonly: true });
  try {
    const documents = db
      .prepare<[], string>(`SELECT document FROM resources WHERE type = 'User'`)
      .pluck();
    const times: number[] = [];
    let found = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const startedMs = performance.now();
      found = 0;
      for (const document of documents.iterate()) {
        if (matches(JSON.parse(document) as Person)) found += 1;
      }
      times.push(performance.now() - startedMs);
    }
    return { scenario: 'baseline: parse every document', found, p50Ms: rounded(median(times)) };
  } finally {
    db.close();
  }
}

function matches({ active, emails = [] }: Person): boolean {
  return (
    active === true &&
    emails.some(
      ({ type, value }) =>
        type?.toLowerCase() === 'work' && value?.toLowerCase().includes('example') === true,
    )
  );
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
