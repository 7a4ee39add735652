/**
 * Entry point of the checkpoint thread. It has no event loop to speak of: it sleeps until it is
 * asked, checkpoints, and sleeps again. A failure is posted to the writer, which decides.
 */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { assert } from '../platform/assert.ts';
import { messageOf } from '../platform/thrown.ts';
import { sqliteCode } from '../sqlite/error-code.ts';
import { openCheckpointer, type Connection } from '../sqlite/open.ts';
import { CHECKPOINT_STATE, STATE_CELL, type CheckpointSetup } from './checkpoint-cells.ts';

assert(parentPort !== null, 'the checkpoint runs as a worker thread');
const { starting, idle, asked, closing, closed } = CHECKPOINT_STATE;
// The writer of this very build made the set-up: its shape is known.
const { path, synchronous, cells } = workerData as CheckpointSetup;
try {
  work(openCheckpointer(path, synchronous), parentPort);
} finally {
  Atomics.store(cells, STATE_CELL, closed);
  Atomics.notify(cells, STATE_CELL);
}

/** Until the writer closes it. */
function work(db: Connection, port: MessagePort): void {
  const passive = db.prepare('PRAGMA wal_checkpoint(PASSIVE)');
  Atomics.compareExchange(cells, STATE_CELL, starting, idle);
  for (;;) {
    Atomics.wait(cells, STATE_CELL, idle);
    if (Atomics.load(cells, STATE_CELL) === closing) break;
    try {
      passive.get();
    } catch (error) {
      port.postMessage({ code: sqliteCode(error) ?? 'none', text: messageOf(error) });
    }
    Atomics.compareExchange(cells, STATE_CELL, asked, idle);
    Atomics.notify(cells, STATE_CELL);
  }
  db.close();
}
