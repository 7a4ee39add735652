/**
 * Membership rows: one per member of a group, whatever the size of the group. `kept_members` holds
 * values that name no resource, for endpoints that ask to keep them.
 *
 * Parameters in joins and limits are written `+?`: see `plan/sql.ts`.
 */
import type { Connection } from '../open.ts';

export interface MemberElement {
  readonly value: string;
  readonly type: string;
  readonly display: string;
}

export class MemberTable {
  readonly #add;
  readonly #remove;
  readonly #keep;
  readonly #unkeep;
  readonly #ids;
  readonly #elements;
  readonly #groupsOf;
  readonly #leaveAll;
  readonly #purge;
  readonly #purgeKept;
  readonly #hasRows;

  constructor(db: Connection) {
    this.#add = db.prepare('INSERT OR IGNORE INTO members VALUES (?, ?)');
    this.#remove = db.prepare('DELETE FROM members WHERE group_row = ? AND member_row = ?');
    this.#keep = db.prepare('INSERT OR IGNORE INTO kept_members VALUES (?, ?)');
    this.#unkeep = db.prepare('DELETE FROM kept_members WHERE group_row = ? AND value = ?');
    this.#ids = db
      .prepare<[number, number], string>(
        `SELECT r.id FROM members m JOIN resources r ON r.row = m.member_row WHERE m.group_row = +?
         UNION ALL SELECT value FROM kept_members WHERE group_row = +?`,
      )
      .pluck();
    this.#elements = db.prepare<[number, number], MemberElement>(
      `SELECT r.id AS value, r.type AS type, r.display AS display
       FROM members m JOIN resources r ON r.row = m.member_row WHERE m.group_row = +?
       UNION ALL SELECT value, '', '' FROM kept_members WHERE group_row = +?`,
    );
    this.#groupsOf = db
      .prepare<[number], number>('SELECT group_row FROM members WHERE member_row = ?')
      .pluck();
    this.#leaveAll = db.prepare('DELETE FROM members WHERE member_row = ?');
    this.#purge = db.prepare(
      `DELETE FROM members WHERE group_row = +? AND member_row IN
       (SELECT member_row FROM members WHERE group_row = +? LIMIT +?)`,
    );
    this.#purgeKept = db.prepare(
      `DELETE FROM kept_members WHERE group_row = +? AND value IN
       (SELECT value FROM kept_members WHERE group_row = +? LIMIT +?)`,
    );
    this.#hasRows = db
      .prepare<[number, number], number>(
        `SELECT EXISTS (SELECT 1 FROM members WHERE group_row = ?)
         OR EXISTS (SELECT 1 FROM kept_members WHERE group_row = ?)`,
      )
      .pluck();
  }

  /** False when it was a member already. */
  add(group: number, member: number): boolean {
    return this.#add.run(group, member).changes > 0;
  }

  /** False when it was none. */
  remove(group: number, member: number): boolean {
    return this.#remove.run(group, member).changes > 0;
  }

  keep(group: number, value: string): boolean {
    return this.#keep.run(group, value).changes > 0;
  }

  unkeep(group: number, value: string): boolean {
    return this.#unkeep.run(group, value).changes > 0;
  }

  /** Ids of all members, kept ones included. */
  ids(group: number): string[] {
    return this.#ids.all(group, group);
  }

  elements(group: number): MemberElement[] {
    return this.#elements.all(group, group);
  }

  /** Rows of the groups that hold this resource directly; rows of deleted groups may be among them. */
  groupsOf(member: number): number[] {
    return this.#groupsOf.all(member);
  }

  leaveAll(member: number): void {
    this.#leaveAll.run(member);
  }

  /** Removes at most `limit` rows of each kind. @returns whether the group has none left */
  purge(group: number, limit: number): boolean {
    this.#purge.run(group, group, limit);
    this.#purgeKept.run(group, group, limit);
    return this.#hasRows.get(group, group) === 0;
  }
}
