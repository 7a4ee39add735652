import fc from 'fast-check';
import t from 'tap';
import { FairQueue } from './fair-queue.ts';

t.test('lines take turns, and each is first in first out', (t) => {
  const queue = new FairQueue<string>(10);
  for (const item of ['a1', 'a2', 'a3', 'b1', 'c1', 'b2']) queue.push(endpointOf(item), item);
  t.equal(queue.size, 6);
  t.strictSame(drain(queue), ['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  t.equal(queue.size, 0);
  t.end();
});

t.test('one line alone may take every place; then its newcomers are refused', (t) => {
  const queue = new FairQueue<string>(2);
  t.equal(queue.push(1, 'a1'), undefined);
  t.equal(queue.push(1, 'a2'), undefined);
  t.equal(queue.push(1, 'a3'), 'a3');
  t.strictSame(drain(queue), ['a1', 'a2']);
  t.end();
});

t.test('a full queue makes room for a shorter line, at the end of the longest', (t) => {
  const queue = new FairQueue<string>(4);
  for (const item of ['a1', 'b1', 'b2', 'b3']) queue.push(endpointOf(item), item);
  t.equal(queue.push(3, 'c1'), 'b3');
  t.equal(queue.push(1, 'a2'), 'a2', 'two and two would be two and one: nothing is gained');
  t.strictSame(drain(queue), ['a1', 'b1', 'c1', 'b2']);
  t.end();
});

t.test('what is taken out does not have its turn', (t) => {
  const queue = new FairQueue<string>(4);
  for (const item of ['a1', 'a2', 'b1']) queue.push(endpointOf(item), item);
  t.ok(queue.remove(1, 'a1'));
  t.ok(queue.remove(2, 'b1'));
  t.notOk(queue.remove(2, 'b1'), 'twice');
  t.notOk(queue.remove(9, 'i1'), 'of a line that is not there');
  t.equal(queue.size, 1);
  t.strictSame(drain(queue), ['a2']);
  t.end();
});

t.test('nobody starves, whatever comes in whatever order', (t) => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ do: fc.constant('push' as const), at: fc.nat(4) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), at: fc.nat(4) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('shift' as const), at: fc.nat(4) }) },
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.array(step, { maxLength: 80 }), runSteps),
    { numRuns: 500 },
  );
  t.end();
});

interface Item {
  readonly endpoint: number;
  readonly serial: number;
  /** Endpoints that had a turn since it became the first of its line. */
  readonly waitedFor: Set<number>;
}

/** The same steps on the queue and on plain lines, which say what may happen. */
function runSteps(
  itemsMax: number,
  steps: readonly { readonly do: string; readonly at: number }[],
) {
  const queue = new FairQueue<Item>(itemsMax);
  const lines: Item[][] = [[], [], [], [], []];
  const lineOf = (endpoint: number): Item[] => lines[endpoint] ?? [];
  let serial = 0;
  for (const { do: action, at } of steps) {
    const before = lines.reduce((sum, { length }) => sum + length, 0);
    if (action === 'push') {
      const item: Item = { endpoint: at, serial: serial++, waitedFor: new Set() };
      const out = queue.push(at, item);
      const longest = Math.max(...lines.map(({ length }) => length));
      if (before < itemsMax) expect(out === undefined, 'there is room');
      else if (longest > lineOf(at).length + 1) {
        expect(out !== undefined && out !== item, 'a shorter line gets in');
        expect(out === lines.find((line) => line.at(-1) === out)?.at(-1), 'the newest makes room');
        expect(lineOf(out?.endpoint ?? 0).length === longest, 'of the longest line');
      } else expect(out === item, 'the newcomer is refused');
      if (out !== item) lineOf(at).push(item);
      if (out !== undefined && out !== item) lineOf(out.endpoint).pop();
    } else if (action === 'remove') {
      const item = lineOf(at).pop();
      expect(item === undefined || queue.remove(at, item), 'it was there');
    } else {
      const item = queue.shift();
      expect((item === undefined) === (before === 0), 'it gives while it has');
      if (item === undefined) continue;
      expect(lineOf(item.endpoint).shift() === item, 'first in first out');
      for (const [first] of lines) {
        if (first === undefined || first.endpoint === item.endpoint) continue;
        expect(!first.waitedFor.has(item.endpoint), 'its turn comes after one of each other');
        first.waitedFor.add(item.endpoint);
      }
    }
    expect(queue.size === lines.reduce((sum, { length }) => sum + length, 0), 'it counts right');
    expect(queue.size <= itemsMax, 'it is bounded');
  }
}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`not so: ${what}`);
}

function drain<T>(queue: FairQueue<T>): T[] {
  const items: T[] = [];
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) items.push(item);
  return items;
}

/** 'a1' is of endpoint 1. */
function endpointOf(item: string): number {
  return item.charCodeAt(0) - 'a'.charCodeAt(0) + 1;
}
