/**
 * From a canonical resource to what the store keeps: the document as JSON text, and beside it what
 * has a column or rows of its own. The text begins with `schemas` and `id`, and never holds `meta`,
 * members, groups or anything that is returned `never`.
 */
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import type { ResourceType } from '../schema/attribute.ts';
import { indexKeysOf, type IndexKeys } from './index-keys.ts';
import { secretsOf, withoutSecrets, type Secrets } from './secrets.ts';

export interface StoredForm {
  /** JSON object text, never `{}`. */
  readonly document: string;
  /** Value of the type's nameAttribute, as given. */
  readonly name: string | undefined;
  readonly externalId: string | undefined;
  /** What lists of members and groups show of the resource. */
  readonly display: string;
  /** Ids; undefined when the resource says nothing of its members. */
  readonly members: readonly string[] | undefined;
  /** Hashes; undefined when the resource says nothing of its secrets. */
  readonly secrets: Secrets | undefined;
  /** Made here, where the values are at hand: who has only the text would have to parse it. */
  readonly indexKeys: IndexKeys | undefined;
}

/**
 * @param canonical as canonicalizeResource or applyPatch leave it, its secrets hashed; it is not
 *   changed. What a PATCH has emptied is left out.
 */
export function toStored(type: ResourceType, id: string, canonical: JsonObject): StoredForm {
  const attributes = storedAttributes(type, canonical);
  let head = `{"schemas":["${type.schema}"`;
  for (const { urn } of type.extensions.values()) {
    if (attributes[urn] !== undefined) head += `,"${urn}"`;
  }
  head += `],"id":${JSON.stringify(id)}`;
  const rest = JSON.stringify(attributes);
  const { nameAttribute, membership } = type;
  const name = nameAttribute && textOf(canonical[nameAttribute.name]);
  return {
    document: rest === '{}' ? `${head}}` : `${head},${rest.slice(1)}`,
    name,
    externalId: textOf(canonical['externalId']),
    display: textOf(canonical['displayName']) ?? name ?? id,
    members: membership && memberIds(canonical[membership.name]),
    secrets: secretsOf(type, canonical),
    indexKeys: indexKeysOf(type, attributes),
  };
}

function storedAttributes(type: ResourceType, canonical: JsonObject): JsonObject {
  const open = withoutSecrets(type, canonical);
  const stored: JsonObject = {};
  for (const key in open) {
    const value = open[key];
    if (value === undefined || type.unstored.has(key) || isUnassigned(value)) continue;
    stored[key] = value;
  }
  for (const { urn } of type.extensions.values()) {
    const data = stored[urn];
    if (isObject(data)) stored[urn] = assignedOf(data);
  }
  return stored;
}

/** RFC 7643 §2.5, and objects of nothing but such values. */
function isUnassigned(value: JsonValue): boolean {
  if (typeof value !== 'object') return false;
  if (value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  for (const key in value) {
    const inner = value[key];
    if (inner !== undefined && !isUnassigned(inner)) return false;
  }
  return true;
}

function assignedOf(data: JsonObject): JsonObject {
  const assigned: JsonObject = {};
  for (const key in data) {
    const value = data[key];
    if (value !== undefined && !isUnassigned(value)) assigned[key] = value;
  }
  return assigned;
}

function memberIds(members: JsonValue | undefined): string[] | undefined {
  if (!Array.isArray(members)) return undefined;
  const ids: string[] = [];
  for (const member of members) {
    const id = isObject(member) ? textOf(member['value']) : undefined;
    if (id !== undefined) ids.push(id);
  }
  return ids;
}

/** An empty text names nothing. */
function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
