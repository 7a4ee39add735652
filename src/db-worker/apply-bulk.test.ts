/** Which operations of a slice are tried, and how each ends, with commands that only succeed or fail. */
import fc from 'fast-check';
import t from 'tap';
import type { BulkOperation, BulkUnit, PatchCommand, ResourceWrite } from '../store/commands.ts';
import { applySlice, type SliceAttempt, type Together } from './apply-bulk.ts';

const FAILING = 'failing';

const remove = (id: string): ResourceWrite => ({
  kind: 'delete',
  endpointId: 'e',
  log: undefined,
  type: 'User',
  id,
  now: 0,
  ifMatch: undefined,
});

const join = (id: string): PatchCommand => ({
  kind: 'patch',
  endpointId: 'e',
  log: undefined,
  type: 'Group',
  id,
  now: 0,
  ifMatch: undefined,
  operations: '[]',
  needsSecrets: false,
});

interface Shape {
  readonly fails?: boolean;
  readonly wrong?: boolean;
  readonly needs?: readonly number[];
  readonly joins?: 'well' | 'failing';
}

function operation(position: number, shape: Shape = {}): BulkOperation {
  const { fails = false, wrong = false, needs = [], joins } = shape;
  const id = `${position}${fails ? FAILING : ''}`;
  return {
    position,
    needs,
    command: wrong ? undefined : remove(id),
    afterwards: joins && join(joins === 'well' ? `${position} later` : FAILING),
  };
}

/** Carries commands out by noting their ids; the version of each is its number. */
class Ledger {
  readonly done: string[] = [];
  tried = 0;

  readonly together = (commands: readonly ResourceWrite[]): Together => {
    this.tried += 1;
    const at = commands.findIndex(({ id }) => id.endsWith(FAILING));
    if (at !== -1) return { ok: false, error: new Error('refused'), at };
    const applied = commands.map(({ id }) => {
      this.done.push(id);
      const version = this.done.length;
      return {
        result: { created: 0, lastModified: 0, version, changed: true, document: undefined },
        warning: undefined,
      };
    });
    return { ok: true, applied };
  };
}

function run(
  units: readonly BulkUnit[],
  { failed = [], failuresLeft }: { failed?: number[]; failuresLeft?: number } = {},
): { ledger: Ledger; ends: Record<number, string>; attempts: SliceAttempt[] } {
  const ledger = new Ledger();
  const attempts = applySlice({ kind: 'bulkSlice', units, failed, failuresLeft }, ledger.together);
  return { ledger, attempts, ends: Object.fromEntries(attempts.map(end)) };
}

function end({ position, outcome }: SliceAttempt): [number, string] {
  return outcome.kind === 'needsFailed'
    ? [position, `needs ${outcome.position}`]
    : [position, outcome.kind];
}

t.test('an operation fails for itself alone', async (t) => {
  const { ledger, ends } = run([[operation(0)], [operation(1, { fails: true })], [operation(2)]]);
  t.same(ends, { 0: 'done', 1: 'failed', 2: 'done' });
  t.same(ledger.done, ['0', '2']);
});

t.test(
  'what needs a failed one fails untried, also when that was in an earlier slice',
  async (t) => {
    const { ledger, ends } = run(
      [
        [operation(1, { needs: [9] })],
        [operation(2, { wrong: true })],
        [operation(3, { needs: [0, 2] })],
        [operation(4, { needs: [3] })],
      ],
      { failed: [9] },
    );
    t.same(ends, { 1: 'needs 9', 2: 'wrong', 3: 'needs 2', 4: 'needs 3' });
    t.equal(ledger.tried, 0);
  },
);

t.test(
  'a circle is done whole: what joins afterwards gives the version that is told',
  async (t) => {
    const { ledger, attempts } = run([[operation(3, { joins: 'well' }), operation(5)]]);
    t.same(ledger.done, ['3', '5', '3 later']);
    t.match(attempts, [
      { position: 3, outcome: { kind: 'done', result: { version: 3 } } },
      { position: 5, outcome: { kind: 'done', result: { version: 2 } } },
    ]);
  },
);

t.test('a circle of which one fails fails whole, and the others name that one', async (t) => {
  const middle = run([[operation(0), operation(1, { fails: true }), operation(2)]]);
  t.same(middle.ends, { 0: 'needs 1', 1: 'failed', 2: 'needs 1' });
  t.same(middle.ledger.done, []);
  const joining = run([[operation(0, { joins: 'failing' }), operation(1)]]);
  t.same(joining.ends, { 0: 'failed', 1: 'needs 0' });
  const wrong = run([[operation(0), operation(1, { wrong: true }), operation(2, { wrong: true })]]);
  t.same(wrong.ends, { 0: 'needs 1', 1: 'wrong', 2: 'wrong' });
  const outside = run([[operation(0), operation(1, { needs: [7] })]], { failed: [7] });
  t.same(outside.ends, { 0: 'needs 7', 1: 'needs 7' });
});

t.test('after enough failures nothing more is begun', async (t) => {
  const units = [{ fails: true }, {}, { wrong: true }, {}, { fails: true }].map((shape, at) => [
    operation(at, shape),
  ]);
  t.same(run(units, { failuresLeft: 1 }).ends, { 0: 'failed' });
  t.same(run(units, { failuresLeft: 2 }).ends, { 0: 'failed', 1: 'done', 2: 'wrong' });
  t.equal(Object.keys(run(units, { failuresLeft: 3 }).ends).length, 5);
  t.same(run(units, { failuresLeft: 0 }).ends, {});
});

t.test('whatever comes: units end whole, needs are kept, failures are counted', async (t) => {
  const shape = fc.record({
    fails: fc.boolean(),
    wrong: fc.boolean(),
    joins: fc.constantFrom(undefined, 'well' as const, 'failing' as const),
    needs: fc.array(fc.nat(20), { maxLength: 2 }),
    startsUnit: fc.boolean(),
  });
  const shapes = fc.array(shape, { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(shapes, fc.integer({ min: 1, max: 5 }), (given, failuresLeft) => {
      const units: BulkOperation[][] = [];
      for (const [position, { startsUnit, needs, joins, ...rest }] of given.entries()) {
        const earlier = needs.filter((need) => need < position);
        const made = operation(position, { ...rest, needs: earlier, ...(joins && { joins }) });
        const unit = units.at(-1);
        if (startsUnit || unit === undefined) units.push([made]);
        else unit.push(made);
      }
      const { ledger, ends } = run(units, { failuresLeft });
      let failures = 0;
      for (const unit of units) {
        const kinds = unit.map(({ position }) => ends[position]);
        const begun = failures < failuresLeft;
        if (kinds.some((kind) => (kind !== undefined) !== begun)) return false;
        const done = kinds.filter((kind) => kind === 'done').length;
        if (done !== 0 && done !== unit.length) return false;
        const inUnit = new Set(unit.map(({ position }) => position));
        const needs = unit.flatMap((each) => each.needs).filter((need) => !inUnit.has(need));
        if (done > 0 && needs.some((need) => ends[need] !== 'done')) return false;
        if (begun) failures += unit.length - done;
      }
      const told = Object.values(ends).filter((kind) => kind === 'done').length;
      return told === ledger.done.filter((id) => !id.endsWith('later')).length;
    }),
  );
  t.pass();
});
