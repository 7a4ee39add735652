/**
 * Carries out one job on a connection that nobody else waits for. It may read everything of a type,
 * in slices, and asks between slices whether to go on. The same code serves the workers and the
 * in-process pool.
 */
import { badRequest } from '../scim/errors.ts';
import type { Registry } from '../scim/schema/attribute.ts';
import { LIMITS } from '../platform/limits.ts';
import { checkConfig } from '../sqlite/check-config.ts';
import type { KnownMarks } from '../sqlite/list-marks.ts';
import type { Reader } from '../sqlite/reader.ts';
import { search } from '../sqlite/search.ts';
import type { ResourceSearch, SearchBounds } from '../sqlite/search/run.ts';
import { getResource, type ResourceGet } from '../sqlite/stored-resource.ts';
import { StoredRegistries } from '../sqlite/stored-registries.ts';
import type { EndpointStats, SearchResult, StoredResource } from '../store/results.ts';
import { ColumnCache } from './columns/column-cache.ts';
import { searchColumns } from './columns/search-columns.ts';
import { givenUp } from './given-up.ts';
import { isStopReason, STOP, type Answer, type Job, type SearchAnswer } from './messages.ts';

const TOO_LONG: Readonly<Record<'ask' | 'check', string>> = {
  ask: 'the search took too long over so many resources: narrow its filter by userName eq, displayName eq, externalId eq or id eq, or by an attribute that indexedAttributes of the endpoint name, or leave out sortBy',
  check:
    'looking whether so many resources fit the new schemas took too long: add to the schemas what is new, and leave the rest as it is',
};

/** What a thread that carries out jobs keeps from one to the next. */
export interface JobTools {
  readonly reader: Reader;
  readonly registries: StoredRegistries;
  readonly columns: ColumnCache;
}

/** @param columnBytes what its columns may take: the thread's part of the process's budget */
export function jobTools(reader: Reader, columnBytes: number = LIMITS.columnBytes): JobTools {
  const registries = new StoredRegistries(reader, LIMITS.compiledEndpoints);
  return { reader, registries, columns: new ColumnCache(columnBytes) };
}

/**
 * @param stopReason one of `STOP`, asked between slices
 * @throws ScimError 400 invalidFilter, 400 tooMany, 404 when the endpoint is gone; StoreError
 *   unavailable when the store closes
 */
export function runJob(tools: JobTools, job: Job, stopReason: () => number): Answer {
  const { reader, registries } = tools;
  const tooLong = TOO_LONG[job.kind === 'checkConfig' ? 'check' : 'ask'];
  const keepGoing = (): void => refuseIfStopped(stopReason(), tooLong);
  keepGoing();
  if (job.kind === 'checkConfig') {
    const bounds = { limits: LIMITS, sliceRows: LIMITS.filterSliceRows, keepGoing };
    return { kind: 'checkConfig', answer: checkConfig(reader, job.ask, bounds) };
  }
  const registry = registries.of(job.ask.endpoint);
  switch (job.kind) {
    case 'search':
      return { kind: 'search', answer: searchAll(tools, registry, job.ask, keepGoing) };
    case 'get':
      return { kind: 'get', answer: getWhole(reader, registry, job.ask) };
    case 'stats': {
      const { endpoint } = job.ask;
      const answer = reader.snapshot(() => countAll(reader, registry, endpoint, keepGoing));
      return { kind: 'stats', answer };
    }
  }
}

function refuseIfStopped(reason: number, tooLong: string): void {
  if (!isStopReason(reason)) return;
  throw reason === STOP.deadline ? badRequest('tooMany', tooLong) : givenUp(reason);
}

function searchAll(
  tools: JobTools,
  registry: Registry,
  ask: ResourceSearch,
  keepGoing: () => void,
): SearchAnswer {
  const { reader } = tools;
  const found = searchIndexed(tools, registry, ask, keepGoing);
  if (found !== undefined) return { result: found, marks: [] };
  const result = search(reader, registry, ask, boundsOf(true, keepGoing));
  if (result !== undefined) return { result, marks: marksFor(reader, ask) };
  throw badRequest(
    'tooMany',
    `the resources of this page have more than ${LIMITS.linksMax} members or groups: ask for a lower count, or excludedAttributes=members,groups`,
  );
}

/**
 * By columns or by an index. Columns that are there are the fastest; to make them takes longer than to
 * read what an index finds, unless that is too much.
 */
function searchIndexed(
  { reader, columns }: JobTools,
  registry: Registry,
  ask: ResourceSearch,
  keepGoing: () => void,
): SearchResult | undefined {
  const reading = { sliceRows: LIMITS.filterSliceRows, keepGoing };
  const over = { reader, registry, cache: columns, reading, linksMax: LIMITS.linksMax };
  const isFiltered = ask.types.some(({ filter }) => filter !== undefined);
  return (
    searchColumns({ ...over, mayBuild: false }, ask) ??
    (isFiltered ? search(reader, registry, ask, boundsOf(false, keepGoing)) : undefined) ??
    searchColumns({ ...over, mayBuild: true }, ask)
  );
}

function boundsOf(scan: boolean, keepGoing: () => void): SearchBounds {
  return {
    scan,
    offsetMax: Infinity,
    probeRowsMax: LIMITS.probeRowsMax,
    sliceRows: LIMITS.filterSliceRows,
    sortedRowsMax: LIMITS.sortedRowsMax,
    linksMax: LIMITS.linksMax,
    keepGoing,
  };
}

/** What the main thread lacked, if it was the depth of the page that did not fit its bounds. */
function marksFor(reader: Reader, { endpoint, types, start }: ResourceSearch): KnownMarks[] {
  if (start.by !== 'index' || start.startIndex <= LIMITS.inlineOffsetMax) return [];
  return types.flatMap(({ name, filter }) =>
    filter === undefined ? (reader.lists.knownMarks(endpoint, name) ?? []) : [],
  );
}

function getWhole(
  reader: Reader,
  registry: Registry,
  ask: ResourceGet,
): StoredResource | undefined {
  const found = getResource(reader, registry, ask, LIMITS.linksMax);
  if (found !== undefined) return found[0];
  throw badRequest(
    'tooMany',
    `${ask.type} ${ask.id} has more than ${LIMITS.linksMax} members or groups: ask for excludedAttributes=members,groups`,
  );
}

function countAll(
  reader: Reader,
  registry: Registry,
  endpoint: number,
  keepGoing: () => void,
): EndpointStats {
  const resources: Record<string, number> = {};
  for (const type of registry.typesByName.keys()) resources[type] = 0;
  // A type that the endpoint has served once may still have a count, of none.
  for (const { type, count } of reader.counts(endpoint)) if (count > 0) resources[type] = count;
  let memberships = 0;
  for (const type of registry.typesByName.values()) {
    if (type.membership === undefined) continue;
    memberships += countMemberships(reader, endpoint, type.name, keepGoing);
  }
  return { resources, memberships };
}

function countMemberships(
  reader: Reader,
  endpoint: number,
  type: string,
  keepGoing: () => void,
): number {
  let memberships = 0;
  let after = '';
  for (;;) {
    keepGoing();
    const groups = reader.memberCounts(endpoint, type, after, LIMITS.filterSliceRows);
    for (const group of groups) memberships += group.memberships;
    const last = groups.at(-1);
    if (last === undefined || groups.length < LIMITS.filterSliceRows) return memberships;
    after = last.id;
  }
}
