/** The thread of `BusyWriter`: commits, checkpoints now and then, and begins the WAL anew where it may. */
import { workerData } from 'node:worker_threads';
import { openWriter } from '../../../sqlite/open.ts';
import { rowsOf, type BusyWriterSetup } from './busy-writer.ts';

const PADDING = 'x'.repeat(2000);

const { path, stop } = workerData as BusyWriterSetup;
const db = openWriter(path, { synchronous: 'NORMAL' });
db.pragma('busy_timeout = 0');
const write = db.prepare(
  `INSERT INTO resources VALUES (?, 1, 'User', ?, ?, NULL, ?, 1, 0, 0, '${PADDING}')
   ON CONFLICT (row) DO UPDATE SET display = excluded.display`,
);
const count = db.prepare('UPDATE state SET commit_sequence = ?');
const commit = db.transaction((sequence: number) => {
  for (const row of rowsOf(sequence)) {
    write.run(row, `id-${row}`, `name-${row}`, String(sequence));
  }
  count.run(sequence);
});
for (let sequence = 1; Atomics.load(stop, 0) === 0; sequence += 1) {
  commit(sequence);
  if (sequence % 7 === 0) db.pragma('wal_checkpoint(PASSIVE)');
  if (sequence % 40 === 0) db.pragma('wal_checkpoint(RESTART)');
}
db.close();
