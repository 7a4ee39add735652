/**
 * The order in which the operations of a bulk are carried out (RFC 7644 §3.7, §3.7.1): as the client
 * gave them, but what an operation refers to comes before it. Only creations move, and forward: what
 * a client does to one resource after another keeps its order. Operations that refer to each other
 * in a circle come together, as one unit.
 */

/** Where the search stands in an operation, and how early one it can come back to. */
interface Visit {
  readonly position: number;
  readonly index: number;
  earliest: number;
  /** Those it refers to and that are not looked at yet, the last first. */
  readonly needs: number[];
}

/**
 * Strongly connected components by Tarjan's algorithm, which finds each after all that it needs. It
 * does not recurse: a chain of references may be as long as the request.
 * @param needs of each operation the positions of those it refers to; its own is allowed
 * @returns every position once, in units; more than one position in a unit is a circle, in the order
 *   of the request
 */
export function bulkOrder(needs: readonly (readonly number[])[]): number[][] {
  const units: number[][] = [];
  const indexes = new Map<number, number>();
  const stack: number[] = [];
  const open = new Set<number>();
  const path: Visit[] = [];

  const enter = (position: number): void => {
    const index = indexes.size;
    indexes.set(position, index);
    stack.push(position);
    open.add(position);
    const own = needs[position] ?? [];
    path.push({ position, index, earliest: index, needs: own.toSorted((a, b) => b - a) });
  };

  const leave = ({ position, index, earliest }: Visit): void => {
    const parent = path.at(-1);
    if (parent !== undefined) parent.earliest = Math.min(parent.earliest, earliest);
    if (earliest !== index) return;
    const unit = stack.splice(stack.lastIndexOf(position));
    for (const each of unit) open.delete(each);
    units.push(unit.sort((a, b) => a - b));
  };

  for (const position of needs.keys()) {
    if (!indexes.has(position)) enter(position);
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const need = visit.needs.pop();
      if (need === undefined) {
        path.pop();
        leave(visit);
        continue;
      }
      const index = indexes.get(need);
      if (index === undefined) enter(need);
      else if (open.has(need)) visit.earliest = Math.min(visit.earliest, index);
    }
  }
  return units;
}
