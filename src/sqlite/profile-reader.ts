/** Reads configs of endpoints, and what is stored under them as a change of schemas looks at it. */
import type { Connection } from './open.ts';
import { ENDPOINT_CONFIG, STORED_SLICE } from './plan/sql.ts';

/** A resource, as far as schemas could not fit it. */
export interface StoredRow {
  readonly id: string;
  readonly document: string;
  /** JSON array of the places that have a secret. */
  readonly secrets: string;
  /** 1: as a group it has members. */
  readonly hasMembers: number;
}

export class ProfileReader {
  readonly #config;
  readonly #slice;

  constructor(db: Connection) {
    this.#config = db.prepare<[number], string>(ENDPOINT_CONFIG).pluck();
    this.#slice = db.prepare<[number, string, string, number], StoredRow>(STORED_SLICE);
  }

  /** JSON text; undefined when the endpoint is gone. @param endpoint its row */
  configOf(endpoint: number): string | undefined {
    return this.#config.get(endpoint);
  }

  /** The next resources of a type by id, behind `after`; `''` is before all. */
  slice(endpoint: number, type: string, after: string, limit: number): StoredRow[] {
    return this.#slice.all(endpoint, type, after, limit);
  }
}
