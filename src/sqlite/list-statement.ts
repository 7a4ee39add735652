/**
 * A statement that reads many resources: one for their rows, and one that reads their documents as
 * one value, one behind the other. A buffer of its own for each document cost a quarter of a page.
 */
import { assert } from '../platform/assert.ts';
import type { Connection } from './open.ts';
import { DOCUMENT_OF_ROW, type ListSql } from './plan/sql.ts';
import type { ReadRow } from './read-row.ts';

/** SQLite makes no value of more than a gigabyte, and nobody should need one. */
const TOGETHER_BYTES_MAX = 64 * 1024 * 1024;

/** What the first statement reads; `bytes` is the length of the document in UTF-8. */
type BareRow<R extends ReadRow> = Omit<R, 'document'> & { readonly bytes: number };

export class ListStatement<P extends unknown[], R extends ReadRow> {
  readonly #rows;
  readonly #documents;
  readonly #document;

  constructor(db: Connection, { rows, documents }: ListSql) {
    this.#rows = db.prepare<P, BareRow<R>>(rows);
    this.#documents = db.prepare<P, Buffer | null>(documents).pluck();
    this.#document = db.prepare<[number], Buffer>(DOCUMENT_OF_ROW).pluck();
  }

  /**
   * To be called within a snapshot: both statements must see the same rows.
   * @returns rows whose documents are parts of one buffer
   */
  all(...parameters: P) {
    const rows = this.#rows.all(...parameters);
    const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
    if (rows.length === 0 || bytes > TOGETHER_BYTES_MAX) {
      return rows.map((row) => Object.assign(row, { document: this.#documentOf(row) }));
    }
    const documents = this.#documents.get(...parameters);
    assert(Buffer.isBuffer(documents), 'rows have documents');
    let end = 0;
    const whole = rows.map((row) => {
      const start = end;
      end += row.bytes;
      return Object.assign(row, { document: documents.subarray(start, end) });
    });
    assert(end === documents.length, 'the documents are those of the rows');
    return whole;
  }

  #documentOf({ row }: BareRow<R>): Buffer {
    const document = this.#document.get(row);
    assert(document !== undefined, 'a row has a document');
    return document;
  }
}
