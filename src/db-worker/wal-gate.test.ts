import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import t from 'tap';
import { LAST_GENERATION, sequenceFor } from './test/spool-stand-in.ts';
import { WalGate } from './wal-gate.ts';

const SPOOL_URL = new URL('./test/spool-stand-in.ts', import.meta.url);
/** Longer than any test: who waits for so long was not woken. */
const FOREVER_MS = 60_000;

t.test('a new gate knows nothing and holds nothing back', async (t) => {
  const gate = WalGate.create();
  t.same(gate.committed(), { generation: 0, frames: 0, sequence: 0 });
  t.same(gate.spooled(), { generation: 0, frames: 0 });
  t.notOk(gate.gated);
});

t.test('what one side publishes the other side reads', async (t) => {
  const cell = fc.integer({ min: 0, max: 2 ** 31 - 1 });
  const committed = fc.record({ generation: cell, frames: cell, sequence: fc.maxSafeNat() });
  fc.assert(
    fc.property(fc.array(committed), (states) => {
      const writer = WalGate.create();
      const spool = new WalGate(writer.buffer);
      for (const state of states) {
        writer.publish(state);
        t.same(spool.committed(), state);
        spool.publishSpooled(state);
        t.same(writer.spooled(), { generation: state.generation, frames: state.frames });
      }
    }),
    { numRuns: 50 },
  );
});

t.test('gated is seen on the other side, on and off', async (t) => {
  const writer = WalGate.create();
  const main = new WalGate(writer.buffer);
  main.setGated(true);
  t.ok(writer.gated);
  main.setGated(false);
  t.notOk(writer.gated);
});

t.test('the spool is woken by a demand, and by one that came before it waited', async (t) => {
  const writer = WalGate.create();
  const spool = new WalGate(writer.buffer);
  const woken = spool.waitForWork(FOREVER_MS);
  writer.demandSpool();
  await woken;
  writer.demandSpool();
  await spool.waitForWork(FOREVER_MS);
  await spool.waitForWork(1);
  t.pass('no wake is left over');
});

t.test('commits wake the spool only when asked to', async (t) => {
  const writer = WalGate.create();
  const spool = new WalGate(writer.buffer);
  let woken = false;
  const waiting = spool.waitForWork(FOREVER_MS).then(() => (woken = true));
  writer.publish({ generation: 1, frames: 1, sequence: 1 });
  await new Promise(setImmediate);
  t.notOk(woken);
  spool.setWakeOnCommit(true);
  writer.publish({ generation: 1, frames: 2, sequence: 2 });
  await waiting;
  t.ok(woken);
});

t.test('waiting for the spool ends when it publishes, not with what was read before', async (t) => {
  const writer = WalGate.create();
  const spool = new WalGate(writer.buffer);
  spool.publishSpooled({ generation: 1, frames: 1 });
  writer.spooled();
  t.notOk(writer.waitSpooled(1), 'nothing new');
  spool.publishSpooled({ generation: 1, frames: 2 });
  t.ok(writer.waitSpooled(FOREVER_MS), 'published between the look and the wait');
  t.same(writer.spooled(), { generation: 1, frames: 2 });
});

t.test('between threads: no torn reads, every demand heard, the writer wakes', async (t) => {
  const gate = WalGate.create();
  const spool = new Worker(SPOOL_URL, { workerData: gate.buffer, execArgv: [] });
  const report = once(spool, 'message');
  for (let generation = 1; generation <= 40; generation += 1) {
    let frames = 0;
    // Goes on publishing while the other thread looks.
    const publish = (): void => {
      frames += 1;
      gate.publish({ generation, frames, sequence: sequenceFor(generation, frames) });
    };
    publish();
    gate.demandSpool();
    while (gate.spooled().generation < generation) publish();
  }
  const last = { generation: LAST_GENERATION, frames: 1 };
  gate.publish({ ...last, sequence: sequenceFor(last.generation, last.frames) });
  gate.demandSpool();
  while (gate.spooled().generation < LAST_GENERATION) t.ok(gate.waitSpooled(FOREVER_MS));
  t.same((await report)[0], { torn: 0 });
});
