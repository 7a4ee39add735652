/**
 * Answers a search over columns: places that match are found there, and only the resources of the
 * page are read. What columns cannot answer is left to the scan.
 */
import { assert } from '../../platform/assert.ts';
import type { Place, Position } from '../../scim/messages/cursor.ts';
import type { FilterNode } from '../../scim/filter/ast.ts';
import type { Registry } from '../../scim/schema/attribute.ts';
import { planFilter } from '../../sqlite/plan/choose.ts';
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
import { wantedBy } from './wanted.ts';

export interface ColumnSearch {
  readonly reader: Reader;
  readonly registry: Registry;
  readonly cache: ColumnCache;
  readonly reading: Reading;
  /** How many members or groups the page may show. */
  readonly linksMax: number;
}

/**
 * @returns undefined when columns do not answer it, also when the page has too many links
 * @throws what `keepGoing` throws
 */
export function searchColumns(
  { reader, registry, cache, reading, linksMax }: ColumnSearch,
  query: ResourceSearch,
): SearchResult | undefined {
  const [searched, second] = query.types;
  const filter = searched?.filter;
  if (searched === undefined || second !== undefined) return undefined;
  if (filter === undefined || query.sort !== undefined) return undefined;
  const type = typeNamed(registry, searched.name);
  const { probe, members, residual } = planFilter(filter, type);
  if (probe !== undefined || members.length > 0 || residual === undefined) return undefined;
  const wanted = wantedBy(residual, type);
  if (wanted === undefined) return undefined;
  return reader.snapshot(() => {
    const set = cache.open(reader, query.endpoint, type, wanted, reading);
    if (set === undefined) return undefined;
    const { rows, total, next, previous } = find(reader, query, set, residual);
    const links = searched.links ? { base: query.base } : undefined;
    const resources = toStoredResources(reader, registry, type, rows, links, linksMax);
    return resources && { totalResults: total, resources, next, previous };
  });
}

function find(reader: Reader, query: ResourceSearch, set: ColumnSet, filter: FilterNode): Found {
  const { start, count } = query;
  const matches = set.matches(filter);
  if (start.by === 'index') {
    const skip = Math.max(start.startIndex, 1) - 1;
    const { places, total } = pageByIndex(set, matches, skip, Math.max(count, 0));
    return indexFound(rowsAt(reader, query, set, places), total);
  }
  const total = countAll(set, matches);
  if (count <= 0) return indexFound([], total);
  const places = pageByPlace(reader, query, set, matches, start.place, count + 1);
  const more = places.length > count;
  if (more) places.pop();
  if (start.place.backwards) places.reverse();
  const rows = rowsAt(reader, query, set, places);
  const positions = rows.map(({ type, id }): Position => ({ type, id, key: undefined }));
  return cursorFound(start.place, rows, positions, more, total);
}

function pageByIndex(
  set: ColumnSet,
  matches: (place: number) => boolean,
  skip: number,
  count: number,
): { places: number[]; total: number } {
  const places: number[] = [];
  let total = 0;
  for (let place = 0; place < set.places; place += 1) {
    if (!matches(place)) continue;
    if (total >= skip && places.length < count) places.push(place);
    total += 1;
  }
  return { places, total };
}

function countAll(set: ColumnSet, matches: (place: number) => boolean): number {
  let total = 0;
  for (let place = 0; place < set.places; place += 1) if (matches(place)) total += 1;
  return total;
}

/** The next matches behind a place, or before it, downwards. */
function pageByPlace(
  reader: Reader,
  query: ResourceSearch,
  set: ColumnSet,
  matches: (place: number) => boolean,
  { backwards, position }: Place,
  wanted: number,
): number[] {
  const step = backwards ? -1 : 1;
  const first =
    position === undefined ? 0 : placeBeside(reader, query, set, position.id, backwards);
  const places: number[] = [];
  if (first === undefined) return places;
  for (let place = first; place >= 0 && place < set.places; place += step) {
    if (matches(place)) places.push(place);
    if (places.length === wanted) break;
  }
  return places;
}

/** Of the resource next to an id, which itself may be gone by now. */
function placeBeside(
  { lists }: Reader,
  { endpoint }: ResourceSearch,
  set: ColumnSet,
  id: string,
  backwards: boolean,
): number | undefined {
  const [next] = lists.slice({ endpoint, type: set.type.name }, id, backwards, 1);
  return next && set.placeOf(next.row);
}

function rowsAt(
  reader: Reader,
  { endpoint }: ResourceSearch,
  set: ColumnSet,
  places: readonly number[],
): ReadRow[] {
  return places.map((place) => {
    const row = reader.byRow(set.rowAt(place), endpoint, set.type.name);
    assert(row !== undefined, 'a resource in the columns is in the snapshot');
    return row;
  });
}
