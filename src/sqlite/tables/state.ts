/**
 * The one row that says which database this is and where it stands: the commit sequence, which
 * counts transactions and is the position that backups speak of, and the change sequence, from which
 * versions and rows are drawn. Both live in the transaction that they count.
 */
import type { Connection } from '../open.ts';

export interface Sequences {
  commit: number;
  change: number;
}

export interface State extends Sequences {
  /** 32 hex digits, drawn when the database was made. A restored database has that of its backup. */
  readonly databaseId: string;
}

export class StateTable {
  readonly #select;
  readonly #update;

  constructor(db: Connection) {
    this.#select = db.prepare<[], State>(
      `SELECT commit_sequence AS "commit", change_sequence AS change, database_id AS databaseId
       FROM state`,
    );
    this.#update = db.prepare<[number, number]>(
      'UPDATE state SET commit_sequence = ?, change_sequence = ?',
    );
  }

  read(): State {
    const state = this.#select.get();
    if (state === undefined) throw new Error('the database has no state row');
    return state;
  }

  write(sequences: Sequences): void {
    this.#update.run(sequences.commit, sequences.change);
  }
}

/** Where a database of any schema version stands, also one that is only half made. */
export function positionOf(db: Connection): {
  readonly databaseId: string | undefined;
  readonly commit: number;
} {
  const columns = db.prepare("SELECT name FROM pragma_table_info('state')").pluck().all();
  if (columns.length === 0) return { databaseId: undefined, commit: 0 };
  if (columns.includes('database_id')) return new StateTable(db).read();
  const commit = db.prepare<[], number>('SELECT commit_sequence FROM state').pluck().get() ?? 0;
  return { databaseId: undefined, commit };
}

/** Counts a transaction whose writer does not know the sequences; works at every schema version. */
export function countCommit(db: Connection): void {
  db.exec('UPDATE state SET commit_sequence = commit_sequence + 1');
}

/**
 * Raises the change sequence in a transaction of its own, which is counted; works at every schema
 * version.
 */
export function raiseChangeSequence(db: Connection, by: number): void {
  db.prepare<[number]>(
    `UPDATE state SET commit_sequence = commit_sequence + 1,
     change_sequence = change_sequence + ?`,
  ).run(by);
}
