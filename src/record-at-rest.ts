/** What a data file is like when nobody has it open any more: what the next start must find. */
import { RestRecord } from './backup/rest-record.ts';
import { systemClock } from './platform/clock.ts';
import { lockDataFile } from './sqlite/lock.ts';

/** Only while no other server can have opened it: that one has recorded what it found. */
export function recordAtRest(databasePath: string): void {
  let lock: { close(): void };
  try {
    lock = lockDataFile(databasePath);
  } catch {
    return;
  }
  try {
    new RestRecord(databasePath).record(systemClock.now());
  } finally {
    lock.close();
  }
}
