/**
 * What belongs to a resource and lies beside its document: values that no two resources share, and
 * secrets. Types that have neither cost no statement. The caller has set a savepoint: a throw leaves
 * nothing behind.
 */
import { immutable } from '../scim/patch/target.ts';
import type { Secrets } from '../scim/resource/secrets.ts';
import { uniqueValues } from '../scim/resource/unique-values.ts';
import type { ResourceType } from '../scim/schema/attribute.ts';
import type { Connection } from '../sqlite/open.ts';
import { SecretTable } from '../sqlite/tables/secrets.ts';
import { UniqueValueTable } from '../sqlite/tables/unique-values.ts';
import { taken } from './refusals.ts';
import { parseDocument } from './stored-document.ts';

export class BesideDocument {
  readonly #uniques: UniqueValueTable;
  readonly #secrets: SecretTable;

  constructor(db: Connection) {
    this.#uniques = new UniqueValueTable(db);
    this.#secrets = new SecretTable(db);
  }

  /**
   * @param document of a resource that has just been inserted as `row`
   * @throws ScimError 409 uniqueness
   */
  claim(endpoint: number, type: ResourceType, row: number, document: string): void {
    if (type.uniques.length === 0) return;
    const values = uniqueValues(type, parseDocument(document));
    const conflict = this.#uniques.add(endpoint, type.name, row, values);
    if (conflict !== undefined) throw taken(type, conflict.attribute, conflict.value);
  }

  /**
   * @param document what the resource has now
   * @throws ScimError 409 uniqueness
   */
  reclaim(endpoint: number, type: ResourceType, row: number, document: string): void {
    if (type.uniques.length === 0) return;
    const values = uniqueValues(type, parseDocument(document));
    const conflict = this.#uniques.replace(endpoint, type.name, row, values);
    if (conflict !== undefined) throw taken(type, conflict.attribute, conflict.value);
  }

  secretsOf(row: number): Secrets {
    return this.#secrets.of(row);
  }

  /**
   * Sets the given secrets of a resource and leaves its others as they are.
   * @returns whether anything changed
   * @throws ScimError 400 mutability for an immutable one that is set already: hashes do not tell
   *   whether it would stay the same
   */
  giveSecrets(type: ResourceType, row: number, given: Secrets | undefined): boolean {
    if (given === undefined) return false;
    let changed = false;
    for (const { key, attribute, leaf } of type.secrets) {
      const hash = given[key];
      if (hash === undefined) continue;
      const isImmutable = leaf.mutability === 'immutable' || attribute.mutability === 'immutable';
      if (isImmutable && this.#secrets.of(row)[key] !== undefined) throw immutable(leaf);
      changed = this.#secrets.set(row, key, hash) || changed;
    }
    return changed;
  }

  /**
   * Makes `after` the secrets of a resource.
   * @param before what it has
   * @returns whether anything changed
   */
  changeSecrets(row: number, before: Secrets | undefined, after: Secrets | undefined): boolean {
    let changed = false;
    for (const place in before) {
      if (after?.[place] === undefined) changed = this.#secrets.set(row, place, '') || changed;
    }
    for (const place in after) {
      const hash = after[place];
      if (hash === undefined || hash === before?.[place]) continue;
      changed = this.#secrets.set(row, place, hash) || changed;
    }
    return changed;
  }

  /** With the resource itself. */
  remove(type: ResourceType, row: number): void {
    if (type.uniques.length > 0) this.#uniques.removeAll(row);
    if (type.secrets.length > 0) this.#secrets.removeAll(row);
  }

  /** As `remove`, of a resource whose type nobody knows any more. */
  purge(row: number): void {
    this.#uniques.removeAll(row);
    this.#secrets.removeAll(row);
  }
}
