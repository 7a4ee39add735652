/**
 * Removes what deleted groups, endpoints and indexes left behind, a bounded slice at a time. For everyone else
 * it is gone already, so that nothing is checked here and no version changes.
 */
import type { AttributeKeyTable } from '../sqlite/tables/attribute-keys.ts';
import type { EndpointTable } from '../sqlite/tables/endpoints.ts';
import type { GarbageTable } from '../sqlite/tables/garbage.ts';
import type { MemberTable } from '../sqlite/tables/members.ts';
import type { ResourceTable } from '../sqlite/tables/resources.ts';
import type { BesideDocument } from './beside-document.ts';

/** Where rows of a resource lie. */
export interface PurgedTables {
  readonly endpoints: EndpointTable;
  readonly resources: ResourceTable;
  readonly members: MemberTable;
  readonly beside: BesideDocument;
  readonly keys: AttributeKeyTable;
  readonly garbage: GarbageTable;
}

/** Members of a deleted group beyond this are purged after the answer, in slices. */
const INLINE_PURGE_ROWS = 1000;

/** @returns whether it removed anything; then there may be more */
export function purgeSlice(tables: PurgedTables, limit: number): boolean {
  const { endpoints, resources, members, beside, keys, garbage } = tables;
  const next = garbage.first();
  if (next === undefined) return false;
  if (next.kind === 'group') {
    if (members.purge(next.target, limit)) garbage.remove(next.row);
    return true;
  }
  if (next.kind === 'index') {
    if (keys.purge(next.target, limit)) garbage.remove(next.row);
    return true;
  }
  const rows = resources.purge(next.target, limit);
  for (const row of rows) {
    members.leaveAll(row);
    purgeMembers(tables, row);
    beside.purge(row);
  }
  if (rows.length > 0) return true;
  resources.purgeCounts(next.target);
  endpoints.remove(next.target);
  garbage.remove(next.row);
  return true;
}

/** The members of a group that goes: at once, or by and by when they are many. */
export function purgeMembers(
  { members, garbage }: Pick<PurgedTables, 'members' | 'garbage'>,
  group: number,
): void {
  if (!members.purge(group, INLINE_PURGE_ROWS)) garbage.add('group', group);
}
