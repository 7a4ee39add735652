/**
 * Notes from when to when the rows of a stretch are, one note for many rows: whoever looks for a time
 * passes over the stretches that lie elsewhere, also where the clock has jumped. Rows without a note
 * (the newest, and what a crash has left) are looked at.
 */
import type { RequestLogTable, Zone } from '../sqlite/tables/request-log.ts';

const ROWS_PER_ZONE = 1024;

export class LogZone {
  #zone: Zone | undefined;

  add(row: number, time: number): void {
    const zone = this.#zone;
    this.#zone =
      zone === undefined
        ? { rowMin: row, rowMax: row, timeMin: time, timeMax: time }
        : {
            rowMin: zone.rowMin,
            rowMax: row,
            timeMin: Math.min(zone.timeMin, time),
            timeMax: Math.max(zone.timeMax, time),
          };
  }

  /** Once the stretch is long enough; in the transaction of its last rows. */
  save(table: RequestLogTable): void {
    const zone = this.#zone;
    if (zone === undefined || zone.rowMax - zone.rowMin < ROWS_PER_ZONE) return;
    table.insertZone(zone);
    this.#zone = undefined;
  }

  /** The rows of this stretch were rolled back, or some of them: it stays without a note. */
  forget(): void {
    this.#zone = undefined;
  }
}
