/**
 * Reads the request log. Every statement looks at a bounded stretch of rows, so that whoever walks a
 * long log can let others have their turn in between. A connection of its own for each walk: the
 * writer may have begun the file anew since the last one.
 */
import type { LogFilter, LoggedContent, LoggedRequest } from '../store/request-logs.ts';
import type { Connection } from './open.ts';
import { type PlacedContent, unpackContents } from './request-contents.ts';
import { logCondition } from './log-condition.ts';

export interface LogRow {
  readonly row: number;
  readonly time: number;
  readonly endpoint_id: string | null;
  readonly request_id: string;
  readonly method: string;
  readonly target: string;
  readonly status: number;
  readonly duration_ms: number | null;
  readonly queue_ms: number | null;
  readonly commit_ms: number | null;
  readonly request_bytes: number;
  readonly response_bytes: number | null;
  readonly detail: string | null;
  readonly credential_id: string | null;
  readonly user_agent: string | null;
  readonly address: string | null;
  readonly who: string | null;
  readonly resource_type: string | null;
  readonly resource_id: string | null;
}

/** From `first` to `last`, both included; empty when `first` is beyond `last`. */
export interface RowRange {
  readonly first: number;
  readonly last: number;
}

/** Also of a file without tables, which a first start that ended early leaves behind. */
export function hasLogRows(db: Connection): boolean {
  const table = `SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'request_log'`;
  if (db.prepare(table).get() === undefined) return false;
  return db.prepare('SELECT 1 FROM request_log LIMIT 1').get() !== undefined;
}

/** Chunks that are looked at for a row's content: it lies near its row, beside a few bundles. */
const CHUNKS_PER_ROW = 256;

/** Unpacked at a time: some megabytes. */
const CHUNKS_HELD = 16;

export class LogReader {
  readonly #db: Connection;
  readonly #rows;
  readonly #count;
  readonly #byRow;
  readonly #chunksAt;
  readonly #chunkData;
  readonly #chunks = new Map<number, readonly PlacedContent[]>();
  readonly #parameters: readonly (string | number)[];

  /** @param filter of all that it reads but single rows */
  constructor(db: Connection, filter: LogFilter) {
    this.#db = db;
    const { sql, parameters } = logCondition(filter);
    this.#parameters = parameters;
    this.#rows = db.prepare<(string | number)[], LogRow>(
      `SELECT * FROM request_log WHERE row BETWEEN ? AND ? AND ${sql} ORDER BY row DESC LIMIT +?`,
    );
    this.#count = db
      .prepare<(string | number)[], number>(
        `SELECT count(*) FROM request_log WHERE row BETWEEN ? AND ? AND ${sql}`,
      )
      .pluck();
    this.#byRow = db.prepare<[number], LogRow>('SELECT * FROM request_log WHERE row = ?');
    this.#chunksAt = db
      .prepare<[string | null, number, number, number], number>(
        `SELECT chunk FROM
           (SELECT chunk, row_min FROM request_contents WHERE endpoint_id IS ? AND row_max >= ?
            ORDER BY row_max LIMIT +?)
         WHERE row_min <= ?`,
      )
      .pluck();
    this.#chunkData = db
      .prepare<[number], Uint8Array>('SELECT data FROM request_contents WHERE chunk = ?')
      .pluck();
  }

  /** All rows there are. */
  ends(): RowRange {
    const ends = this.#db
      .prepare<[], { first: number | null; last: number | null }>(
        'SELECT (SELECT min(row) FROM request_log) AS first, (SELECT max(row) FROM request_log) AS last',
      )
      .get();
    return { first: ends?.first ?? 1, last: ends?.last ?? 0 };
  }

  /** Stretches without a row from that time; in ascending order. A few thousand for the longest log. */
  passedOver({ since, until }: LogFilter): RowRange[] {
    if (since === undefined && until === undefined) return [];
    return this.#db
      .prepare<[number, number], RowRange>(
        `SELECT row_min AS first, row_max AS last FROM request_zones
         WHERE time_max < ? OR time_min > ? ORDER BY row_min`,
      )
      .all(since ?? -Infinity, until ?? Infinity);
  }

  /** Those in the range that match, newest first. */
  rows({ first, last }: RowRange, limit: number): LoggedRequest[] {
    return this.#rows.all(first, last, ...this.#parameters, limit).map(requestOf);
  }

  count({ first, last }: RowRange): number {
    return this.#count.get(first, last, ...this.#parameters) ?? 0;
  }

  row(row: number): LoggedRequest | undefined {
    const found = this.#byRow.get(row);
    return found && requestOf(found);
  }

  /** What was said in full; undefined when that was not kept. */
  content({ row, endpointId }: LoggedRequest): LoggedContent | undefined {
    const chunks = this.#chunksAt.all(endpointId ?? null, row, CHUNKS_PER_ROW, row);
    for (const chunk of chunks) {
      const found = this.#unpacked(chunk).find((each) => each.row === row);
      if (found !== undefined) return found.content;
    }
    return undefined;
  }

  /** Rows that are read one after the other share their chunks. */
  #unpacked(chunk: number): readonly PlacedContent[] {
    const known = this.#chunks.get(chunk);
    if (known !== undefined) return known;
    const data = this.#chunkData.get(chunk);
    const contents = data === undefined ? [] : unpackContents(data);
    if (this.#chunks.size >= CHUNKS_HELD) this.#chunks.clear();
    this.#chunks.set(chunk, contents);
    return contents;
  }
}

/** A row as it is told. */
export function requestOf(row: LogRow): LoggedRequest {
  return {
    row: row.row,
    time: row.time,
    endpointId: row.endpoint_id ?? undefined,
    requestId: row.request_id,
    method: row.method,
    target: row.target,
    status: row.status,
    durationMs: row.duration_ms ?? undefined,
    queueMs: row.queue_ms ?? undefined,
    commitMs: row.commit_ms ?? undefined,
    requestBytes: row.request_bytes,
    responseBytes: row.response_bytes ?? undefined,
    detail: row.detail ?? undefined,
    credentialId: row.credential_id ?? undefined,
    userAgent: row.user_agent ?? undefined,
    address: row.address ?? undefined,
    who: row.who ?? undefined,
    resourceType: row.resource_type ?? undefined,
    resourceId: row.resource_id ?? undefined,
  };
}
