/**
 * A profile as an administrator would write it, with what the core types lack: a type of its own with
 * a unique name, multi-valued complex attributes, an immutable one, one returned on request, one
 * returned never, and a required extension. Beside it the users of RFC 7643.
 */
import type { JsonObject } from '../../src/scim/json.ts';

export const DEVICE = 'urn:example:schemas:Device';
export const WARRANTY = 'urn:example:schemas:extension:Warranty';
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';

export const DEVICE_SCHEMA: JsonObject = {
  id: DEVICE,
  name: 'Device',
  description: 'A device that somebody carries',
  attributes: [
    { name: 'serial', required: true, uniqueness: 'server', caseExact: true },
    { name: 'label', description: 'Shown to people' },
    { name: 'assetTag', uniqueness: 'server' },
    { name: 'boughtAt', type: 'dateTime' },
    { name: 'weight', type: 'decimal' },
    { name: 'cores', type: 'integer' },
    { name: 'managed', type: 'boolean' },
    { name: 'model', mutability: 'immutable' },
    { name: 'notes', returned: 'request' },
    { name: 'unlockCode', mutability: 'writeOnly' },
    { name: 'tags', multiValued: true },
    {
      name: 'addresses',
      type: 'complex',
      multiValued: true,
      subAttributes: [
        { name: 'value', required: true },
        { name: 'type', canonicalValues: ['ipv4', 'mac'] },
        { name: 'primary', type: 'boolean' },
      ],
    },
    {
      name: 'owner',
      type: 'complex',
      subAttributes: [
        { name: 'value' },
        { name: '$ref', type: 'reference', referenceTypes: ['User'] },
        { name: 'displayName', mutability: 'readOnly' },
      ],
    },
  ],
};

export const WARRANTY_SCHEMA: JsonObject = {
  id: WARRANTY,
  name: 'Warranty',
  attributes: [
    { name: 'until', type: 'dateTime', required: true },
    { name: 'partner', returned: 'always' },
  ],
};

export const DEVICE_TYPE: JsonObject = {
  name: 'Device',
  endpoint: '/Devices',
  description: 'Devices',
  schema: DEVICE,
  schemaExtensions: [{ schema: WARRANTY, required: true }],
};

export const USER_TYPE: JsonObject = { name: 'User', endpoint: '/Users', schema: USER };

export const DEVICE_PROFILE: JsonObject = {
  schemas: [DEVICE_SCHEMA, WARRANTY_SCHEMA],
  resourceTypes: [USER_TYPE, DEVICE_TYPE],
};

/** A device that has what it must have. */
export function device(serial: string, more: JsonObject = {}): JsonObject {
  return {
    schemas: [DEVICE, WARRANTY],
    serial,
    [WARRANTY]: { until: '2030-01-01T00:00:00Z' },
    ...more,
  };
}
