/**
 * All questions put to a read-only connection, on whichever thread owns it. Every statement is
 * bounded by a LIMIT and an index; whoever needs more walks slices inside one `snapshot`. Endpoints
 * are addressed by row, resources are answered as stored, unparsed.
 */
import type { Link } from '../scim/resource/rendered.ts';
import type { Registry, ResourceType } from '../scim/schema/attribute.ts';
import { CandidateReader } from './candidate-reader.ts';
import { ChangeReader } from './change-reader.ts';
import { CredentialReader } from './credential-directory.ts';
import { LinkReader, type LinkedRow } from './link-reader.ts';
import { ListReader } from './list-reader.ts';
import type { Connection } from './open.ts';
import * as sql from './plan/sql.ts';
import { ProfileReader } from './profile-reader.ts';
import type { ReadRow } from './read-row.ts';
import type { EndpointRow } from './tables/endpoints.ts';

interface MemberCheck {
  readonly group: number;
  readonly member: number | null;
  readonly value: string;
}

export class Reader {
  /** Resources of a type in order. */
  readonly lists: ListReader;
  /** What indexes find. */
  readonly candidates: CandidateReader;
  /** Configs, and what is stored under them. */
  readonly profiles: ProfileReader;
  /** What has changed since a reader looked last. */
  readonly changes: ChangeReader;
  /** What opens endpoints. */
  readonly credentials: CredentialReader;
  readonly #db: Connection;
  #inSnapshot = false;
  readonly #byId;
  readonly #byName;
  readonly #byRow;
  readonly #counts;
  readonly #hasMember;
  readonly #links: LinkReader;
  readonly #memberCounts;
  readonly #endpoints;
  readonly #begin;
  readonly #commit;

  /** @param db opened for reading by `openReader`; closed by `close` */
  constructor(db: Connection) {
    this.#db = db;
    this.lists = new ListReader(db);
    this.candidates = new CandidateReader(db);
    this.profiles = new ProfileReader(db);
    this.changes = new ChangeReader(db);
    this.credentials = new CredentialReader(db);
    this.#byId = db.prepare<[number, string, string], ReadRow>(sql.RESOURCE_BY_ID);
    this.#byName = db.prepare<[number, string, string], ReadRow>(sql.RESOURCE_BY_NAME);
    this.#byRow = db.prepare<[number, number, string], ReadRow>(sql.RESOURCE_BY_ROW);
    this.#counts = db.prepare<[number], { type: string; count: number }>(sql.RESOURCE_COUNTS);
    this.#hasMember = db.prepare<MemberCheck, number>(sql.HAS_MEMBER).pluck();
    this.#links = new LinkReader(db);
    this.#memberCounts = db.prepare<
      [number, string, string, number],
      { id: string; memberships: number }
    >(sql.MEMBER_COUNT_SLICE);
    this.#endpoints = db.prepare<[], EndpointRow>(sql.ENDPOINTS);
    this.#begin = db.prepare('BEGIN');
    this.#commit = db.prepare('COMMIT');
  }

  /** Runs `work` in one read transaction: all it reads is of one commit. Holds back the WAL's reset. */
  snapshot<T>(work: () => T): T {
    if (this.#inSnapshot) return work();
    this.beginSnapshot();
    try {
      return work();
    } finally {
      this.endSnapshot();
    }
  }

  /** What is read until `endSnapshot` belongs to one commit. */
  beginSnapshot(): void {
    this.#begin.run();
    this.#inSnapshot = true;
  }

  endSnapshot(): void {
    this.#inSnapshot = false;
    this.#commit.run();
  }

  /** Living endpoints in creation order. */
  endpoints(): EndpointRow[] {
    return this.#endpoints.all();
  }

  get(endpoint: number, type: string, id: string): ReadRow | undefined {
    return this.#byId.get(endpoint, type, id);
  }

  /** @param key as the key column of names holds it */
  named(endpoint: number, type: string, key: string): ReadRow | undefined {
    return this.#byName.get(endpoint, type, key);
  }

  /** Those of the groups that have every one of `members`: one index probe each. */
  withMembers(
    endpoint: number,
    registry: Registry,
    groups: ReadRow[],
    members: readonly string[],
  ): ReadRow[] {
    return members.reduce((left, value) => {
      // Null matches no row: then only a kept value can be meant.
      const member = this.candidates.rowOfId(endpoint, registry, value) ?? null;
      return left.filter(({ row }) => this.#hasMember.get({ group: row, member, value }) === 1);
    }, groups);
  }

  /** A resource by row, unless it is another endpoint's or of another type. */
  byRow(row: number, endpoint: number, type: string): ReadRow | undefined {
    return this.#byRow.get(row, endpoint, type);
  }

  counts(endpoint: number): { type: string; count: number }[] {
    return this.#counts.all(endpoint);
  }

  /** How many members each of the next groups behind `after` has. */
  memberCounts(
    endpoint: number,
    type: string,
    after: string,
    limit: number,
  ): { id: string; memberships: number }[] {
    return this.#memberCounts.all(endpoint, type, after, limit);
  }

  /** Members of groups, or groups of resources: see `LinkReader`. */
  links(
    rows: readonly LinkedRow[],
    type: ResourceType,
    registry: Registry,
    limit: number,
  ): ReadonlyMap<number, readonly Link[]> | undefined {
    return this.#links.links(rows, type, registry, limit);
  }

  close(): void {
    this.#db.close();
  }
}
