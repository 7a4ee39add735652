/** Counts the rows of a stretch of the request log by what they tell; see `log-reader.ts`. */
import type { LogFilter, LogTally } from '../store/request-logs.ts';
import {
  logCondition,
  ROW_IS_CHANGE,
  ROW_IS_KEEPALIVE,
  ROW_SEVERITY,
  ROW_TYPE,
} from './log-condition.ts';
import type { RowRange } from './log-reader.ts';
import type { Connection } from './open.ts';

type TallyRow = Omit<LogTally, 'isRecent' | 'isKeepalive' | 'who'> & {
  readonly recent: number;
  readonly keepalive: number;
  readonly who: string | null;
};

export class LogTallyReader {
  readonly #rows;
  readonly #parameters: readonly (string | number)[];

  /** @param db closed by whoever opened it */
  constructor(db: Connection, filter: LogFilter) {
    const { sql, parameters } = logCondition(filter);
    this.#parameters = parameters;
    this.#rows = db.prepare<(string | number)[], TallyRow>(
      `SELECT time >= ? AS recent, ${ROW_TYPE} AS type, ${ROW_SEVERITY} AS severity,
         ${ROW_IS_KEEPALIVE} AS keepalive, CASE WHEN ${ROW_IS_CHANGE} THEN who END AS who,
         count(*) AS count, max(time) AS time
       FROM request_log WHERE row BETWEEN ? AND ? AND ${sql} GROUP BY 1, 2, 3, 4, 5`,
    );
  }

  /** @param recentSince milliseconds since 1970 */
  tallies({ first, last }: RowRange, recentSince: number): LogTally[] {
    return this.#rows
      .all(recentSince, first, last, ...this.#parameters)
      .map(({ recent, keepalive, who, type, severity, count, time }) => ({
        isRecent: recent === 1,
        isKeepalive: keepalive === 1,
        who: who ?? undefined,
        type,
        severity,
        count,
        time,
      }));
  }
}
