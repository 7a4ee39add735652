/**
 * Endpoint rows. A deleted endpoint keeps its row, unnamed to everyone, until its resources are
 * purged in slices.
 */
import type { Connection } from '../open.ts';

export interface EndpointRow {
  readonly row: number;
  readonly id: string;
  readonly name: string;
  readonly display_name: string | null;
  readonly description: string | null;
  /** JSON object text. */
  readonly config: string;
  readonly active: number;
  readonly created_at: number;
  readonly updated_at: number;
}

const COLUMNS = 'row, id, name, display_name, description, config, active, created_at, updated_at';

export class EndpointTable {
  readonly #byId;
  readonly #hasId;
  readonly #byRow;
  readonly #byName;
  readonly #all;
  readonly #insert;
  readonly #update;
  readonly #markDeleted;
  readonly #remove;

  constructor(db: Connection) {
    this.#byId = db.prepare<[string], EndpointRow>(
      `SELECT ${COLUMNS} FROM endpoints WHERE id = ? AND deleted = 0`,
    );
    this.#hasId = db.prepare<[string], 1>('SELECT 1 FROM endpoints WHERE id = ?').pluck();
    this.#byRow = db.prepare<[number], EndpointRow>(
      `SELECT ${COLUMNS} FROM endpoints WHERE row = ? AND deleted = 0`,
    );
    this.#byName = db.prepare<[string], EndpointRow>(
      `SELECT ${COLUMNS} FROM endpoints WHERE name = ? AND deleted = 0`,
    );
    this.#all = db.prepare<[], EndpointRow>(
      `SELECT ${COLUMNS} FROM endpoints WHERE deleted = 0 ORDER BY row`,
    );
    this.#insert = db.prepare<Omit<EndpointRow, 'row'>>(
      `INSERT INTO endpoints (id, name, display_name, description, config, active, created_at, updated_at)
       VALUES (@id, @name, @display_name, @description, @config, @active, @created_at, @updated_at)`,
    );
    this.#update = db.prepare<EndpointRow>(
      `UPDATE endpoints SET name = @name, display_name = @display_name, description = @description,
       config = @config, active = @active, updated_at = @updated_at WHERE row = @row`,
    );
    this.#markDeleted = db.prepare<[number]>('UPDATE endpoints SET deleted = 1 WHERE row = ?');
    this.#remove = db.prepare<[number]>('DELETE FROM endpoints WHERE row = ?');
  }

  byId(id: string): EndpointRow | undefined {
    return this.#byId.get(id);
  }

  /** Also of a deleted one that is not purged yet. */
  hasId(id: string): boolean {
    return this.#hasId.get(id) !== undefined;
  }

  byRow(row: number): EndpointRow | undefined {
    return this.#byRow.get(row);
  }

  byName(name: string): EndpointRow | undefined {
    return this.#byName.get(name);
  }

  /** Living endpoints in creation order. */
  all(): EndpointRow[] {
    return this.#all.all();
  }

  insert(endpoint: Omit<EndpointRow, 'row'>): void {
    this.#insert.run(endpoint);
  }

  update(endpoint: EndpointRow): void {
    this.#update.run(endpoint);
  }

  markDeleted(row: number): void {
    this.#markDeleted.run(row);
  }

  /** Removes the row itself, when nothing refers to it any more. */
  remove(row: number): void {
    this.#remove.run(row);
  }
}
