/** Which runs are open, as requests ask: right after a change, and when the log has changed by itself. */
import t from 'tap';
import { StoreError } from '../../store/results.ts';
import { FakeLogs } from '../test/fake-logs.ts';
import { OpenRuns } from './open-runs.ts';

const LOOK_MS = 1000;
const TOGGLE = { kind: 'toggle', endpointId: 'e', id: '1', label: 'a run', now: 0 } as const;

function rig(): {
  runs: OpenRuns;
  logs: FakeLogs;
  clock: { time: number; now(): number };
  looks: () => number;
} {
  const logs = new FakeLogs();
  let looks = 0;
  const endpointsWithRun = logs.endpointsWithRun.bind(logs);
  logs.endpointsWithRun = () => {
    looks += 1;
    return endpointsWithRun();
  };
  const clock = { time: 0, now: () => clock.time };
  return {
    runs: new OpenRuns(logs, clock, { runLookMs: LOOK_MS }),
    logs,
    clock,
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
  const read = logs.endpointsWithRun.bind(logs);
  logs.endpointsWithRun = () => Promise.reject(new StoreError('unavailable', 'away'));
  await runs.look();
  t.equal(runs.has('e'), false, 'nobody knows');
  logs.endpointsWithRun = read;
  clock.time = LOOK_MS;
  runs.has('e');
  await new Promise(setImmediate);
  t.equal(runs.has('e'), true);
  t.equal(looks(), 1);
  logs.endpointsWithRun = () => Promise.reject(new StoreError('unavailable', 'away again'));
  clock.time += LOOK_MS;
  runs.has('e');
  await new Promise(setImmediate);
  t.equal(runs.has('e'), true);
});

t.test('of two looks the later one counts, whichever is answered last', async (t) => {
  const { runs, logs } = rig();
  const answers: ((found: readonly string[]) => void)[] = [];
  logs.endpointsWithRun = () => new Promise((resolve) => answers.push(resolve));
  const looks = [runs.look(), runs.look()];
  answers[1]?.(['e']);
  answers[0]?.([]);
  await Promise.all(looks);
  t.equal(runs.has('e'), true);
});
