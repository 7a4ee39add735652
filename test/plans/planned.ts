/**
 * Sixty users and a few groups in a data file of their own, searched as the main thread searches:
 * what a filter finds, and which way it says that was.
 */
import type { Test } from 'tap';
import { LIMITS } from '../../src/platform/limits.ts';
import { parseFilter } from '../../src/scim/filter/parse.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { CORE_PROFILE } from '../../src/scim/schema/core.ts';
import { compileRegistry } from '../../src/scim/schema/registry.ts';
import { explain } from '../../src/sqlite/explain.ts';
import { search } from '../../src/sqlite/search.ts';
import type { ResourceSearch, SearchBounds } from '../../src/sqlite/search/run.ts';
import { buildIndexes } from '../../src/sqlite/test/attribute-indexes.ts';
import { TestDatabase } from '../../src/sqlite/test/database.ts';

const USERS = 60;
/** Small, so that sixty are many. */
export const INLINE: SearchBounds = {
  scan: false,
  offsetMax: 1000,
  probeRowsMax: 40,
  sliceRows: 10,
  sortedRowsMax: 1000,
  linksMax: 100,
  keepGoing: () => undefined,
};

export interface Planned {
  /** Undefined when a filter worker has to answer. */
  readonly found: (type: string, filter: string) => readonly string[] | undefined;
  readonly plan: (type: string, filter: string) => Plan;
}

export interface Plan {
  readonly answeredBy: string;
  readonly filter: string;
  readonly access: JsonObject;
  readonly verified: JsonObject;
  readonly evaluated: string;
  readonly notUsed: readonly string[];
}

/**
 * Users u10 to u69, in the order of a millisecond each: names `name10@…`, one department for ten, three
 * e-mail addresses each, the last of which is the name. Group g1 holds u10 and u11, g2 holds g1 and u12.
 * @param complete which of the indexes of `emails.value` and `title` are built
 */
export function planned(t: Test, complete: (path: string) => boolean = () => true): Planned {
  const registry = compileRegistry(CORE_PROFILE, ['emails.value', 'title']);
  const data = new TestDatabase(t, registry);
  const rows = Array.from({ length: USERS }, (_, n) => userOf(data, n + 10));
  const inner = data.group('g1', rows.slice(0, 2));
  data.group('g2', [inner, ...rows.slice(2, 3)]);
  buildIndexes(data.db, data.type('User'), complete);
  const reader = data.reader(t);
  const asked = (type: string, filter: string) => {
    const query: ResourceSearch = {
      endpoint: 1,
      types: [{ name: type, filter: filterOf(filter), links: false }],
      sort: undefined,
      start: { by: 'index', startIndex: 1 },
      count: 100,
      base: 'https://h/scim',
    };
    return { reader, registry, query, bounds: INLINE, values: 'shown' as const };
  };
  return {
    found: (type, filter) =>
      search(reader, registry, asked(type, filter).query, INLINE)?.resources.map(({ id }) => id),
    plan: (type, filter) => planOf(explain(asked(type, filter), () => 'columns')),
  };
}

function userOf(data: TestDatabase, n: number): number {
  return data.user(`u${n}`, {
    userName: `name${n}@example.com`,
    externalId: `E${Math.floor(n / 10)}`,
    title: n % 2 === 0 ? 'Even' : 'Odd',
    active: n % 3 !== 0,
    emails: [
      { type: 'work', value: `n${n}@work.example` },
      { type: 'home', value: `n${n}@home.example` },
      { type: 'other', value: `Name${n}@example.com` },
    ],
  });
}

function filterOf(text: string): ReturnType<typeof parseFilter> {
  const { filterLength: maxLength, filterDepth: maxDepth, filterNodes: maxNodes } = LIMITS;
  return parseFilter(text, { maxLength, maxDepth, maxNodes });
}

function planOf({ answeredBy, types }: JsonObject): Plan {
  const [first] = Array.isArray(types) ? types : [];
  const told: unknown = { notUsed: [], verified: {}, answeredBy, ...Object(first) };
  if (!isPlan(told)) throw new Error('no plan');
  return told;
}

function isPlan(told: unknown): told is Plan {
  return typeof told === 'object' && told !== null && 'access' in told && 'answeredBy' in told;
}
