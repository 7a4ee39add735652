/**
 * Members of the source's groups as ids of resources that are here. Rows name a user by its key, or
 * by a value that may be a user's or a group's id, or nobody's any more; some come twice.
 */
import type { ScimServerFile } from '../sqlite/scimserver/file.ts';
import type { ForeignRow } from '../sqlite/scimserver/tables.ts';
import type { Store } from '../store/store.ts';
import type { Notes } from './findings.ts';
import type { ImportCounts } from './options.ts';
import type { Place } from './places.ts';
import { textOf } from './values.ts';

/** Ids known to be here; beyond, all are forgotten and looked up again. */
const KNOWN_MAX = 200_000;

export class MemberResolver {
  readonly #source: ScimServerFile;
  readonly #store: Store;
  readonly #counts: ImportCounts['members'];
  /** Ids of the source's groups, by endpoint. */
  readonly #groups = new Map<string, Set<string>>();
  readonly #known = new Set<string>();

  constructor(source: ScimServerFile, store: Store, counts: ImportCounts['members']) {
    this.#source = source;
    this.#store = store;
    this.#counts = counts;
    for (const { endpointId, scimId } of source.groupIds()) {
      const id = textOf(scimId);
      const endpoint = textOf(endpointId) ?? '';
      const ids = this.#groups.get(endpoint) ?? new Set();
      if (id !== undefined) this.#groups.set(endpoint, ids.add(id));
    }
  }

  /** Members of the group that are groups of the source. */
  groupsIn({ endpoint }: Place, group: ForeignRow<'ScimGroup'>): string[] {
    const groups = this.#groups.get(endpoint.id);
    if (groups === undefined) return [];
    return this.#idsOf(endpoint.id, group).flatMap((id) =>
      id !== undefined && groups.has(id) ? id : [],
    );
  }

  /**
   * Each member once, without those that name nobody.
   * @param together ids that will be there with the group
   */
  async membersOf(
    place: Place,
    group: ForeignRow<'ScimGroup'>,
    together: ReadonlySet<string>,
    notes: Notes,
  ): Promise<string[]> {
    const members = new Set<string>();
    for (const id of this.#idsOf(place.endpoint.id, group)) {
      if (id !== undefined && members.has(id)) {
        this.#drop(notes, 'a member that was there twice');
      } else if (id !== undefined && (together.has(id) || (await this.#isHere(place, id)))) {
        members.add(id);
      } else this.#drop(notes, 'a member that names no resource of the endpoint');
    }
    return [...members];
  }

  #idsOf(endpointId: string, { id }: ForeignRow<'ScimGroup'>): (string | undefined)[] {
    const key = textOf(id);
    if (key === undefined) return [];
    return this.#source
      .members(endpointId, key)
      .map(({ userScimId, value }) => textOf(userScimId) ?? textOf(value));
  }

  async #isHere({ endpoint, registry }: Place, id: string): Promise<boolean> {
    const key = `${endpoint.id} ${id}`;
    if (this.#known.has(key)) return true;
    for (const type of registry.typesByName.keys()) {
      const query = { endpointId: endpoint.id, type, id, links: undefined };
      if ((await this.#store.get(query)) === undefined) continue;
      if (this.#known.size >= KNOWN_MAX) this.#known.clear();
      this.#known.add(key);
      return true;
    }
    return false;
  }

  #drop(notes: Notes, detail: string): void {
    this.#counts.dropped += 1;
    notes.add('dropped', 'members', detail);
  }
}
