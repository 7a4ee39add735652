/**
 * Carries out access paths: the rows that an index finds, by number only, so that a document is read
 * only when it is looked at. Never more than a limit, which the caller tells apart from few.
 */
import type { Statement } from 'better-sqlite3';
import type { Registry, ResourceType } from '../scim/schema/attribute.ts';
import { signatureOf } from '../scim/resource/index-keys.ts';
import { IndexReader } from './index-reader.ts';
import { ListStatement } from './list-statement.ts';
import type { Connection } from './open.ts';
import type { Access, Probe, Range } from './plan/access.ts';
import type { IndexOf } from './plan/conditions.ts';
import type { Key } from './plan/intervals.ts';
import * as sql from './plan/sql.ts';
import type { ReadRow } from './read-row.ts';

/** Whose resources are looked for. */
export interface Scope {
  readonly endpoint: number;
  readonly type: ResourceType;
  readonly registry: Registry;
}

type ByColumn = [endpoint: number, type: string, value: string];
type ByStretch = [endpoint: number, type: string, low: Key, high: Key, limit: number];
interface WithMember {
  readonly member: number | null;
  readonly value: string;
  readonly limit: number;
}
type InOrder = [rows: string, endpoint: number, type: string, from: string | Buffer];

export class CandidateReader {
  readonly #rowById;
  readonly #rowByName;
  readonly #rowByUniqueValue;
  readonly #rowsByExternalId;
  readonly #rowsWithMember;
  readonly #memberRows;
  readonly #rowsByAttribute;
  readonly #rowsInRange;
  readonly #rowsInAttributeRange;
  readonly #isScrambled;
  readonly #inOrder;
  readonly #inOrderBackwards;
  readonly #resources;
  readonly #indexes;

