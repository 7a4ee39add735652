/**
 * A spool in a thread of its own, for tests of the gate: it takes what is committed, checks that the
 * three numbers belong together, and publishes it as spooled until generation `LAST_GENERATION`.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../platform/assert.ts';
import { WalGate } from '../wal-gate.ts';

export const LAST_GENERATION = 1_000_000;

/** The sequence that a test publishes with these two: beyond 32 bits, and different in both halves. */
export function sequenceFor(generation: number, frames: number): number {
  return generation * 2 ** 32 + frames;
}

if (parentPort !== null && workerData instanceof SharedArrayBuffer) {
  const gate = new WalGate(workerData);
  let torn = 0;
  let rounds = 0;
  for (;;) {
    await gate.waitForWork(60_000);
    const { generation, frames, sequence } = gate.committed();
    rounds += 1;
    if (sequence !== sequenceFor(generation, frames)) torn += 1;
    // Many more looks than wakes, while the other thread goes on publishing.
    for (let look = 0; look < 1000; look += 1) {
      const now = gate.committed();
      if (now.sequence !== sequenceFor(now.generation, now.frames)) torn += 1;
    }
    gate.publishSpooled({ generation, frames });
    if (generation === LAST_GENERATION) break;
  }
  assert(rounds > 0, 'the gate has woken the spool');
  parentPort.postMessage({ torn });
}
