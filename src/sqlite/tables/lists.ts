/**
 * How many resources of each type there are, and the shape of their lists: a number that changes when
 * a resource goes, or comes elsewhere than at the end of the order by id. While it stays, what a
 * reader knows of places in the list is still so (`list-marks.ts`). It is drawn from the change
 * sequence, so that no list ever has an earlier one's.
 */
import { compareText } from '../../scim/fold.ts';
import type { Connection } from '../open.ts';

/** Lists whose last id is remembered; beyond, all are forgotten and looked up again. */
const LAST_IDS_MAX = 10_000;

export class ListTable {
  readonly #append;
  readonly #reshape;
  readonly #lastOther;
  readonly #total;
  /** By list: no id there is greater. It may be that of a create that failed. */
  readonly #lastIds = new Map<string, string>();

  constructor(db: Connection) {
    this.#append = db.prepare<[number, string, number]>(
      `INSERT INTO resource_counts (endpoint, type, count, shape) VALUES (?, ?, 1, ?)
       ON CONFLICT DO UPDATE SET count = count + 1`,
    );
    this.#reshape = db.prepare<[number, string, number, number, number]>(
      `INSERT INTO resource_counts (endpoint, type, count, shape, scrambled) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET count = count + excluded.count, shape = excluded.shape,
         scrambled = scrambled OR excluded.scrambled`,
    );
    this.#lastOther = db
      .prepare<[number, string, string], string>(
        `SELECT id FROM resources WHERE endpoint = ? AND type = ? AND id <> ?
         ORDER BY id DESC LIMIT 1`,
      )
      .pluck();
    this.#total = db
      .prepare<[number], number>('SELECT total(count) FROM resource_counts WHERE endpoint = ?')
      .pluck();
  }

  /** Resources of all types of an endpoint; one short stretch of the table's key. */
  total(endpoint: number): number {
    return this.#total.get(endpoint) ?? 0;
  }

  /** @param change drawn from the change sequence by the create */
  added(endpoint: number, type: string, id: string, change: number): void {
    const key = `${endpoint} ${type}`;
    const last = this.#lastIds.get(key) ?? this.#lastOther.get(endpoint, type, id) ?? '';
    const atEnd = compareText(id, last) > 0;
    if (this.#lastIds.size >= LAST_IDS_MAX) this.#lastIds.clear();
    this.#lastIds.set(key, atEnd ? id : last);
    if (atEnd) this.#append.run(endpoint, type, change);
    else this.#reshape.run(endpoint, type, 1, change, 1);
  }

  /** A transaction was rolled back: what it added may come again, and is at the end then as before. */
  rolledBack(): void {
    this.#lastIds.clear();
  }

  /** @param change drawn from the change sequence by the delete */
  removed(endpoint: number, type: string, change: number): void {
    this.#reshape.run(endpoint, type, -1, change, 0);
  }
}
