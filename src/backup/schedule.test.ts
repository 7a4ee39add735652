/** When a snapshot, a drill or a copy of the log is due: by changes, by need, by a clock that may jump. */
import t from 'tap';
import { Schedule, type ScheduleParts } from './schedule.ts';
import type { DrillResult } from './status.ts';
import { snapshotAt } from './test/manifest-samples.ts';

const MINUTE_MS = 60_000;
const START = 1_700_000_000_000;
const DRILL: DrillResult = {
  at: START,
  storage: 'memory',
  ok: true,
  sequence: 1,
  durationMs: 1,
  problem: undefined,
};

type ScheduledShipper = ReturnType<ScheduleParts['shippers']>[number];

class Rig {
  now = START;
  committed = 0;
  segmentBytes = 0;
  fails = false;
  needsSnapshot = false;
  answers = true;
  caughtUp = true;
  last = snapshotAt(0, START);
  lastDrillAt: number | undefined;
  readonly done: string[] = [];
  readonly warnings: string[] = [];
  readonly schedule: Schedule;

  constructor(settings: Partial<ScheduleParts['settings']> = {}) {
    this.schedule = new Schedule({
      settings: {
        snapshotIntervalMs: 5 * MINUTE_MS,
        snapshotBytes: 1000,
        drillIntervalMs: undefined,
        logsIntervalMs: undefined,
        ...settings,
      },
      clock: { now: () => this.now },
      committed: () => this.committed,
      segmentBytes: () => this.segmentBytes,
      shippers: () => [this.#shipper()],
      snapshots: {
        running: false,
        take: () => this.#take(),
        takeOfLog: () => this.#did('log'),
      },
      lastDrillAt: () => this.lastDrillAt,
      drill: async () => {
        await this.#did('drill');
        this.lastDrillAt = this.now;
        return DRILL;
      },
      warn: (message) => this.warnings.push(message),
    });
  }

  /** @returns what this look has set off */
  async tick(afterMs = 0): Promise<string[]> {
    this.now += afterMs;
    this.done.length = 0;
    this.schedule.tick();
    await new Promise(setImmediate);
    return [...this.done];
  }

  async #take() {
    await this.#did('snapshot');
    this.last = snapshotAt(this.committed, this.now);
    this.needsSnapshot = false;
    return this.last;
  }

  async #did(what: string): Promise<void> {
    this.done.push(what);
    await Promise.resolve();
    if (this.fails) throw new Error('no storage answers');
  }

  #shipper(): ScheduledShipper {
    const { answers, needsSnapshot, caughtUp, last } = this;
    return {
      answers,
      needsSnapshot,
      caughtUp,
      status: () => ({
        label: 'memory',
        state: 'ok',
        sequence: last.sequence,
        at: undefined,
        waitingSegments: 0,
        waitingBytes: 0,
        lastError: undefined,
        lastErrorAt: undefined,
        snapshots: 1,
        lastSnapshot: last,
      }),
    };
  }
}

t.test('a snapshot is due after the interval when something changed, else not', async (t) => {
  const rig = new Rig();
  t.same(await rig.tick(6 * MINUTE_MS), []);
  rig.committed = 1;
  t.same(await rig.tick(), ['snapshot']);
  t.same(await rig.tick(MINUTE_MS), []);
  rig.committed = 2;
  t.same(await rig.tick(MINUTE_MS), []);
  t.same(await rig.tick(3 * MINUTE_MS), ['snapshot']);
});

t.test('earlier when many bytes of segments have gathered', async (t) => {
  const rig = new Rig();
  rig.committed = 1;
  rig.segmentBytes = 999;
  t.same(await rig.tick(), []);
  rig.segmentBytes = 1000;
  t.same(await rig.tick(), ['snapshot']);
  rig.committed = 2;
  t.same(await rig.tick(), []);
});

t.test('at once when a storage that answers needs one', async (t) => {
  const rig = new Rig();
  rig.needsSnapshot = true;
  rig.answers = false;
  t.same(await rig.tick(), []);
  rig.answers = true;
  t.same(await rig.tick(), ['snapshot']);
});

t.test('after a failure soon again, but not at every look, and told each time', async (t) => {
  const rig = new Rig();
  rig.committed = 1;
  rig.fails = true;
  t.same(await rig.tick(5 * MINUTE_MS), ['snapshot']);
  t.same(await rig.tick(14_000), []);
  t.same(await rig.tick(1000), ['snapshot']);
  t.same(rig.warnings, Array(2).fill('no snapshot was taken: no storage answers'));
  rig.fails = false;
  t.same(await rig.tick(15_000), ['snapshot']);
});

t.test('a clock that is set back puts nothing off for longer than the interval', async (t) => {
  const rig = new Rig({ logsIntervalMs: 5 * MINUTE_MS });
  const year = 365 * 24 * 60 * MINUTE_MS;
  rig.committed = 1;
  t.same(await rig.tick(year), ['snapshot']);
  rig.committed = 2;
  t.same(await rig.tick(-year), []);
  t.same(await rig.tick(5 * MINUTE_MS), ['snapshot']);
  t.same(await rig.tick(), ['log']);
});

t.test('the log is copied on its own interval, not before the first has passed', async (t) => {
  const rig = new Rig({ logsIntervalMs: 60 * MINUTE_MS });
  t.same(await rig.tick(59 * MINUTE_MS), []);
  t.same(await rig.tick(MINUTE_MS), ['log']);
  rig.fails = true;
  t.same(await rig.tick(60 * MINUTE_MS), ['log']);
  t.same(rig.warnings, ['the request log was not backed up: no storage answers']);
});

t.test('the first drill comes soon after the start, the next one day by day', async (t) => {
  const day = 24 * 60 * MINUTE_MS;
  const rig = new Rig({ drillIntervalMs: day });
  t.same(await rig.tick(9 * MINUTE_MS), []);
  rig.caughtUp = false;
  t.same(await rig.tick(MINUTE_MS), [], 'it would wait for what is not shipped');
  rig.caughtUp = true;
  t.same(await rig.tick(), ['drill']);
  t.same(await rig.tick(day - 1), []);
  t.same(await rig.tick(1), ['drill']);
});

t.test('a drill of the process before counts; one that lies ahead does not', async (t) => {
  const day = 24 * 60 * MINUTE_MS;
  const rig = new Rig({ drillIntervalMs: day });
  rig.lastDrillAt = START - day + 20 * MINUTE_MS;
  t.same(await rig.tick(19 * MINUTE_MS), []);
  t.same(await rig.tick(MINUTE_MS), ['drill']);
  const wrong = new Rig({ drillIntervalMs: day });
  wrong.lastDrillAt = START + 300 * day;
  t.same(await wrong.tick(10 * MINUTE_MS), ['drill']);
});

t.test('without intervals there are no drills and no copies of the log', async (t) => {
  const rig = new Rig();
  t.same(await rig.tick(400 * 24 * 60 * MINUTE_MS), []);
});
