/**
 * Pages in the order of a sort that no index has (RFC 7644 §3.4.2.3): every match is looked at, and
 * as many are kept as lie before the end of the page, by key, type and id only. That order is total,
 * so that a walk by cursor goes on behind a match whether or not it is still there.
 */
import { badRequest, type ScimError } from '../../scim/errors.ts';
import { compareText } from '../../scim/fold.ts';
import type { Place, Position } from '../../scim/messages/cursor.ts';
import { compareKeys, type SortKey } from '../../scim/sort/key.ts';
import type { ReadRow } from '../read-row.ts';
import { matchesOf, type Matches } from './matches.ts';
import { cursorFound, indexFound, type Found, type Run } from './run.ts';

/** A match without what it shows. */
interface Entry {
  readonly key: SortKey | undefined;
  /** Number of its type among those searched. */
  readonly type: number;
  readonly id: string;
  /** Undefined for a place that may have no row any more. */
  readonly row: number | undefined;
}

type Order = (a: Entry, b: Entry) => number;

/** Undefined when the bounds do not allow it. */
export function sorted(run: Run, descending: boolean): Found | undefined {
  const all: Matches[] = [];
  for (const target of run.targets) {
    const isScan = target.plans?.[0].probe === undefined;
    const matches = isScan && !run.bounds.scan ? undefined : matchesOf(run, target);
    if (matches === undefined) return undefined;
    all.push(matches);
  }
  const { start } = run.query;
  return start.by === 'index'
    ? indexPage(run, all, start.startIndex, descending)
    : cursorPage(run, all, start.place, descending);
}

function indexPage(
  run: Run,
  all: readonly Matches[],
  startIndex: number,
  descending: boolean,
): Found {
  const skip = Math.max(startIndex, 1) - 1;
  const first = new FirstOf(skip + run.query.count, ordered(descending), run.bounds.sortedRowsMax);
  const total = offerAll(run, all, first, undefined);
  return indexFound(rowsOf(run, first.take().slice(skip)), total);
}

function cursorPage(run: Run, all: readonly Matches[], place: Place, descending: boolean): Found {
  const { query, bounds } = run;
  const order = ordered(descending !== place.backwards);
  const first = new FirstOf(query.count + 1, order, bounds.sortedRowsMax);
  const total = offerAll(run, all, first, place.position && entryOf(run, place.position));
  const entries = first.take();
  const more = entries.length > query.count;
  if (more) entries.pop();
  if (place.backwards) entries.reverse();
  const positions = entries.map((entry) => positionOf(run, entry));
  return cursorFound(place, rowsOf(run, entries), positions, more, total);
}

/**
 * @param edge only what is behind it may be on the page
 * @returns how many matches there are, on all pages
 */
function offerAll(
  { bounds }: Run,
  all: readonly Matches[],
  first: FirstOf,
  edge: Entry | undefined,
): number {
  let total = 0;
  for (const [type, matches] of all.entries()) {
    for (const seen of matches.walk(undefined, false, bounds.sliceRows)) {
      const { id, row } = seen.row;
      total += 1;
      first.offer({ key: matches.view.key(seen), type, id, row }, edge);
    }
  }
  return total;
}

/** The first matches in an order. What cannot be among them is let go, so that few are held. */
class FirstOf {
  readonly #wanted: number;
  readonly #order: Order;
  readonly #max: number;
  readonly #entries: Entry[] = [];
  /** When as many are wanted as are held: nothing behind it is among the first. */
  #last: Entry | undefined;

  constructor(wanted: number, order: Order, max: number) {
    this.#wanted = wanted;
    this.#order = order;
    this.#max = max;
  }

  /** @throws ScimError 400 tooMany when more would have to be held than may be */
  offer(entry: Entry, edge: Entry | undefined): void {
    if (edge !== undefined && this.#order(entry, edge) <= 0) return;
    if (this.#last !== undefined && this.#order(entry, this.#last) >= 0) return;
    this.#entries.push(entry);
    const { length } = this.#entries;
    if (length > this.#wanted + Math.max(1000, this.#wanted / 4)) this.#letGo();
    else if (length > this.#max && this.#wanted > this.#max) throw tooDeep(this.#max);
  }

  /** In order. */
  take(): Entry[] {
    this.#letGo();
    return this.#entries;
  }

  #letGo(): void {
    this.#entries.sort(this.#order);
    if (this.#entries.length < this.#wanted) return;
    this.#entries.length = this.#wanted;
    this.#last = this.#entries.at(-1);
  }
}

/** By key, then type, then id; descending is the exact reverse, with missing values first. */
function ordered(descending: boolean): Order {
  const ascending: Order = (a, b) =>
    compareKeys(a.key, b.key) || a.type - b.type || compareText(a.id, b.id);
  return descending ? (a, b) => ascending(b, a) : ascending;
}

function entryOf({ targets }: Run, { type, id, key }: Position): Entry {
  const number = targets.findIndex((target) => target.type.name === type);
  return { key, type: number, id, row: undefined };
}

function positionOf({ targets }: Run, { key, type, id }: Entry): Position {
  return { type: targets[type]?.type.name ?? '', id, key };
}

function rowsOf({ reader, query, targets }: Run, entries: readonly Entry[]): ReadRow[] {
  return entries.flatMap(({ row, type }) => {
    const name = targets[type]?.type.name;
    if (row === undefined || name === undefined) return [];
    return reader.byRow(row, query.endpoint, name) ?? [];
  });
}

function tooDeep(max: number): ScimError {
  return badRequest(
    'tooMany',
    `startIndex: a sorted list is paged by index up to ${max} resources; page by cursor instead`,
  );
}
