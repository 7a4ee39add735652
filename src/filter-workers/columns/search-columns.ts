/**
 * Answers a search over columns: places that match are found there, in the order of the sort, and only
 * the resources of the page are read. What columns cannot answer is left to the scan.
 */
import { assert } from '../../platform/assert.ts';
import { compileFilter } from '../../scim/filter/evaluate.ts';
import type { Place, Position } from '../../scim/messages/cursor.ts';
import type { Registry, ResourceType } from '../../scim/schema/attribute.ts';
import { compileSort, type CompiledSort } from '../../scim/sort/compile.ts';
import type { ReadRow } from '../../sqlite/read-row.ts';
import type { Reader } from '../../sqlite/reader.ts';
import {
  cursorFound,
  indexFound,
  type Found,
  type ResourceSearch,
} from '../../sqlite/search/run.ts';
import { toStoredResources, typeNamed } from '../../sqlite/stored-resource.ts';
import type { SearchResult } from '../../store/results.ts';
import type { ColumnCache } from './column-cache.ts';
import type { ColumnSet, Reading } from './column-set.ts';
import type { Matches } from './matches.ts';
import { compareRank } from './sort-order.ts';
import { wantedBy } from './wanted.ts';

export interface ColumnSearch {
  readonly reader: Reader;
  readonly registry: Registry;
  readonly cache: ColumnCache;
  readonly reading: Reading;
  /** How many members or groups the page may show. */
  readonly linksMax: number;
  /** Whether columns may be made for it; else only those that are there answer. */
  readonly mayBuild: boolean;
}

/** Resources in one order, of which a page is wanted. */
interface Listed {
  readonly set: ColumnSet;
  readonly matches: Matches;
  readonly descending: boolean;
}

/**
 * @returns undefined when columns do not answer it, also when the page has too many links
 * @throws ScimError 400 invalidFilter; what `keepGoing` throws
 */
export function searchColumns(
  { reader, registry, cache, reading, linksMax, mayBuild }: ColumnSearch,
  query: ResourceSearch,
): SearchResult | undefined {
  const [searched, second] = query.types;
  if (searched === undefined || second !== undefined) return undefined;
  const { filter } = searched;
  if (filter === undefined && query.sort === undefined) return undefined;
  const type = typeNamed(registry, searched.name);
  if (filter !== undefined) compileFilter(filter, type);
  const sort = query.sort && otherThanId(compileSort(query.sort.by, type), type);
  const wanted = wantedBy(filter, sort, type);
  if (wanted === undefined) return undefined;
  if (!mayBuild && !cache.has(query.endpoint, type, wanted)) return undefined;
  return reader.snapshot(() => {
    const set = cache.open(reader, query.endpoint, type, wanted, reading);
    if (set === undefined) return undefined;
    const matches = set.find(filter, sort, reading.keepGoing);
    const listed = { set, matches, descending: query.sort?.descending === true };
    const { rows, total, next, previous } = pageOf(reader, query, listed);
    const links = searched.links ? { base: query.base } : undefined;
    const resources = toStoredResources(reader, registry, type, rows, links, linksMax);
    return resources && { totalResults: total, resources, next, previous };
  });
}

/** Lists are in the order of ids. */
function otherThanId(sort: CompiledSort | undefined, type: ResourceType): CompiledSort | undefined {
  return sort?.attribute === type.attributes.get('id') ? undefined : sort;
}

function pageOf(reader: Reader, query: ResourceSearch, listed: Listed): Found {
  const { start, count } = query;
  const { set, matches, descending } = listed;
  const { length: total } = matches.places;
  if (count <= 0) return indexFound([], total);
  if (start.by === 'index') {
    const skip = Math.max(start.startIndex, 1) - 1;
    const places = descending
      ? matches.places.slice(Math.max(total - skip - count, 0), Math.max(total - skip, 0)).reverse()
      : matches.places.slice(skip, skip + count);
    return indexFound(rowsAt(reader, query, set, places), total);
  }
  const places = behind(reader, query, listed, start.place);
  const more = places.length > count;
  const page = more ? places.slice(0, count) : places;
  if (start.place.backwards) page.reverse();
  const rows = rowsAt(reader, query, set, page);
  const positions = rows.map(({ type, id }, at): Position => ({
    type,
    id,
    key: keyAt(matches, page[at]),
  }));
  return cursorFound(start.place, rows, positions, more, total);
}

/** The next matches behind a place and one beyond the page, or before it, downwards. */
function behind(
  reader: Reader,
  { endpoint, count }: ResourceSearch,
  { set, matches, descending }: Listed,
  { backwards, position }: Place,
): Int32Array {
  const { places, order } = matches;
  const isDownwards = descending !== backwards;
  if (position === undefined) {
    return isDownwards ? places.slice(-count - 1).reverse() : places.slice(0, count + 1);
  }
  const rank = order === undefined ? (): number => 0 : compareRank(order, position.key);
  const [next] = reader.lists.slice({ endpoint, type: set.type.name }, position.id, isDownwards, 1);
  // The resource itself may be gone by now: its neighbour in the list tells where it was.
  const beside = next && set.placeOf(next.row);
  const edge = beside ?? (isDownwards ? -1 : set.places);
  const isBefore = (place: number): boolean =>
    rank(place) < 0 || (rank(place) === 0 && (isDownwards ? place <= edge : place < edge));
  const from = countWhile(places, isBefore);
  return isDownwards
    ? places.slice(Math.max(from - count - 1, 0), from).reverse()
    : places.slice(from, from + count + 1);
}

/** How many there are of which it holds; it holds of none behind one of which it does not. */
function countWhile(places: Int32Array, holds: (place: number) => boolean): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(places[middle] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function keyAt({ order }: Matches, place: number | undefined): Position['key'] {
  if (order === undefined || place === undefined) return undefined;
  return order.ranking.keyOf(order.rankAt[place] ?? order.ranking.count);
}

function rowsAt(
  reader: Reader,
  { endpoint }: ResourceSearch,
  set: ColumnSet,
  places: Int32Array,
): ReadRow[] {
  return Array.from(places, (place) => {
    const row = reader.byRow(set.rowAt(place), endpoint, set.type.name);
    assert(row !== undefined, 'a resource in the columns is in the snapshot');
    return row;
  });
}
