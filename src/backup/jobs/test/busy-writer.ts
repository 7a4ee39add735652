/**
 * A thread that commits as fast as it can, to be copied beside. What the database holds follows from
 * the number of commits alone, so that a copy of any commit can be checked without knowing when it
 * was made.
 */
import { Worker } from 'node:worker_threads';
import type { Connection } from '../../../sqlite/open.ts';

const ROWS = 2000;
const ROWS_PER_COMMIT = 40;

export interface BusyWriterSetup {
  readonly path: string;
  /** One cell: 0 while it works. */
  readonly stop: Int32Array<SharedArrayBuffer>;
}

export class BusyWriter {
  readonly #setup: BusyWriterSetup;
  readonly #ended: Promise<unknown>;

  /** @param path of a database of ours, without resources, that nobody else writes to */
  constructor(path: string) {
    this.#setup = { path, stop: new Int32Array(new SharedArrayBuffer(4)) };
    const worker = new Worker(new URL('busy-writer-worker.ts', import.meta.url), {
      workerData: this.#setup,
    });
    this.#ended = new Promise((resolve, reject) => {
      worker.on('exit', resolve);
      worker.on('error', reject);
    });
  }

  async stop(): Promise<void> {
    Atomics.store(this.#setup.stop, 0, 1);
    await this.#ended;
  }
}

/** @returns what is in a row that is not what its commit put there; undefined when all is right */
export function wrongRow(db: Connection, commit: number): string | undefined {
  const last = new Map<number, number>();
  for (let sequence = 1; sequence <= commit; sequence += 1) {
    for (const row of rowsOf(sequence)) last.set(row, sequence);
  }
  const found = db.prepare<[], { row: number; name: string }>(
    'SELECT row, display AS name FROM resources',
  );
  for (const { row, name } of found.iterate()) {
    if (name !== String(last.get(row))) return `row ${row}: ${name}, not ${last.get(row)}`;
    last.delete(row);
  }
  return last.size === 0 ? undefined : `${last.size} rows are missing`;
}

/** What a commit writes its number into. */
export function rowsOf(sequence: number): Set<number> {
  const rows = new Set<number>();
  for (let index = 0; index < ROWS_PER_COMMIT; index += 1) {
    rows.add((sequence * 7919 + index * 613) % ROWS);
  }
  return rows;
}
