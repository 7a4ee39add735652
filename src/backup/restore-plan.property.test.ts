/** Whatever a storage has been through, a plan makes exactly what was true, or there is none. */
import fc from 'fast-check';
import t from 'tap';
import { propertyRuns } from '../../test/support/property-runs.ts';
import { checkChains } from './chain-check.ts';
import type { SegmentEntry } from './object-names.ts';
import {
  chainPrefixesFor,
  planRestore,
  restoreRanges,
  Unrestorable,
  type RestoreOptions,
  type RestorePlan,
  type RestoreTarget,
} from './restore-plan.ts';
import { HistoryModel, steps } from './test/history-model.ts';

const RUNS = propertyRuns(t, { seed: 1, numRuns: 150 });

/** @returns undefined when it is refused */
function plan(
  model: HistoryModel,
  target: RestoreTarget,
  segments: readonly SegmentEntry[] = model.segments,
  options: RestoreOptions = {},
): RestorePlan | undefined {
  try {
    return planRestore(model.head, model.manifest, segments, target, options);
  } catch (error) {
    if (!(error instanceof Unrestorable)) throw error;
    return undefined;
  }
}

function holds(body: (model: HistoryModel) => void): void {
  fc.assert(
    fc.property(steps, (list) => body(new HistoryModel(list))),
    RUNS,
  );
}

function check(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}

/** By its name, or by a commit that it follows: it is not there to be looked at. */
function isNamed({ name, from, to }: SegmentEntry, message: string): boolean {
  const commits = [...message.matchAll(/commit (\d+)/g)].map((match) => Number(match[1]));
  return message.includes(name) || commits.some((commit) => from <= commit && commit < to);
}

t.test('the newest position is at least what the head claims, exactly', async () => {
  holds((model) => {
    const newest = planRestore(model.head, model.manifest, model.segments);
    check(newest.sequence >= model.head.sequence, 'it falls short of the head');
    check(model.isExact(newest), 'its content is wrong');
  });
});

t.test('whatever is asked for is restored exactly or refused', async () => {
  holds((model) => {
    for (let sequence = 0; sequence <= model.sequence + 1; sequence += 1) {
      const bySequence = plan(model, { sequence });
      check(bySequence === undefined || bySequence.sequence <= sequence, 'it goes too far');
      check(bySequence === undefined || model.isExact(bySequence), `commit ${sequence} is wrong`);
      const time = model.timeOf(sequence);
      const byTime = plan(model, { time });
      check(byTime === undefined || byTime.at <= time, 'it is too young');
      check(byTime === undefined || model.isExact(byTime), `the time of ${sequence} is wrong`);
    }
  });
});

t.test('every moment in a claimed range can be restored', async () => {
  holds((model) => {
    const { head, manifest, segments } = model;
    for (const ranges of [
      restoreRanges('x', head, manifest),
      restoreRanges('x', head, manifest, segments),
    ]) {
      check(ranges.length > 0, 'nothing is claimed');
      for (const { fromSequence, toSequence, fromTime, toTime } of ranges) {
        for (let sequence = fromSequence; sequence <= toSequence; sequence += 1) {
          const found = plan(model, { sequence });
          check(found !== undefined && found.sequence >= fromSequence, `commit ${sequence}`);
        }
        for (let time = fromTime; time <= toTime; time += 500) {
          const found = plan(model, { time });
          check(found !== undefined && found.at >= fromTime, `time ${time}`);
        }
      }
      for (const end of ranges) {
        const found = plan(model, { sequence: end.toSequence });
        check(found?.sequence === end.toSequence, 'the end of a range is no position');
      }
    }
  });
});

t.test('with its segments a range claims no less than without', async () => {
  holds((model) => {
    const { head, manifest, segments } = model;
    const exact = restoreRanges('x', head, manifest, segments);
    for (const { fromSequence, toSequence } of restoreRanges('x', head, manifest)) {
      const cover = exact.filter(
        (range) => range.fromSequence <= fromSequence && range.toSequence >= toSequence,
      );
      check(cover.length > 0, `${fromSequence} to ${toSequence}`);
    }
  });
});

t.test('without an object that a plan needs, it is named or gone around', async () => {
  holds((model) => {
    const newest = planRestore(model.head, model.manifest, model.segments);
    for (const lost of newest.segments) {
      const rest = model.segments.filter(({ name }) => name !== lost.name);
      try {
        const other = planRestore(model.head, model.manifest, rest);
        check(model.isExact(other), 'another way leads elsewhere');
        check(other.sequence >= model.head.sequence, 'another way falls short');
      } catch (error) {
        if (!(error instanceof Unrestorable)) throw error;
        check(isNamed(lost, error.message), `${lost.name} is not named: ${error.message}`);
      }
    }
  });
});

t.test('without a snapshot, an older one leads to the same position or none does', async () => {
  holds((model) => {
    const excludeSnapshots: string[] = [];
    const newest = planRestore(model.head, model.manifest, model.segments);
    for (let way = plan(model, {}); way !== undefined;) {
      check(way.sequence === newest.sequence && model.isExact(way), 'it leads elsewhere');
      excludeSnapshots.push(way.snapshot.name);
      way = plan(model, {}, model.segments, { excludeSnapshots });
    }
    check(excludeSnapshots.length <= model.manifest.snapshots.length, 'one was used twice');
  });
});

t.test('the chains named for a snapshot are all that a plan from it needs', async () => {
  holds((model) => {
    for (let sequence = 1; sequence <= model.sequence; sequence += 1) {
      const whole = plan(model, { sequence });
      if (whole === undefined) continue;
      const prefixes = chainPrefixesFor(model.manifest, whole.snapshot.sequence);
      const listed = model.segments.filter(({ name }) =>
        prefixes.some((prefix) => name.startsWith(prefix)),
      );
      check(
        JSON.stringify(plan(model, { sequence }, listed)) === JSON.stringify(whole),
        `${sequence}`,
      );
    }
  });
});

t.test('a check of the chains misses what is lost, and nothing else', async () => {
  holds((model) => {
    const { head, manifest, segments } = model;
    const found = checkChains(head, manifest, segments);
    check(found.problems.length === 0, found.problems.join());
    for (const lost of found.segments) {
      const rest = segments.filter(({ name }) => name !== lost.name);
      const { problems } = checkChains(head, manifest, rest);
      const isMissed = problems.some((line) => isNamed(lost, line));
      check(isMissed, `${lost.name} is not missed: ${problems.join()}`);
    }
  });
});
