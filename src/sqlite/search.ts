/**
 * Answers a search from one connection, within bounds: the main thread's are tight, so that no
 * search holds it up; a filter worker's let it scan. The same code runs in both, so both find the
 * same resources in the same order, all of one commit.
 */
import { badRequest } from '../scim/errors.ts';
import type { FilterNode } from '../scim/filter/ast.ts';
import type { Link } from '../scim/resource/rendered.ts';
import type { Registry, ResourceType } from '../scim/schema/attribute.ts';
import type { LinksQuery } from '../store/queries.ts';
import type { SearchResult } from '../store/results.ts';
import { planFilter, planScan, type FilterPlan } from './plan/choose.ts';
import type { ReadRow, Reader } from './reader.ts';
import { compileRowFilter, type RowFilter } from './row-filter.ts';
import { toStoredResources, typeNamed } from './stored-resource.ts';

/** A search as plain data that crosses threads. */
export interface ResourceSearch {
  /** Row of the endpoint. */
  readonly endpoint: number;
  readonly type: string;
  readonly filter: FilterNode | undefined;
  /** 1-based; less than 1 means 1. */
  readonly startIndex: number;
  readonly count: number;
  readonly links: LinksQuery | undefined;
}

export interface SearchBounds {
  /** Whether resources may be read that no index has found. */
  readonly scan: boolean;
  /** How many resources a list without filter may skip. */
  readonly offsetMax: number;
  /** How many resources an index may find before that counts as a scan. */
  readonly probeRowsMax: number;
  /** How many resources a scan reads at a time. */
  readonly sliceRows: number;
  /** How many members or groups one answer may show. */
  readonly linksMax: number;
  /** Called before each slice of a scan; throws to end it. */
  readonly keepGoing: () => void;
}

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
  const type = typeNamed(registry, query.type);
  const run: Run = { reader, registry, query, type, bounds };
  const find = query.filter === undefined ? list : filtered(query.filter, run);
  return reader.snapshot(() => {
    const found = find(run);
    if (found === undefined) return undefined;
    const { rows, total } = found;
    const resources = toStoredResources(reader, registry, type, rows, query.links, bounds.linksMax);
    return resources && { totalResults: total, resources };
  });
}

interface Run {
  readonly reader: Reader;
  readonly registry: Registry;
  readonly query: ResourceSearch;
  readonly type: ResourceType;
  readonly bounds: SearchBounds;
}

/** The rows of the page, and how many there are on all pages. */
interface Found {
  readonly rows: readonly ReadRow[];
  readonly total: number;
}

function list({ reader, query, type, bounds }: Run): Found | undefined {
  const offset = Math.max(query.startIndex, 1) - 1;
  const total = reader.count(query.endpoint, type.name);
  if (query.count <= 0 || offset >= total) return { rows: [], total };
  if (offset > bounds.offsetMax) return undefined;
  return { rows: reader.page(query.endpoint, type.name, offset, query.count), total };
}

/** Plans and compiles the filter, so that a faulty one is refused before anything is read. */
function filtered(filter: FilterNode, run: Run): (run: Run) => Found | undefined {
  const base = run.query.links?.base ?? '';
  const plan = planFilter(filter, run.type);
  const rowFilter = compileRowFilter(plan.residual, run.type, base);
  return () => {
    const found = probe(run, plan, rowFilter);
    if (found !== undefined || !run.bounds.scan) return found;
    if (plan.probe === undefined) return scan(run, plan, rowFilter);
    const scanPlan = planScan(filter, run.type);
    return scan(run, scanPlan, compileRowFilter(scanPlan.residual, run.type, base));
  };
}

/** Undefined when no index narrows the search enough. */
function probe(run: Run, plan: FilterPlan, rowFilter: RowFilter): Found | undefined {
  const { reader, registry, query, type, bounds } = run;
  if (plan.probe === undefined || (rowFilter.needsLinks && !bounds.scan)) return undefined;
  const rows = reader.probe(query.endpoint, type, registry, plan.probe, bounds.probeRowsMax);
  if (rows === undefined) return undefined;
  const page = new Page(query);
  addMatches(page, rows, run, plan, rowFilter);
  return page;
}

function scan(run: Run, plan: FilterPlan, rowFilter: RowFilter): Found {
  const { reader, query, type, bounds } = run;
  const page = new Page(query);
  let after = '';
  for (;;) {
    bounds.keepGoing();
    const rows = reader.slice(query.endpoint, type.name, after, bounds.sliceRows);
    addMatches(page, rows, run, plan, rowFilter);
    const last = rows.at(-1);
    if (last === undefined || rows.length < bounds.sliceRows) return page;
    after = last.id;
  }
}

function addMatches(
  page: Page,
  rows: ReadRow[],
  run: Run,
  plan: FilterPlan,
  rowFilter: RowFilter,
): void {
  const { reader, registry, query } = run;
  const members = reader.withMembers(query.endpoint, registry, rows, plan.members);
  if (!rowFilter.needsLinks) {
    for (const row of members) if (rowFilter.matches(row, undefined)) page.add(row);
    return;
  }
  for (const [row, links] of withLinks(members, run)) {
    if (rowFilter.matches(row, links)) page.add(row);
  }
}

/** Rows with all their members or groups: read together when they are few, else one by one. */
function* withLinks(rows: readonly ReadRow[], run: Run): Generator<[ReadRow, readonly Link[]]> {
  const { reader, registry, type, bounds } = run;
  const together = reader.links(rows, type, registry, bounds.linksMax);
  for (const row of rows) {
    if (together === undefined) bounds.keepGoing();
    const links = together ?? reader.links([row], type, registry, bounds.linksMax);
    if (links === undefined) {
      throw badRequest(
        'tooMany',
        `${type.name} ${row.id} has more than ${bounds.linksMax} members or groups to filter by: narrow the filter with id eq, or use members eq`,
      );
    }
    yield [row, links.get(row.row) ?? []];
  }
}

/** Counts every match and keeps those of one page. */
class Page implements Found {
  readonly rows: ReadRow[] = [];
  readonly #first: number;
  readonly #count: number;
  total = 0;

  constructor({ startIndex, count }: ResourceSearch) {
    this.#first = Math.max(startIndex, 1);
    this.#count = count;
  }

  add(row: ReadRow): void {
    this.total += 1;
    if (this.total >= this.#first && this.rows.length < this.#count) this.rows.push(row);
  }
}