  constructor(db: Connection) {
    this.#rowById = rowsOf<ByColumn>(db, sql.ROW_BY_ID);
    this.#rowByName = rowsOf<ByColumn>(db, sql.ROW_BY_NAME);
    this.#rowByUniqueValue = rowsOf<[number, string, string, string]>(db, sql.ROW_BY_UNIQUE_VALUE);
    this.#rowsByExternalId = rowsOf<[...ByColumn, number]>(db, sql.ROWS_BY_EXTERNAL_ID);
    this.#rowsWithMember = db.prepare<WithMember, number>(sql.ROWS_WITH_MEMBER).pluck();
    this.#memberRows = rowsOf<[number, number]>(db, sql.MEMBER_ROWS);
    this.#rowsByAttribute = rowsOf<[number, Key, number]>(db, sql.ROWS_BY_ATTRIBUTE);
    this.#rowsInRange = {
      id: rowsOf<ByStretch>(db, sql.ROWS_IN_ID_RANGE),
      name: rowsOf<ByStretch>(db, sql.ROWS_IN_NAME_RANGE),
      externalId: rowsOf<ByStretch>(db, sql.ROWS_IN_EXTERNAL_ID_RANGE),
      lastModified: rowsOf<ByStretch>(db, sql.ROWS_IN_MODIFIED_RANGE),
    };
    this.#rowsInAttributeRange = rowsOf<[number, Key, Key, number]>(
      db,
      sql.ROWS_IN_ATTRIBUTE_RANGE,
    );
    this.#isScrambled = rowsOf<[number, string]>(db, sql.IS_SCRAMBLED);
    this.#inOrder = rowsOf<InOrder>(db, sql.ROWS_IN_ORDER);
    this.#inOrderBackwards = rowsOf<InOrder>(db, sql.ROWS_IN_ORDER_BACKWARDS);
    this.#resources = new ListStatement<[string], ReadRow>(db, sql.RESOURCES_OF_ROWS);
    this.#indexes = new IndexReader(db);
  }

  /** Complete indexes as they are in this snapshot, and no longer. */
  indexesOf(endpoint: number, type: ResourceType): IndexOf {
    return (place) => this.#indexes.completeIndex(endpoint, type.name, signatureOf(place));
  }

  /**
   * Rows that an access path finds, each once, in no order. What refers to rows may find some of other
   * types, or none any more.
   * @returns undefined when there are more than `limit`
   */
  rows(scope: Scope, access: Access, limit: number): number[] | undefined {
    if (access.kind !== 'union')
      return within(this.#found(scope, access, limit + 1), access, limit);
    const all = new Set<number>();
    for (const part of access.parts) {
      const found = this.#found(scope, part, limit + 1);
      if (found === undefined || found.length > limit) return undefined;
      for (const row of found) all.add(row);
      if (all.size > limit) return undefined;
    }
    return [...all];
  }

  /** Whether the rows of a list are in another order than its ids. */
  isScrambled(endpoint: number, type: string): boolean {
    return this.#isScrambled.get(endpoint, type) === 1;
  }

  /** Those of the rows that are of the type, by id; backwards: downwards. @param from behind this id */
  inOrder(
    { endpoint, type }: Scope,
    rows: readonly number[],
    from: string | undefined,
    backwards: boolean,
  ): number[] {
    const list = `[${rows.join()}]`;
    return backwards
      ? this.#inOrderBackwards.all(list, endpoint, type.name, from ?? BEHIND_ALL_TEXT)
      : this.#inOrder.all(list, endpoint, type.name, from ?? '');
  }

  /** Resources in the order of their rows as given; each must be there. */
  resources(rows: readonly number[]): ReadRow[] {
    return rows.length === 0 ? [] : this.#resources.all(`[${rows.join()}]`);
  }

  /** Of a resource of any type; undefined when no type served has one with the id. */
  rowOfId(endpoint: number, registry: Registry, id: string): number | undefined {
    for (const type of registry.typesByName.keys()) {
      const row = this.#rowById.get(endpoint, type, id);
      if (row !== undefined) return row;
    }
    return undefined;
  }

  /** Undefined, or as many as the limit, when there may be more. */
  #found(scope: Scope, access: Probe | Range, limit: number): number[] | undefined {
    return access.kind === 'range'
      ? this.#inRange(scope, access, limit)
      : this.#probed(scope, access, limit);
  }

  #probed({ endpoint, type, registry }: Scope, probe: Probe, limit: number): number[] | undefined {
    switch (probe.by) {
      case 'id':
        return listOf(this.#rowById.get(endpoint, type.name, probe.value));
      case 'name':
        return listOf(this.#rowByName.get(endpoint, type.name, probe.value));
      case 'unique':
        return listOf(this.#rowByUniqueValue.get(endpoint, type.name, probe.place, probe.value));
      case 'externalId':
        return this.#rowsByExternalId.all(endpoint, type.name, probe.value, limit);
      case 'attribute':
        return this.#rowsByAttribute.all(probe.index, probe.value, limit);
      case 'member': {
        // Null matches no row: then only a kept value can be meant.
        const member = this.rowOfId(endpoint, registry, probe.value) ?? null;
        return this.#rowsWithMember.all({ member, value: probe.value, limit });
      }
      case 'group': {
        const group = this.rowOfId(endpoint, registry, probe.value);
        return group === undefined ? [] : this.#inGroup(group, limit);
      }
    }
  }

  /**
   * Who is in a group, directly or through others; groups on the way, too. In steps, because a
   * recursive statement reads all members of a group before its own limit counts.
   */
  #inGroup(group: number, limit: number): number[] | undefined {
    const reached = new Set<number>();
    const open = [group];
    let left = READS_PER_ROW * limit;
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const members = this.#memberRows.all(next, limit);
      left -= members.length;
      if (members.length === limit || left < 0) return undefined;
      for (const member of members) {
        if (reached.has(member)) continue;
        reached.add(member);
        open.push(member);
      }
    }
    return [...reached];
  }

  #inRange({ endpoint, type }: Scope, range: Range, limit: number): number[] {
    const { low, high } = range;
    return range.on === 'attribute'
      ? this.#rowsInAttributeRange.all(range.index, low, high, limit)
      : this.#rowsInRange[range.on].all(endpoint, type.name, low, high, limit);
  }
}

function rowsOf<P extends unknown[]>(db: Connection, text: string): Statement<P, number> {
  return db.prepare<P, number>(text).pluck();
}

/** Groups that share members make them be read again; so often at most. */
const READS_PER_ROW = 4;

/** SQLite orders blobs behind every text. */
const BEHIND_ALL_TEXT = Buffer.alloc(0);

/** A resource with several keys in a stretch was found several times. */
function within(
  found: number[] | undefined,
  access: Probe | Range,
  limit: number,
): number[] | undefined {
  if (found === undefined || found.length > limit) return undefined;
  return access.kind === 'range' && access.on === 'attribute' ? [...new Set(found)] : found;
}

function listOf<T>(found: T | undefined): T[] {
  return found === undefined ? [] : [found];
}
