/** What the writer refuses whatever the command: a taken value, a resource that has grown too large. */
import { LIMITS } from '../platform/limits.ts';
import { ScimError, uniquenessConflict } from '../scim/errors.ts';
import type { JsonValue } from '../scim/json.ts';
import { quoted } from '../scim/resource/wording.ts';
import type { Attribute, ResourceType } from '../scim/schema/attribute.ts';
import { isUniqueViolation } from '../sqlite/error-code.ts';
import type { ListTable } from '../sqlite/tables/lists.ts';
import type { ResourceTable } from '../sqlite/tables/resources.ts';
import type { Tenant } from './tenants.ts';

/** Repeated adds would grow a resource without bound, and every PATCH of it would hold the writer. */
export function checkSize(type: ResourceType, document: string): void {
  if (document.length <= LIMITS.documentLength) return;
  throw new ScimError(
    413,
    `the ${type.name} would have ${document.length} characters, members not counted; at most ${LIMITS.documentLength} are kept`,
  );
}

/**
 * No retry helps, so not 429; and not 507, which providers retry and operators take for a fault of
 * the server: 403 is the status of RFC 7644 §3.12 for what the client may not do.
 */
export function checkCount(lists: ListTable, { row, settings }: Tenant): void {
  const { resourcesMax: max } = settings;
  if (max === 0 || lists.total(row) < max) return;
  throw new ScimError(
    403,
    `this endpoint may hold ${max} resources and has them: delete some, or have resourcesMax raised`,
  );
}

/** Turns the index's refusal into the 409 that names the attribute. */
export function unique(type: ResourceType, name: string | undefined, write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const { nameAttribute } = type;
    if (nameAttribute === undefined || name === undefined) throw error;
    throw taken(type, nameAttribute, name);
  }
}

/**
 * @param row of the resource that may have it
 * @throws ScimError 409 where the endpoint wants externalIds unique, which the RFC does not
 */
export function checkExternalId(
  resources: ResourceTable,
  tenant: Tenant,
  type: ResourceType,
  externalId: string | undefined,
  row: number,
): void {
  if (!tenant.settings.externalIdUnique || externalId === undefined) return;
  if (!resources.externalIdTaken(tenant.row, type.name, externalId, row)) return;
  const attribute = type.attributes.get('externalid');
  if (attribute !== undefined) throw taken(type, attribute, externalId);
}

/** 409: `emails.value "a@b.example" belongs to another User (compared without case)`. */
export function taken(type: ResourceType, attribute: Attribute, value: JsonValue): ScimError {
  const shown = typeof value === 'string' ? quoted(value) : JSON.stringify(value);
  const isFolded = typeof value === 'string' && isText(attribute) && !attribute.caseExact;
  const how = isFolded ? ' (compared without case)' : '';
  return uniquenessConflict(`${attribute.path} ${shown} belongs to another ${type.name}${how}`);
}

function isText({ type }: Attribute): boolean {
  return type === 'string' || type === 'reference';
}
