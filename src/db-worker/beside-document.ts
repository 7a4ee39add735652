/**
 * What belongs to a resource and lies beside its document: values that no two resources share, keys
 * of attribute indexes, and secrets. Types that have none of them cost no statement. The caller undoes
 * what a throw leaves behind.
 */
import { immutable } from '../scim/patch/target.ts';
import type { Secrets } from '../scim/resource/secrets.ts';
import { uniqueValues } from '../scim/resource/unique-values.ts';
import type { ResourceType } from '../scim/schema/attribute.ts';
import type { JsonObject } from '../scim/json.ts';
import type { Connection } from '../sqlite/open.ts';
import type { AttributeKeyTable } from '../sqlite/tables/attribute-keys.ts';
import type { ResourceRow } from '../sqlite/tables/resources.ts';
import { SecretTable } from '../sqlite/tables/secrets.ts';
import { UniqueValueTable } from '../sqlite/tables/unique-values.ts';
import { addKeys, changeKeys, removeKeys, type KeyedDocument } from './index-upkeep.ts';
import { taken } from './refusals.ts';
import { parseDocument } from './stored-document.ts';
import type { Tenant } from './tenants.ts';

/** A resource as it is stored. */
type Stored = Pick<ResourceRow, 'row' | 'document'>;

export class BesideDocument {
  readonly #uniques: UniqueValueTable;
  readonly #keys: AttributeKeyTable;
  readonly #secrets: SecretTable;

  constructor(db: Connection, keys: AttributeKeyTable) {
    this.#keys = keys;
    this.#uniques = new UniqueValueTable(db);
    this.#secrets = new SecretTable(db);
  }

  /**
   * @param created a resource that has just been inserted as `row`
   * @throws ScimError 409 uniqueness
   */
  claim(tenant: Tenant, type: ResourceType, row: number, created: KeyedDocument): void {
    if (type.uniques.length > 0) {
      const values = uniqueValues(type, parseDocument(created.document));
      const conflict = this.#uniques.add(tenant.row, type.name, row, values);
      if (conflict !== undefined) throw taken(type, conflict.attribute, conflict.value);
    }
    const indexes = tenant.indexes.get(type.name);
    if (indexes !== undefined) addKeys(this.#keys, indexes, row, created);
  }

  /**
   * @param before what the resource was
   * @param after what it is now
   * @param parsed what it was, where somebody has parsed it
   * @throws ScimError 409 uniqueness
   */
  reclaim(
    tenant: Tenant,
    type: ResourceType,
    before: Stored,
    after: KeyedDocument,
    parsed?: JsonObject,
  ): void {
    if (after.document === before.document) return;
    if (type.uniques.length > 0) {
      const values = uniqueValues(type, parseDocument(after.document));
      const conflict = this.#uniques.replace(tenant.row, type.name, before.row, values);
      if (conflict !== undefined) throw taken(type, conflict.attribute, conflict.value);
    }
    const indexes = tenant.indexes.get(type.name);
    if (indexes === undefined) return;
    changeKeys(this.#keys, indexes, before.row, parsed ?? before.document, after);
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
  remove(tenant: Tenant, type: ResourceType, { row, document }: Stored): void {
    const indexes = tenant.indexes.get(type.name);
    if (indexes !== undefined) removeKeys(this.#keys, indexes, row, document);
    if (type.uniques.length > 0) this.#uniques.removeAll(row);
    if (type.secrets.length > 0) this.#secrets.removeAll(row);
  }

  /** As `remove`, of a resource whose type nobody knows any more: the indexes went with that. */
  purge(row: number): void {
    this.#uniques.removeAll(row);
    this.#secrets.removeAll(row);
  }
}
