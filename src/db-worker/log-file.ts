/** What the request log is written to, and how much of it is kept: what its writer is handed. */
import type { Connection } from '../sqlite/open.ts';
import type { RetentionBounds } from '../sqlite/tables/request-log.ts';
import type { ContentBounds } from './log-contents.ts';

/** The file of the log, as the writer finds it. */
export interface LogFile {
  /** Migrated; a new one when there is none. @throws Error */
  open(): Connection;
  /** Whether what was opened last is still what stands at its path. */
  isInPlace(): boolean;
  /** Moves a damaged file out of the way. @returns where to. @throws Error */
  putAside(): string;
}

export interface LogBounds
  extends ContentBounds, Pick<RetentionBounds, 'rowsMax' | 'bytesMax' | 'sliceRows'> {
  readonly ageMaxMs: number;
}
