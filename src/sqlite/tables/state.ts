/**
 * The one row that says where the database stands: the commit sequence, which counts transactions
 * and is the position that backups speak of, and the change sequence, from which versions and
 * rows are drawn. Both live in the transaction that they count.
 */
import type { Connection } from '../open.ts';

export interface Sequences {
  commit: number;
  change: number;
}

export class StateTable {
  readonly #select;
  readonly #update;

  constructor(db: Connection) {
    this.#select = db.prepare<[], Sequences>(
      'SELECT commit_sequence AS "commit", change_sequence AS change FROM state',
    );
    this.#update = db.prepare<[number, number]>(
      'UPDATE state SET commit_sequence = ?, change_sequence = ?',
    );
  }

  read(): Sequences {
    const state = this.#select.get();
    if (state === undefined) throw new Error('the database has no state row');
    return state;
  }

  write(sequences: Sequences): void {
    this.#update.run(sequences.commit, sequences.change);
  }
}
