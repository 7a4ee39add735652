/**
 * All places of a list in the order of a sort (RFC 7644 §3.4.2.3): by the rank of the value that
 * counts, then by place, which is by id. Descending is the reverse.
 */
import { assert } from '../../platform/assert.ts';
import type { Attribute } from '../../scim/schema/attribute.ts';
import { compareKeys, type SortKey } from '../../scim/sort/key.ts';
import { ITSELF, type AttributeTable } from './attribute-table.ts';
import type { Ranking } from './column.ts';

export interface SortOrder {
  /** Ascending; what has no value is last. */
  readonly places: Int32Array;
  /** By place. */
  readonly rankAt: Int32Array;
  readonly ranking: Ranking;
}

/**
 * @param slotAt by place
 * @param sub whose value counts; undefined for the attribute's own
 */
export function sortOrder(
  slotAt: Int32Array,
  table: AttributeTable,
  sub: Attribute | undefined,
): SortOrder {
  const column = table.column(sub?.key ?? ITSELF);
  assert(column !== undefined, 'the column was wanted');
  const ranking = column.ranking();
  const rankAt = new Int32Array(slotAt.length);
  for (let place = 0; place < rankAt.length; place += 1) {
    const element = table.chosenOf(slotAt[place] ?? 0);
    rankAt[place] = element < 0 ? ranking.count : ranking.rankOf(element);
  }
  return { places: placesByRank(rankAt, ranking.count + 1), rankAt, ranking };
}

/**
 * How a place of the order compares with a key: below 0 when it comes before all of that key, 0 when it
 * has that key.
 */
export function compareRank({ rankAt, ranking }: SortOrder, key: SortKey | undefined) {
  const { count } = ranking;
  if (key === undefined) return (place: number): number => (rankAt[place] ?? count) - count;
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(ranking.keyOf(middle), key) < 0) low = middle + 1;
    else high = middle;
  }
  const isThere = low < count && compareKeys(ranking.keyOf(low), key) === 0;
  // A key that nothing has lies before the rank that is next.
  const edge = isThere ? low : low - 0.5;
  return (place: number): number => (rankAt[place] ?? count) - edge;
}

/** Counting places of each rank tells where each begins. */
function placesByRank(rankAt: Int32Array, ranks: number): Int32Array {
  const next = new Int32Array(ranks + 1);
  for (const rank of rankAt) next[rank + 1] = (next[rank + 1] ?? 0) + 1;
  for (let rank = 1; rank <= ranks; rank += 1) {
    next[rank] = (next[rank] ?? 0) + (next[rank - 1] ?? 0);
  }
  const places = new Int32Array(rankAt.length);
  for (let place = 0; place < rankAt.length; place += 1) {
    const rank = rankAt[place] ?? 0;
    const at = next[rank] ?? 0;
    places[at] = place;
    next[rank] = at + 1;
  }
  return places;
}
