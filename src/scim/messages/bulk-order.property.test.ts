/**
 * The order of a bulk on any graph of references: each operation once, each after all that it needs
 * but for circles, circles whole, and nobody moved whom nobody refers to.
 */
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { bulkOrder } from './bulk-order.ts';

type Graph = readonly (readonly number[])[];

/** Sparse enough that chains, circles and lone operations all occur. */
const graph: fc.Arbitrary<Graph> = fc.integer({ min: 1, max: 12 }).chain((size) =>
  fc.array(fc.uniqueArray(fc.nat({ max: size - 1 }), { maxLength: 2 }), {
    minLength: size,
    maxLength: size,
  }),
);

/** By walking, the slow and obvious way. */
function reaches(needs: Graph, from: number, to: number): boolean {
  const seen = new Set<number>();
  const waiting = [...(needs[from] ?? [])];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (at === to) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    waiting.push(...(needs[at] ?? []));
  }
  return false;
}

function placeOf(order: readonly (readonly number[])[], position: number): number {
  return order.findIndex((unit) => unit.includes(position));
}

/** For every graph; the claim is told with the seed and the smallest graph that breaks it. */
function forEveryGraph(t: Test, claim: (needs: Graph, order: number[][]) => boolean): void {
  fc.assert(fc.property(graph, (needs) => claim(needs, bulkOrder(needs))));
  t.pass();
}

t.test('every operation comes once, and a unit is in the order of the request', async (t) => {
  forEveryGraph(t, (needs, order) => {
    const ascending = (a: number, b: number): number => a - b;
    const all = JSON.stringify(order.flat().toSorted(ascending));
    return (
      all === JSON.stringify([...needs.keys()]) &&
      order.every((unit) => String(unit) === String(unit.toSorted(ascending)))
    );
  });
});

t.test('those that need each other are one unit, all others are apart', async (t) => {
  forEveryGraph(t, (needs, order) =>
    pairs(needs).every(([a, b]) => {
      const inCircle = reaches(needs, a, b) && reaches(needs, b, a);
      return inCircle === (placeOf(order, a) === placeOf(order, b));
    }),
  );
});

t.test('what an operation needs is in its unit or in one before', async (t) => {
  forEveryGraph(t, (needs, order) =>
    [...needs.entries()].every(([position, needed]) =>
      needed.every((need) => placeOf(order, need) <= placeOf(order, position)),
    ),
  );
});

t.test(
  'a later one comes before an earlier one only if that, or one before, needs it',
  async (t) => {
    forEveryGraph(t, (needs, order) =>
      pairs(needs).every(([earlier, later]) => {
        if (placeOf(order, earlier) <= placeOf(order, later)) return true;
        return [...needs.keys()].some((p) => p <= earlier && reaches(needs, p, later));
      }),
    );
  },
);

/** Of positions, the smaller first. */
function pairs(needs: Graph): [number, number][] {
  return [...needs.keys()].flatMap((a) =>
    [...needs.keys()].flatMap((b): [number, number][] => (a < b ? [[a, b]] : [])),
  );
}

t.test('references backward change nothing', async (t) => {
  t.same(bulkOrder([[], [0], [1, 0]]), [[0], [1], [2]]);
});

t.test('what is referred to comes right before, in the order of the request', async (t) => {
  t.same(bulkOrder([[2], [], [], []]), [[2], [0], [1], [3]]);
  t.same(bulkOrder([[], [4, 3], [], [], []]), [[0], [3], [4], [1], [2]]);
});

t.test('two operations that wait for others keep their order', async (t) => {
  t.same(bulkOrder([[2, 3], [2], [], []]), [[2], [3], [0], [1]]);
});

t.test('a chain and a circle as long as a request can be', async (t) => {
  const length = 1000;
  const backward = Array.from({ length }, (_, at) => (at + 1 < length ? [at + 1] : []));
  t.same(bulkOrder(backward).flat(), [...backward.keys()].toReversed());
  const ring = Array.from({ length }, (_, at) => [(at + 1) % length]);
  t.same(bulkOrder(ring), [[...ring.keys()]]);
});
