/**
 * Carries out one job on a connection that nobody else waits for. It may read everything of a type,
 * in slices, and asks between slices whether to go on. The same code serves the workers and the
 * in-process pool.
 */
import { badRequest } from '../scim/errors.ts';
import type { Registry } from '../scim/schema/attribute.ts';
import { LIMITS } from '../platform/limits.ts';
import type { Reader } from '../sqlite/reader.ts';
import { search, type ResourceSearch } from '../sqlite/search.ts';
import { getResource, type ResourceGet } from '../sqlite/stored-resource.ts';
import {
  StoreError,
  type EndpointStats,
  type SearchResult,
  type StoredResource,
} from '../store/results.ts';
import { STOP, type Answer, type Job } from './messages.ts';

/**
 * @param stopReason one of `STOP`, asked between slices
 * @throws ScimError 400 invalidFilter, 400 tooMany; StoreError unavailable when the store closes
 */
export function runJob(
  reader: Reader,
  registry: Registry,
  job: Job,
  stopReason: () => number,
): Answer {
  const keepGoing = (): void => refuseIfStopped(stopReason());
  keepGoing();
  switch (job.kind) {
    case 'search':
      return { kind: 'search', answer: searchAll(reader, registry, job.ask, keepGoing) };
    case 'get':
      return { kind: 'get', answer: getWhole(reader, registry, job.ask) };
    case 'stats': {
      const { endpoint } = job.ask;
      const answer = reader.snapshot(() => countAll(reader, registry, endpoint, keepGoing));
      return { kind: 'stats', answer };
    }
  }
}

function refuseIfStopped(reason: number): void {
  if (reason === STOP.deadline) {
    throw badRequest(
      'tooMany',
      'the filter took too long over so many resources: add userName eq, displayName eq, externalId eq or id eq to narrow it',
    );
  }
  if (reason === STOP.closing) throw new StoreError('unavailable', 'the store is closing');
}

function searchAll(
  reader: Reader,
  registry: Registry,
  ask: ResourceSearch,
  keepGoing: () => void,
): SearchResult {
  const result = search(reader, registry, ask, {
    scan: true,
    offsetMax: Infinity,
    probeRowsMax: LIMITS.probeRowsMax,
    sliceRows: LIMITS.filterSliceRows,
    linksMax: LIMITS.linksMax,
    keepGoing,
  });
  if (result !== undefined) return result;
  throw badRequest(
    'tooMany',
    `the resources of this page have more than ${LIMITS.linksMax} members or groups: ask for a lower count, or excludedAttributes=members,groups`,
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
  for (const { type, count } of reader.counts(endpoint)) resources[type] = count;
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
