/**
 * Answers a search from one connection, within bounds: the main thread's are tight, so that no
 * search holds it up; a filter worker's let it scan. The same code runs in both, so both find the
 * same resources in the same order, all of one commit.
 */
import type { Registry } from '../scim/schema/attribute.ts';
import { compileSort } from '../scim/sort/compile.ts';
import type { SearchedType } from '../store/queries.ts';
import type { SearchResult, StoredResource } from '../store/results.ts';
import { plansFor } from './plan/choose.ts';
import type { Reader } from './reader.ts';
import { compileRowView } from './row-view.ts';
import { pageByName, sortsByName } from './search/by-name.ts';
import {
  sortsById,
  type Found,
  type ResourceSearch,
  type Run,
  type SearchBounds,
  type Target,
} from './search/run.ts';
import { sorted } from './search/sorted.ts';
import { walked } from './search/walk.ts';
import { toStoredResources, typeNamed } from './stored-resource.ts';

/**
 * @returns undefined when the answer does not fit in the bounds; with `scan` and no `offsetMax`
 * that is when it has too many links
 * @throws ScimError 400 invalidFilter, tooMany; 404 for a type the endpoint does not serve
 */
export function search(
  reader: Reader,
  registry: Registry,
  query: ResourceSearch,
  bounds: SearchBounds,
): SearchResult | undefined {
  return reader.snapshot(() => {
    const targets = query.types.map((searched) => targetOf(reader, registry, query, searched));
    const run: Run = { reader, registry, query, bounds, targets };
    const found = find(run);
    const resources = found && shown(run, found);
    if (found === undefined || resources === undefined) return undefined;
    const { total, next, previous } = found;
    return { totalResults: total, resources, next, previous };
  });
}

/** Plans and compiles, so that a faulty filter is refused before any resource is read. */
export function targetOf(
  reader: Reader,
  registry: Registry,
  { endpoint, sort: demanded, base }: ResourceSearch,
  searched: SearchedType,
): Target {
  const type = typeNamed(registry, searched.name);
  const indexOf = reader.candidates.indexesOf(endpoint, type);
  const plans = searched.filter && plansFor(searched.filter, type, indexOf);
  const sort = demanded && compileSort(demanded.by, type);
  const view = compileRowView(plans?.[0].residual, sort, type, base);
  return { searched, type, plans, sort, view };
}

/** Undefined when it does not fit in the bounds. */
function find(run: Run): Found | undefined {
  const { query, bounds, targets } = run;
  // No order is needed to count.
  if (query.sort === undefined || query.count <= 0) return walked(run, false);
  const { descending } = query.sort;
  const [first, second] = targets;
  const only = second === undefined ? first : undefined;
  if (only !== undefined && sortsById(only)) return walked(run, descending);
  if (only !== undefined && sortsByName(only)) {
    const page = pageByName(run, only, descending);
    if (page !== undefined || !bounds.scan) return page;
  }
  return sorted(run, descending);
}

/** Undefined when there are more members or groups than one answer may show. */
function shown(
  { reader, registry, query, bounds, targets }: Run,
  { rows }: Found,
): readonly StoredResource[] | undefined {
  const links = { base: query.base };
  const [first, second] = targets;
  if (first !== undefined && second === undefined) {
    const { type, searched } = first;
    const wanted = searched.links ? links : undefined;
    return toStoredResources(reader, registry, type, rows, wanted, bounds.linksMax);
  }
  const byRow = new Map<number, StoredResource>();
  for (const { type, searched } of targets) {
    const own = rows.filter((row) => row.type === type.name);
    const wanted = searched.links ? links : undefined;
    const resources = toStoredResources(reader, registry, type, own, wanted, bounds.linksMax);
    if (resources === undefined) return undefined;
    for (const [at, { row }] of own.entries()) {
      const resource = resources[at];
      if (resource !== undefined) byRow.set(row, resource);
    }
  }
  return rows.flatMap(({ row }) => byRow.get(row) ?? []);
}
