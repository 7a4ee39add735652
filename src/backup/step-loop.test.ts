/** The loop behind every shipper: when it steps, when it waits, and that it ends. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { StepLoop, type StepLoopOptions } from './step-loop.ts';

const FOREVER_MS = 1_000_000;

interface Rig {
  readonly loop: StepLoop;
  readonly failures: number[];
  steps: number;
}

/** @param step told how many came before. @returns whether there is more to do */
function rig(
  t: Test,
  step: (before: number) => Promise<boolean>,
  changes?: Partial<StepLoopOptions>,
) {
  const failures: number[] = [];
  const found: Rig = {
    steps: 0,
    failures,
    loop: new StepLoop({
      step: () => {
        found.steps += 1;
        return step(found.steps - 1);
      },
      idleMs: FOREVER_MS,
      backoffMs: () => 0,
      onFailure: (_error, count) => {
        failures.push(count);
        return true;
      },
      onSuccess: () => undefined,
      ...changes,
    }),
  };
  t.teardown(() => found.loop.stop());
  return found;
}

async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await nextTurn();
}

t.test('it goes on while there is work, then waits to be woken', async (t) => {
  const found = rig(t, (before) => Promise.resolve(before < 4));
  found.loop.start();
  await turns();
  t.equal(found.steps, 5);
  found.loop.wake();
  await turns();
  t.equal(found.steps, 6);
});

t.test('a wake during a step is not lost', async (t) => {
  const found = rig(t, (before) => {
    if (before === 0) found.loop.wake();
    return Promise.resolve(false);
  });
  found.loop.start();
  await turns();
  t.equal(found.steps, 2);
});

t.test('it steps by itself when its time has come', async (t) => {
  const found = rig(t, () => Promise.resolve(false), { idleMs: 1 });
  found.loop.start();
  while (found.steps < 3) await nextTurn();
  t.pass('without being woken');
});

t.test('steps never overlap, however often it is woken or started', async (t) => {
  let running = 0;
  let most = 0;
  const found = rig(t, async () => {
    running += 1;
    most = Math.max(most, running);
    await turns(3);
    running -= 1;
    return false;
  });
  found.loop.start();
  found.loop.start();
  for (let time = 0; time < 20; time += 1) {
    found.loop.wake();
    await nextTurn();
  }
  t.equal(most, 1);
  t.ok(found.steps > 1);
});

t.test('failures are counted in a row, and a pause after one is not cut short', async (t) => {
  const waits: number[] = [];
  const found = rig(
    t,
    (before) => (before === 2 ? Promise.resolve(false) : Promise.reject(new Error('no'))),
    {
      backoffMs: (count) => {
        waits.push(count);
        return found.steps > 3 ? FOREVER_MS : 0;
      },
    },
  );
  found.loop.start();
  while (found.steps < 3) await nextTurn();
  await turns();
  found.loop.wake();
  while (found.steps < 4) await nextTurn();
  found.loop.wake();
  await turns();
  t.equal(found.steps, 4);
  t.same(found.failures, [1, 2, 1]);
  t.same(waits, [1, 2, 1]);
});

t.test('it ends for good when it is told not to go on', async (t) => {
  const found = rig(t, () => Promise.reject(new Error('no')), { onFailure: () => false });
  found.loop.start();
  await turns();
  found.loop.wake();
  await turns();
  t.equal(found.steps, 1);
  t.ok(found.loop.signal.aborted);
});

t.test('stop waits for the step, tells it by its signal, and ends every pause', async (t) => {
  let ended = false;
  const found = rig(t, async () => {
    await new Promise<void>((resolve) => {
      found.loop.signal.addEventListener('abort', () => resolve());
    });
    ended = true;
    throw new Error('given up');
  });
  found.loop.start();
  await turns();
  await found.loop.stop();
  t.ok(ended);
  t.same(found.failures, [], 'the end is no failure');

  const paused = rig(t, () => Promise.reject(new Error('no')), { backoffMs: () => FOREVER_MS });
  paused.loop.start();
  await turns();
  await paused.loop.stop();
  t.equal(paused.steps, 1);
});

t.test('progress comes after a step, at the end, and when the signal says so', async (t) => {
  const found = rig(t, () => Promise.resolve(false));
  const progress = found.loop.progress(new AbortController().signal);
  found.loop.start();
  await progress;
  t.equal(found.steps, 1);

  await turns();
  const ending = new AbortController();
  const told = found.loop.progress(ending.signal);
  ending.abort();
  await told;
  t.equal(found.steps, 1);

  const last = found.loop.progress(new AbortController().signal);
  await found.loop.stop();
  await last;
  await found.loop.progress(new AbortController().signal);
  t.pass('also when it has ended');
});

t.test('whoever wakes it at each step does not keep a timer from coming', async (t) => {
  const found = rig(t, () => {
    found.loop.wake();
    return Promise.resolve(false);
  });
  found.loop.start();
  // A loop that keeps timers from coming ends this test by its time limit.
  do {
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  } while (found.steps < 2);
  t.pass('timers come, and steps go on');
});
