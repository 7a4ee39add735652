/** Which runs are open, as requests ask: right after a change, and when the log has changed by itself. */
import t from 'tap';
import type { OpenRun } from '../../store/request-logs.ts';
import { StoreError } from '../../store/results.ts';
import { FakeLogs } from '../test/fake-logs.ts';
import { OpenRuns } from './open-runs.ts';

const LOOK_MS = 1000;
const OPEN_MS = 60_000;
const TOGGLE = { kind: 'toggle', endpointId: 'e', id: '1', label: 'a run', now: 0 } as const;

function rig(): {
  runs: OpenRuns;
  logs: FakeLogs;
  clock: { time: number; now(): number };
  wallClock: { time: number; now(): number };
  looks: () => number;
} {
  const logs = new FakeLogs();
  let looks = 0;
  const openRuns = logs.openRuns.bind(logs);
  logs.openRuns = () => {
    looks += 1;
    return openRuns();
  };
  const clock = { time: 0, now: () => clock.time };
  const wallClock = { time: 0, now: () => wallClock.time };
  const limits = { runLookMs: LOOK_MS, runOpenMs: OPEN_MS };
  return {
    runs: new OpenRuns(logs, clock, wallClock, limits),
    logs,
    clock,
    wallClock,
    looks: () => looks,
  };
}

t.test('a change is known when it is answered', async (t) => {
  const { runs } = rig();
  t.equal(runs.has('e'), false);
  t.match(await runs.change(TOGGLE), { endpointId: 'e', endedAt: undefined });
  t.equal(runs.has('e'), true);
  t.equal(runs.has('other'), false);
  await runs.change(TOGGLE);
  t.equal(runs.has('e'), false);
  await runs.change(TOGGLE);
  await runs.change({ kind: 'remove', endpointId: 'e', id: '1' });
  t.equal(runs.has('e'), false);
});

t.test('of a change that failed, the log tells what became of it', async (t) => {
  const { runs, logs } = rig();
  logs.changeRun = () => {
    logs.running = ['e'];
    return Promise.reject(new StoreError('unavailable', 'nobody knows'));
  };
  await t.rejects(runs.change(TOGGLE), StoreError);
  t.equal(runs.has('e'), true);
});

t.test('while no run is open, nobody looks', async (t) => {
  const { runs, clock, looks } = rig();
  await runs.look();
  clock.time = Number.MAX_SAFE_INTEGER;
  for (let n = 0; n < 3; n += 1) runs.has('e');
  t.equal(looks(), 1);
});

t.test('a run that is gone with its file ends within some seconds', async (t) => {
  const { runs, logs, clock, looks } = rig();
  await runs.change(TOGGLE);
  logs.running = [];
  clock.time = LOOK_MS - 1;
  t.equal(runs.has('e'), true);
  t.equal(looks(), 1);
  clock.time = LOOK_MS;
  for (let n = 0; n < 3; n += 1) runs.has('e');
  t.equal(looks(), 2, 'one look for all who ask meanwhile');
  await new Promise(setImmediate);
  t.equal(runs.has('e'), false);
});

t.test('while the log cannot be read, what is known stays, and it is read again', async (t) => {
  const { runs, logs, clock, looks } = rig();
  logs.running = ['e'];
  const read = logs.openRuns.bind(logs);
  logs.openRuns = () => Promise.reject(new StoreError('unavailable', 'away'));
  await runs.look();
  t.equal(runs.has('e'), false, 'nobody knows');
  logs.openRuns = read;
  clock.time = LOOK_MS;
  runs.has('e');
  await new Promise(setImmediate);
  t.equal(runs.has('e'), true);
  t.equal(looks(), 1);
  logs.openRuns = () => Promise.reject(new StoreError('unavailable', 'away again'));
  clock.time += LOOK_MS;
  runs.has('e');
  await new Promise(setImmediate);
  t.equal(runs.has('e'), true);
});

t.test('of two looks the later one counts, whichever is answered last', async (t) => {
  const { runs, logs } = rig();
  const answers: ((found: readonly OpenRun[]) => void)[] = [];
  logs.openRuns = () => new Promise((resolve) => answers.push(resolve));
  const looks = [runs.look(), runs.look()];
  answers[1]?.([{ endpointId: 'e', startedAt: 0 }]);
  answers[0]?.([]);
  await Promise.all(looks);
  t.equal(runs.has('e'), true);
});

t.test(
  'a run that nobody ends raises nothing any more after its time, over a restart too',
  async (t) => {
    const { runs, logs, clock, wallClock, looks } = rig();
    await runs.change(TOGGLE);
    wallClock.time = OPEN_MS - 1;
    t.equal(runs.has('e'), true);
    wallClock.time = OPEN_MS;
    t.equal(runs.has('e'), false, 'at that very moment, without a look');
    clock.time = LOOK_MS;
    runs.has('e');
    await new Promise(setImmediate);
    const before = looks();
    clock.time = 10 * LOOK_MS;
    runs.has('e');
    t.equal(looks(), before, 'and nobody looks for it any more');
    const again = new OpenRuns(logs, clock, wallClock, { runLookMs: LOOK_MS, runOpenMs: OPEN_MS });
    await again.look();
    t.equal(again.has('e'), false);
    wallClock.time = -OPEN_MS;
    await again.look();
    t.equal(again.has('e'), false, 'nor of one that seems to begin much later');
  },
);
