/**
 * Tells how a search is answered, by planning it, counting what its indexes find as far as the planner
 * does, and trying it within the bounds of the main thread. Nothing of what it finds is told but how
 * many there are.
 */
import type { JsonObject, JsonValue } from '../scim/json.ts';
import type { AttributePlace, Registry, ResourceType } from '../scim/schema/attribute.ts';
import { compileSort, type CompiledSort } from '../scim/sort/compile.ts';
import type { SearchedType } from '../store/queries.ts';
import type { IndexOf } from './plan/conditions.ts';
import { plansFor, type FilterPlan } from './plan/choose.ts';
import { describeAccess, describeChecks, describeFilter, type Values } from './plan/explain.ts';
import { normalizeFilter } from './plan/normalize.ts';
import type { Reader } from './reader.ts';
import { search } from './search.ts';
import { rowsMax } from './search/candidates.ts';
import type { ResourceSearch, SearchBounds } from './search/run.ts';
import { typeNamed } from './stored-resource.ts';

/** How a filter worker answers what does not fit the bounds: `columns` or `scan`. */
export type WorkerWay = (
  searched: SearchedType,
  sort: CompiledSort | undefined,
  type: ResourceType,
) => string;

interface SortedType {
  readonly type: ResourceType;
  readonly sort: CompiledSort | undefined;
}

interface Asked {
  readonly reader: Reader;
  readonly registry: Registry;
  readonly query: ResourceSearch;
  readonly bounds: SearchBounds;
  readonly values: Values;
}

/** @throws ScimError as `search` does */
export function explain(asked: Asked, workerWay: WorkerWay): JsonObject {
  const { reader, registry, query, bounds } = asked;
  return reader.snapshot(() => {
    const found = search(reader, registry, query, bounds);
    const inline = found !== undefined;
    const types = query.types.map((searched) => {
      const type = typeNamed(registry, searched.name);
      const sort = query.sort && compileSort(query.sort.by, type);
      const evaluated = inline
        ? 'main thread'
        : `filter worker, ${workerWay(searched, sort, type)}`;
      return {
        resourceType: type.name,
        ...explainType(asked, searched, { type, sort }, evaluated),
      };
    });
    return {
      answeredBy: inline ? 'main thread' : 'filter worker',
      order: orderOf(query),
      ...(found?.totalResults === undefined ? {} : { totalResults: found.totalResults }),
      types,
    };
  });
}

function orderOf({ sort }: ResourceSearch): JsonValue {
  return sort === undefined ? 'id' : { sortBy: sort.by, descending: sort.descending };
}

function explainType(
  asked: Asked,
  { filter }: SearchedType,
  { type, sort }: SortedType,
  evaluated: string,
): JsonObject {
  const { reader, query, values } = asked;
  if (filter === undefined) {
    const { count } = reader.lists.open(query.endpoint, type.name);
    return { access: { ...describeAccess(undefined, values), candidates: count }, evaluated };
  }
  const incomplete = new Map<string, AttributePlace>();
  const indexOf = watched(reader.candidates.indexesOf(query.endpoint, type), incomplete);
  const plans = plansFor(filter, type, indexOf);
  const counts = plans.map((plan) => candidatesOf(asked, { type, sort }, plan));
  const chosen = leastOf(counts);
  const reasons = [
    ...[...incomplete.values()].map(({ leaf }) => `the index of ${leaf.path} is not complete yet`),
    ...plans.flatMap((plan, at) =>
      whyNot(asked, { type, sort }, plan, at === chosen ? 'chosen' : counts[at]),
    ),
  ];
  // Without a usable index, all resources are looked at.
  const plan = plans[chosen ?? 0] ?? plans[0];
  const usable = chosen !== undefined;
  return {
    filter: describeFilter(normalizeFilter(filter, type), values),
    access: {
      ...describeAccess(usable ? plan.probe : undefined, values),
      candidates: (usable ? counts[chosen] : undefined) ?? countOf(asked, type),
    },
    verified: usable ? describeChecks(plan, values) : { filter: describeFilter(filter, values) },
    evaluated,
    ...(reasons.length === 0 ? {} : { notUsed: reasons }),
  };
}

function watched(indexOf: IndexOf, incomplete: Map<string, AttributePlace>): IndexOf {
  return (place) => {
    const index = indexOf(place);
    if (index === undefined) incomplete.set(place.key, place);
    return index;
  };
}

function countOf({ reader, query }: Asked, type: ResourceType): number {
  return reader.lists.open(query.endpoint, type.name).count;
}

/** Undefined when there is no index, or when it finds more than may be held. */
function candidatesOf(
  asked: Asked,
  { type, sort }: SortedType,
  plan: FilterPlan,
): number | undefined {
  const { reader, registry, query } = asked;
  if (plan.probe === undefined) return undefined;
  const scope = { endpoint: query.endpoint, type, registry };
  return reader.candidates.rows(scope, plan.probe, rowsMax(asked, { type, sort }, plan))?.length;
}

function leastOf(counts: readonly (number | undefined)[]): number | undefined {
  let least: number | undefined;
  for (const [at, count] of counts.entries()) {
    if (count === undefined) continue;
    if (least === undefined || count < (counts[least] ?? Infinity)) least = at;
  }
  return least;
}

/** @param count 'chosen': it is used */
function whyNot(
  asked: Asked,
  target: SortedType,
  plan: FilterPlan,
  count: number | 'chosen' | undefined,
): string[] {
  if (count === 'chosen') return [];
  if (plan.probe === undefined) return ['no index answers a part of the filter'];
  const access = JSON.stringify(describeAccess(plan.probe, asked.values));
  return count === undefined
    ? [`${access} finds more than ${rowsMax(asked, target, plan)} candidates`]
    : [`${access} finds ${count} candidates, another index fewer`];
}
