/**
 * The resources of one type that match, in the order of their ids, whichever way they are found: all
 * of them in a list, few by an index, or by reading the whole type in slices.
 */
import { LIMITS } from '../../platform/limits.ts';
import { badRequest } from '../../scim/errors.ts';
import type { Link } from '../../scim/resource/rendered.ts';
import type { ResourceType } from '../../scim/schema/attribute.ts';
import type { List } from '../list-marks.ts';
import { planScan, type FilterPlan } from '../plan/choose.ts';
import type { ReadRow } from '../read-row.ts';
import { compileRowView, type RowView, type SeenRow } from '../row-view.ts';
import { candidatesInOrder, chosenCandidates, isSettled } from './candidates.ts';
import type { Run, Target } from './run.ts';

export interface Matches {
  readonly type: ResourceType;
  readonly view: RowView;
  /** Undefined: only a walk tells. */
  readonly total: number | undefined;
  /**
   * Matches `offset` + 1 to `offset` + `limit`; backwards, counted from the end.
   * @returns undefined when that is more than the bounds allow, and when only a walk tells
   */
  page(offset: number, limit: number, backwards: boolean): readonly ReadRow[] | undefined;
  /**
   * Matches behind an id, or all; backwards: those before it, downwards, or all from the last.
   * @param wanted how many will be looked at, about
   */
  walk(from: string | undefined, backwards: boolean, wanted: number): Iterable<SeenRow>;
}

/** Undefined when the bounds do not allow to find them. */
export function matchesOf(run: Run, target: Target): Matches | undefined {
  const { searched, plans } = target;
  if (searched.filter === undefined || plans === undefined) return listed(run, target);
  const found = probed(run, target, plans);
  if (found !== undefined || !run.bounds.scan) return found;
  // Where an index found too many to hold, what it settled is evaluated like the rest.
  const plan = planScan(searched.filter, target.type);
  const view = compileRowView(plan.residual, target.sort, target.type, run.query.base, true);
  return scanned(run, { ...target, view }, plan);
}

function listed(run: Run, target: Target): Matches {
  const { reader, query, bounds } = run;
  const { type, view } = target;
  const list = reader.lists.open(query.endpoint, type.name);
  return {
    type,
    view,
    total: list.count,
    page: (offset, limit, backwards) => listPage(run, list, offset, limit, backwards),
    walk: function* (from, backwards, wanted) {
      const rows = Math.min(wanted, bounds.sliceRows);
      for (const slice of slices(run, type, from, backwards, rows)) {
        yield* seen(run, target, slice);
      }
    },
  };
}

function listPage(
  { reader, bounds }: Run,
  list: List,
  offset: number,
  limit: number,
  backwards: boolean,
): ReadRow[] | undefined {
  const rows = Math.min(limit, list.count - offset);
  if (rows <= 0) return [];
  const first = backwards ? list.count - offset - rows : offset;
  if (bounds.scan) reader.lists.mark(list, first, bounds.keepGoing);
  const page = reader.lists.page(list, first, rows, bounds.offsetMax);
  return backwards ? page?.reverse() : page;
}

/** Undefined when no index answers, or the best finds too many to hold. */
function probed(
  run: Run,
  target: Target,
  plans: readonly [FilterPlan, ...FilterPlan[]],
): Matches | undefined {
  const { type } = target;
  const { base } = run.query;
  const found = chosenCandidates(run, target, plans);
  if (found === undefined) return undefined;
  const { plan, rows } = found;
  const view =
    plan === plans[0] ? target.view : compileRowView(plan.residual, target.sort, type, base);
  const seenTarget = { ...target, view };
  if (isSettled(plan) && rows.length > 1 && !view.needsLinks) return settled(run, seenTarget, rows);
  const candidates = candidatesInOrder(run, target, found);
  // A worker reads the links of one candidate after the other, if need be.
  if (view.needsLinks && !run.bounds.scan && !haveFewLinks(run, type, candidates)) return undefined;
  return verified(run, seenTarget, plan, candidates);
}

function haveFewLinks(
  { reader, registry, bounds }: Run,
  type: ResourceType,
  candidates: readonly ReadRow[],
): boolean {
  return (
    candidates.length <= LIMITS.inlineLinkedRows &&
    reader.links(candidates, type, registry, bounds.linksMax) !== undefined
  );
}

