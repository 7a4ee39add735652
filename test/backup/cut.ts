/**
 * Finds how many of a client's writes a restored server holds: it must be exactly the first so many.
 * The versions that the writes were answered with are the order of commits over all clients, so one
 * number, the restored change sequence, decides for all of them where the cut is.
 */
import type { Operation } from './recorded-writes.ts';

type States = ReadonlyMap<string, string>;

export interface CutOptions {
  /** The restored database's change sequence. */
  readonly change: number;
  /** So many of the first writes must be there. */
  readonly heldMin: number;
}

/**
 * @param before the states that the writes began with
 * @param found the states that the server holds now
 * @returns how many writes are there
 * @throws Error that says what is wrong
 */
export function findCut(
  before: States,
  operations: readonly Operation[],
  found: States,
  { change, heldMin }: CutOptions,
): number {
  const held = operations.findLastIndex(({ version }) => (version ?? Infinity) <= change) + 1;
  const missing = operations.findIndex(({ version }) => (version ?? -1) > change);
  const min = Math.max(held, heldMin);
  const max = missing === -1 ? operations.length : missing;
  if (min > max) {
    throw new Error(
      `write ${min} of ${operations.length} must be there, but from ${max + 1} on they are newer than change ${change}`,
    );
  }
  const differing = new Set<string>();
  const states = new Map<string, string | undefined>(before);
  const compare = (name: string): void => {
    if (states.get(name) === found.get(name)) differing.delete(name);
    else differing.add(name);
  };
  for (const name of [...before.keys(), ...found.keys()]) compare(name);
  let nearest = { count: 0, names: [...differing] };
  for (let count = 0; count <= max; count += 1) {
    if (count >= min && differing.size === 0) return count;
    if (count >= min && (count === min || differing.size < nearest.names.length)) {
      nearest = { count, names: [...differing] };
    }
    for (const [name, state] of operations[count]?.effects ?? []) {
      states.set(name, state);
      compare(name);
    }
  }
  const name = nearest.names[0] ?? '';
  throw new Error(
    `after no number of writes between ${min} and ${max} is the state as it was found; ` +
      `nearest to it, after ${nearest.count}, ${nearest.names.length} differ, ${name} is ${String(found.get(name))}`,
  );
}
