/** Searches of endpoint 1 for tests, named by what differs from a list of all users. */
import { parseFilter } from '../../scim/filter/parse.ts';
import type { Place } from '../../scim/messages/cursor.ts';
import type { Sort } from '../../scim/sort/compile.ts';
import type { ResourceSearch, SearchBounds } from '../search/run.ts';

export interface Asked {
  readonly types?: readonly string[];
  /** Of each type. */
  readonly filter?: string;
  readonly sort?: Sort;
  readonly startIndex?: number;
  /** Instead of `startIndex`. */
  readonly place?: Place;
  readonly count?: number;
  readonly links?: boolean;
  readonly base?: string;
}

export function ask({ types = ['User'], filter, sort, ...page }: Asked = {}): ResourceSearch {
  const { startIndex = 1, place, count = 100, links = false, base = '' } = page;
  const parsed =
    filter === undefined
      ? undefined
      : parseFilter(filter, { maxLength: 500, maxDepth: 9, maxNodes: 50 });
  return {
    endpoint: 1,
    types: types.map((name) => ({ name, filter: parsed, links })),
    sort,
    start: place === undefined ? { by: 'index', startIndex } : { by: 'cursor', place },
    count,
    base,
  };
}

/** As a filter worker has them, but small, so that each is met. */
export const WIDE: SearchBounds = {
  scan: true,
  offsetMax: Infinity,
  probeRowsMax: 10,
  sliceRows: 3,
  sortedRowsMax: 1000,
  linksMax: 10,
  keepGoing: () => undefined,
};

/** The first page of a walk by cursor. */
export const START: Place = { backwards: false, position: undefined };