/** Candidates that match, all of them: only those of the page are read. */
function settled(run: Run, target: Target, found: readonly number[]): Matches {
  const { reader, query, registry } = run;
  const { type, view } = target;
  const scope = { endpoint: query.endpoint, type, registry };
  return {
    type,
    view,
    total: found.length,
    page: (offset, limit, backwards) => {
      const end = found.length - offset;
      const rows = backwards
        ? found.slice(Math.max(end - limit, 0), Math.max(end, 0)).reverse()
        : found.slice(offset, offset + limit);
      return reader.candidates.resources(rows);
    },
    walk: function* (from, backwards, wanted) {
      const rows =
        from === undefined
          ? backwards
            ? found.toReversed()
            : found
          : reader.candidates.inOrder(scope, found, from, backwards);
      const sliceRows = Math.max(Math.min(wanted, run.bounds.sliceRows), 1);
      for (let at = 0; at < rows.length; at += sliceRows) {
        yield* seen(run, target, reader.candidates.resources(rows.slice(at, at + sliceRows)));
      }
    },
  };
}

/** The candidates that match, all of them looked at. */
function verified(run: Run, target: Target, plan: FilterPlan, candidates: ReadRow[]): Matches {
  const { type, view } = target;
  const found = [...matching(run, target, plan, candidates)];
  const ordered = (backwards: boolean): readonly SeenRow[] =>
    backwards ? found.toReversed() : found;
  return {
    type,
    view,
    total: found.length,
    page: (offset, limit, backwards) =>
      ordered(backwards)
        .slice(offset, offset + limit)
        .map(({ row }) => row),
    walk: (from, backwards) =>
      from === undefined
        ? ordered(backwards)
        : ordered(backwards).filter(({ row }) => (backwards ? row.id < from : row.id > from)),
  };
}

function scanned(run: Run, target: Target, plan: FilterPlan | undefined): Matches {
  const { type, view } = target;
  return {
    type,
    view,
    total: undefined,
    page: () => undefined,
    walk: function* (from, backwards) {
      for (const slice of slices(run, type, from, backwards, run.bounds.sliceRows)) {
        yield* matching(run, target, plan, slice);
      }
    },
  };
}

function* slices(
  { reader, query, bounds }: Run,
  type: ResourceType,
  from: string | undefined,
  backwards: boolean,
  limit: number,
): Generator<ReadRow[]> {
  const list = { endpoint: query.endpoint, type: type.name };
  for (let edge = from; ;) {
    bounds.keepGoing();
    const rows = reader.lists.slice(list, edge, backwards, limit);
    yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < limit) return;
    edge = last.id;
  }
}

function* matching(
  run: Run,
  target: Target,
  plan: FilterPlan | undefined,
  rows: ReadRow[],
): Generator<SeenRow> {
  const { reader, registry, query } = run;
  const candidates = reader.withMembers(query.endpoint, registry, rows, plan?.members ?? []);
  for (const row of seen(run, target, candidates)) if (target.view.matches(row)) yield row;
}

/** Rows with what the view needs: all their members or groups, read together when they are few. */
function* seen(run: Run, { type, view }: Target, rows: readonly ReadRow[]): Generator<SeenRow> {
  if (!view.needsLinks) {
    for (const row of rows) yield { row, links: undefined };
    return;
  }
  const { reader, registry, bounds } = run;
  const together = reader.links(rows, type, registry, bounds.linksMax);
  for (const row of rows) {
    if (together === undefined) bounds.keepGoing();
    const links = together ?? linksOf(run, type, row);
    yield { row, links: links.get(row.row) ?? [] };
  }
}

function linksOf(
  { reader, registry, bounds }: Run,
  type: ResourceType,
  row: ReadRow,
): ReadonlyMap<number, readonly Link[]> {
  const links = reader.links([row], type, registry, bounds.linksMax);
  if (links !== undefined) return links;
  throw badRequest(
    'tooMany',
    `${type.name} ${row.id} has more than ${bounds.linksMax} members or groups to filter or sort by: narrow the filter with id eq, or use members eq`,
  );
}
