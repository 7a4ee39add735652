/**
 * What is deleted for everyone but still has rows to purge: a group of many members, an endpoint
 * with its resources, an attribute index with its keys. The rows survive a restart, so that a purge is never forgotten.
 */
import type { Connection } from '../open.ts';

export interface GarbageRow {
  readonly row: number;
  readonly kind: 'group' | 'endpoint' | 'index';
  readonly target: number;
}

export class GarbageTable {
  readonly #insert;
  readonly #first;
  readonly #remove;

  constructor(db: Connection) {
    this.#insert = db.prepare('INSERT INTO garbage (kind, target) VALUES (?, ?)');
    this.#first = db.prepare<[], GarbageRow>(
      'SELECT row, kind, target FROM garbage ORDER BY row LIMIT 1',
    );
    this.#remove = db.prepare('DELETE FROM garbage WHERE row = ?');
  }

  add(kind: GarbageRow['kind'], target: number): void {
    this.#insert.run(kind, target);
  }

  first(): GarbageRow | undefined {
    return this.#first.get();
  }

  remove(row: number): void {
    this.#remove.run(row);
  }
}
