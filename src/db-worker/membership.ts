/**
 * Members of one group as the writer edits them: ids are resolved to rows by two index probes, and
 * one member more is one row more, whatever the size of the group. What to do with an id that names
 * no resource is the endpoint's setting `unknownMember`.
 */
import { badRequest } from '../scim/errors.ts';
import type { MembershipEditor } from '../scim/patch/operation.ts';
import type { MemberElement, MemberTable } from '../sqlite/tables/members.ts';
import type { ResourceTable } from '../sqlite/tables/resources.ts';
import type { Tenant } from './tenants.ts';

/** How many unknown ids an error names. */
const NAMED_IDS_MAX = 10;

export class GroupMembership implements MembershipEditor {
  readonly #resources: ResourceTable;
  readonly #members: MemberTable;
  readonly #tenant: Tenant;
  readonly #group: number;
  /** Ids that were left out because they name no resource (`unknownMember: ignore`). */
  readonly ignored: string[] = [];

  constructor(resources: ResourceTable, members: MemberTable, tenant: Tenant, group: number) {
    this.#resources = resources;
    this.#members = members;
    this.#tenant = tenant;
    this.#group = group;
  }

  /** @throws ScimError 400 invalidValue naming the ids that are unknown, when the endpoint refuses them */
  add(ids: readonly string[]): boolean {
    let changed = false;
    const unknown: string[] = [];
    for (const id of ids) {
      const row = this.#rowOf(id);
      if (row !== undefined) changed = this.#members.add(this.#group, row) || changed;
      else unknown.push(id);
    }
    return this.#addUnknown(unknown) || changed;
  }

  remove(ids: readonly string[]): boolean {
    let changed = false;
    for (const id of ids) {
      const row = this.#rowOf(id);
      const removed =
        row === undefined
          ? this.#members.unkeep(this.#group, id)
          : this.#members.remove(this.#group, row);
      changed = removed || changed;
    }
    return changed;
  }

  replace(ids: readonly string[]): boolean {
    const wanted = new Set(ids);
    const leaving = this.#members.ids(this.#group).filter((id) => !wanted.has(id));
    const left = this.remove(leaving);
    return this.add(ids) || left;
  }

  list(): readonly MemberElement[] {
    return this.#members.elements(this.#group);
  }

  #rowOf(id: string): number | undefined {
    for (const type of this.#tenant.registry.typesByName.keys()) {
      const row = this.#resources.rowById(this.#tenant.row, type, id);
      if (row !== undefined) return row;
    }
    return undefined;
  }

  #addUnknown(ids: readonly string[]): boolean {
    if (ids.length === 0) return false;
    switch (this.#tenant.settings.unknownMember) {
      case 'refuse':
        throw badRequest('invalidValue', `members: no resource has the id ${named(ids)}`);
      case 'ignore':
        this.ignored.push(...ids);
        return false;
      case 'keep': {
        let changed = false;
        for (const id of ids) changed = this.#members.keep(this.#group, id) || changed;
        return changed;
      }
    }
  }
}

/** The first of the ids, quoted, for an error or a warning. */
export function named(ids: readonly string[]): string {
  const shown = ids.slice(0, NAMED_IDS_MAX).map((id) => JSON.stringify(id));
  const more = ids.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

/** For the request log: which members were left out. */
export function ignoredWarning({ ignored }: GroupMembership): string | undefined {
  return ignored.length === 0
    ? undefined
    : `warning: ignored members that name no resource: ${named(ignored)}`;
}
