/**
 * Chooses among the plans of a filter by what their indexes find, and puts what was found in the order
 * of lists. The indexes themselves are asked, never further than the fewest found so far.
 */
import { LIMITS } from '../../platform/limits.ts';
import type { Scope } from '../candidate-reader.ts';
import { findsOtherTypes, foundAtMost, type Access, type Probe } from '../plan/access.ts';
import type { FilterPlan } from '../plan/choose.ts';
import type { ReadRow } from '../read-row.ts';
import { sortsById, type Run, type Target } from './run.ts';

/** Fewer are not worth another look at an index. */
const FEW_ROWS = 8;

export interface Chosen {
  readonly plan: FilterPlan;
  /** In the order of lists. */
  readonly rows: readonly number[];
  /** The resource of a look-up that finds one at most, read with it. */
  readonly resource: ReadRow | undefined;
}

/** Undefined when no plan has an index that finds few enough. */
export function chosenCandidates(
  run: Run,
  target: Target,
  plans: readonly [FilterPlan, ...FilterPlan[]],
): Chosen | undefined {
  const { reader, registry, query } = run;
  const scope: Scope = { endpoint: query.endpoint, type: target.type, registry };
  const direct = readDirectly(run, scope, plans[0]);
  if (direct !== undefined) return direct;
  let fewest: { readonly plan: FilterPlan; readonly rows: number[] } | undefined;
  for (const plan of plans) {
    if (plan.probe === undefined) continue;
    const max = rowsMax(run, target, plan);
    const limit = fewest === undefined ? max : Math.min(max, fewest.rows.length - 1);
    const rows = reader.candidates.rows(scope, plan.probe, limit);
    if (rows !== undefined) fewest = { plan, rows };
    if (fewest !== undefined && fewest.rows.length <= FEW_ROWS) break;
  }
  if (fewest === undefined) return undefined;
  return { ...fewest, rows: inListOrder(run, scope, fewest), resource: undefined };
}

/** Whether the index alone tells what matches. */
export function isSettled({ residual, members }: FilterPlan): boolean {
  return residual === undefined && members.length === 0;
}

/** How many candidates of a plan may be held: fewer on the main thread, when each must be read. */
export function rowsMax(
  { bounds: { scan, probeRowsMax }, query }: Pick<Run, 'bounds' | 'query'>,
  target: Pick<Target, 'type' | 'sort'>,
  plan: FilterPlan,
): number {
  const isSorted = query.sort !== undefined && query.count > 0 && !sortsById(target);
  if (scan || (isSettled(plan) && !isSorted)) return probeRowsMax;
  return Math.min(probeRowsMax, LIMITS.inlineVerifiedRows);
}

/** The resources themselves, in the order of lists. */
export function candidatesInOrder(
  { reader, query }: Run,
  { type }: Target,
  { rows, resource }: Chosen,
): ReadRow[] {
  if (resource !== undefined) return [resource];
  const [first, second] = rows;
  if (first === undefined || second !== undefined) return reader.candidates.resources(rows);
  const only = reader.byRow(first, query.endpoint, type.name);
  return only === undefined ? [] : [only];
}

/** The most frequent requests: one statement finds and reads. */
function readDirectly(run: Run, scope: Scope, plan: FilterPlan): Chosen | undefined {
  const probe = onlyProbe(run, scope, plan.probe);
  if (probe === undefined || run.bounds.probeRowsMax < foundAtMost(probe)) return undefined;
  if (probe.by !== 'id' && probe.by !== 'name') return undefined;
  const { reader } = run;
  const { endpoint, type } = scope;
  const resource =
    probe.by === 'id'
      ? reader.get(endpoint, type.name, probe.value)
      : reader.named(endpoint, type.name, probe.value);
  return { plan, rows: resource === undefined ? [] : [resource.row], resource };
}

/** Of a value that may be the name (an address, mostly): the name, where the other index has nothing. */
function onlyProbe({ reader }: Run, scope: Scope, access: Access | undefined): Probe | undefined {
  if (access?.kind !== 'union') return access?.kind === 'probe' ? access : undefined;
  const [beside, name, more] = access.parts;
  if (beside === undefined || name?.kind !== 'probe' || more !== undefined) return undefined;
  return reader.candidates.rows(scope, beside, 0) === undefined ? undefined : name;
}

/** Rows are as ids are, until a resource comes elsewhere than at the end of its list. */
function inListOrder(
  { reader }: Run,
  scope: Scope,
  { plan, rows }: { readonly plan: FilterPlan; readonly rows: number[] },
): readonly number[] {
  const mayBeOthers = plan.probe !== undefined && findsOtherTypes(plan.probe);
  if (rows.length === 0 || (rows.length === 1 && !mayBeOthers)) return rows;
  if (mayBeOthers || reader.candidates.isScrambled(scope.endpoint, scope.type.name)) {
    return reader.candidates.inOrder(scope, rows, undefined, false);
  }
  return rows.sort((a, b) => a - b);
}
