/**
 * What Microsoft Entra ID sends, in its default dialect (capitalised operations, booleans as
 * strings) and in the one of `aadOptscim062020`. Keys stand in the order that Entra writes them.
 */
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
/** Entra lists this URN in the `schemas` of groups, and never sends data under it. */
export const ADSCIM_GROUP =
  'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group';

/** A user as the provisioning job creates it. */
export function entraUser(name: string): JsonObject {
  return {
    schemas: [USER, ENTERPRISE],
    externalId: `mail-${name}`,
    userName: `${name}@contoso.example`,
    active: true,
    displayName: `Display of ${name}`,
    emails: [{ primary: true, type: 'work', value: `${name}@contoso.example` }],
    meta: { resourceType: 'User' },
    name: { formatted: `Given Family ${name}`, familyName: 'Family', givenName: 'Given' },
    title: 'Engineer',
    preferredLanguage: 'en-US',
    addresses: [
      {
        primary: true,
        type: 'work',
        streetAddress: '1 Main Street',
        locality: 'Zürich',
        region: 'ZH',
        postalCode: '8001',
        country: 'CH',
      },
    ],
    phoneNumbers: [{ type: 'mobile', value: '+41 44 000 00 00' }],
    [ENTERPRISE]: { employeeNumber: `E-${name}`, department: 'Research' },
  };
}

/** A group as the provisioning job creates it: with the ADSCIM URN, without members. */
export function entraGroup(displayName: string): JsonObject {
  return {
    schemas: [GROUP, ADSCIM_GROUP],
    externalId: `group-${displayName}`,
    displayName,
    meta: { resourceType: 'Group' },
  };
}

/** One operation of the default dialect: capitalised. */
export function verbose(
  op: 'Add' | 'Replace' | 'Remove',
  path: string,
  value?: JsonValue,
): JsonObject {
  return value === undefined ? { op, path } : { op, path, value };
}

/** A PATCH body with `schemas` first, as the job sends it. */
export function patchOp(...operations: readonly JsonValue[]): JsonObject {
  return { schemas: [PATCH_OP], Operations: [...operations] };
}

/** A PATCH body with `schemas` last, as the Entra SCIM validator sends it. */
export function patchOpSchemasLast(...operations: readonly JsonValue[]): JsonObject {
  return { Operations: [...operations], schemas: [PATCH_OP] };
}

/** A filter as Entra puts it into a query: `+` for spaces, raw quotes, `%40` for @. */
export function entraFilter(attribute: string, value: string): string {
  return `filter=${attribute}+eq+"${encodeURIComponent(value)}"`;
}
