/** A request log in memory for tests: its file can vanish, and what is opened next can be broken. */
import Database from 'better-sqlite3';
import { migrate } from '../../sqlite/migrate.ts';
import type { Connection } from '../../sqlite/open.ts';
import { LOG_MIGRATIONS } from '../../sqlite/tables/request-log.ts';
import type { RequestLogEntry } from '../../store/commands.ts';
import type { LogBounds, LogFile } from '../log-file.ts';

export const ENTRY: RequestLogEntry = {
  time: 1.5,
  requestId: 'r',
  endpointId: undefined,
  method: 'GET',
  target: '/scim/v2/Users',
  requestBytes: 0,
  status: 200,
  durationMs: 0.25,
  detail: undefined,
};

export const LOG_BOUNDS: LogBounds = {
  rowsMax: 1_000_000,
  bytesMax: 2 ** 30,
  sliceRows: 1000,
  ageMaxMs: Infinity,
  waitingBytesMax: 2 ** 20,
};

export class MemoryLogFile implements LogFile {
  /** What is open. */
  db: Connection = new Database(':memory:');
  inPlace = true;
  putAsides = 0;
  /** Whether every file that is opened is damaged. */
  damages = false;
  /** Thrown by the next attempts to open it. */
  failOpenWith: Error | undefined;

  open(): Connection {
    if (this.failOpenWith !== undefined) throw this.failOpenWith;
    this.db = new Database(':memory:');
    migrate(this.db, LOG_MIGRATIONS, 0);
    this.inPlace = true;
    if (this.damages) {
      this.db.function('damaged', () => {
        throw new Database.SqliteError('database disk image is malformed', 'SQLITE_CORRUPT');
      });
      this.db.exec(
        'CREATE TRIGGER damage BEFORE INSERT ON request_log BEGIN SELECT damaged(); END',
      );
    }
    return this.db;
  }

  isInPlace(): boolean {
    return this.inPlace;
  }

  putAside(): string {
    this.putAsides += 1;
    return 'aside';
  }

  count(table = 'request_log'): number {
    return Number(this.db.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
  }
}
