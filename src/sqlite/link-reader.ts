/**
 * Reads members of groups and groups of resources, from the same rows seen from either side. What a
 * limit cuts off is refused as a whole: a list that lacks members must never look complete.
 */
import type { Link } from '../scim/resource/rendered.ts';
import type { Registry, ResourceType } from '../scim/schema/attribute.ts';
import type { Connection } from './open.ts';
import { GROUPS, MEMBERS } from './plan/sql.ts';

interface MemberRow {
  readonly value: string;
  /** '' for a kept value, which names no resource. */
  readonly resourceType: string;
  readonly display: string;
}

interface GroupRow extends MemberRow {
  /** Of the resource that is in the group. */
  readonly row: number;
  /** 1 when the group holds the resource itself. */
  readonly direct: number;
}

/** What members refer to a resource by, and whether any group does. */
export interface LinkedRow {
  readonly row: number;
  /** 1 when a group holds it. */
  readonly isMember: number;
}

const NO_LINKS: ReadonlyMap<number, readonly Link[]> = new Map();

export class LinkReader {
  readonly #members;
  readonly #groups;

  constructor(db: Connection) {
    this.#members = db.prepare<{ row: number; limit: number }, MemberRow>(MEMBERS);
    this.#groups = db.prepare<{ rows: string; limit: number }, GroupRow>(GROUPS);
  }

  /**
   * Members of groups, or groups of resources, as their type has it: by the row of the resource,
   * each list ordered by row. A group reached both directly and through another is `direct`.
   * @returns undefined when there are more than `limit` in all
   */
  links(
    rows: readonly LinkedRow[],
    type: ResourceType,
    registry: Registry,
    limit: number,
  ): ReadonlyMap<number, readonly Link[]> | undefined {
    if (type.membership !== undefined) return this.#membersOf(rows, registry, limit);
    if (type.groups === undefined) return NO_LINKS;
    const members = rows.filter(({ isMember }) => isMember === 1).map(({ row }) => row);
    return members.length === 0 ? NO_LINKS : this.#groupsOf(members, registry, limit);
  }

  #membersOf(
    rows: readonly LinkedRow[],
    registry: Registry,
    limit: number,
  ): Map<number, Link[]> | undefined {
    const links = new Map<number, Link[]>();
    let left = limit;
    for (const { row } of rows) {
      const found = this.#members.all({ row, limit: left + 1 });
      if (found.length > left) return undefined;
      left -= found.length;
      links.set(
        row,
        found.map((member) => toLink(member, member.resourceType, registry)),
      );
    }
    return links;
  }

  #groupsOf(
    rows: readonly number[],
    registry: Registry,
    limit: number,
  ): Map<number, Link[]> | undefined {
    const found = this.#groups.all({ rows: `[${rows.join()}]`, limit: limit + 1 });
    if (found.length > limit) return undefined;
    const links = new Map<number, Link[]>();
    for (const group of found) {
      const link = toLink(group, group.direct === 1 ? 'direct' : 'indirect', registry);
      const list = links.get(group.row);
      if (list === undefined) links.set(group.row, [link]);
      else list.push(link);
    }
    return links;
  }
}

function toLink(
  { value, resourceType, display }: MemberRow,
  type: string,
  registry: Registry,
): Link {
  const endpoint = registry.typesByName.get(resourceType)?.endpoint ?? '';
  return { value, type, display, endpoint };
}
