/**
 * Resource types for the tests of src/scim: those of RFC 7643, and a Device that has every
 * characteristic which they lack.
 */
import type { Registry, ResourceType, ResourceTypeDefinition } from '../attribute.ts';
import { CORE_PROFILE } from '../core.ts';
import { attribute, list, text, type Characteristics } from '../define.ts';
import { compileRegistry } from '../registry.ts';

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const DEVICE = 'urn:example:schemas:Device';
export const OWNER = 'urn:example:schemas:extension:Owner';

export const coreRegistry = compileRegistry(CORE_PROFILE);
export const userType = typeNamed(coreRegistry, 'User');
export const groupType = typeNamed(coreRegistry, 'Group');

const IMMUTABLE: Characteristics = { mutability: 'immutable' };
const SECRET: Characteristics = { mutability: 'writeOnly', returned: 'never' };

export const DEVICE_TYPE: ResourceTypeDefinition = {
  id: 'Device',
  name: 'Device',
  endpoint: '/Devices',
  description: 'A device',
  schema: DEVICE,
  schemaExtensions: [{ schema: OWNER, required: true }],
};

export const DEVICE_SCHEMA = {
  id: DEVICE,
  name: 'Device',
  description: 'A device',
  attributes: [
    text('serial', 'Immutable.', IMMUTABLE),
    text('label', 'Always returned.', { returned: 'always' }),
    text('notes', 'Returned on request.', { returned: 'request' }),
    text('tags', 'Simple and multi-valued.', { multiValued: true }),
    attribute('ports', 'integer', 'Integers.', { multiValued: true }),
    attribute('weight', 'decimal', 'A decimal.'),
    attribute('boughtAt', 'dateTime', 'A date and time.'),
    attribute('firmware', 'binary', 'A binary.'),
    attribute('place', 'complex', 'One sub-attribute of each kind.', {
      subAttributes: [
        text('site', 'Required.', { required: true }),
        text('room', 'Default.'),
        text('rack', 'Immutable.', IMMUTABLE),
        text('pin', 'Secret.', SECRET),
        text('history', 'Returned on request.', { returned: 'request' }),
        text('code', 'Always returned.', { returned: 'always' }),
      ],
    }),
    attribute('maker', 'complex', 'Immutable as a whole.', {
      ...IMMUTABLE,
      subAttributes: [text('name', ''), text('sites', '', { multiValued: true })],
    }),
    list('keys', 'Elements with an immutable sub-attribute.', [
      text('value', 'The key.'),
      text('algorithm', 'Immutable.', IMMUTABLE),
    ]),
  ],
};

export const OWNER_SCHEMA = {
  id: OWNER,
  name: 'Owner',
  description: 'Who owns a device',
  attributes: [
    text('owner', 'Required.', { required: true }),
    text('contract', 'Immutable.', IMMUTABLE),
    text('token', 'Secret.', SECRET),
    text('badge', 'Always returned.', { returned: 'always' }),
    text('log', 'Returned on request.', { returned: 'request' }),
  ],
};

export const deviceType = typeNamed(
  compileRegistry({ schemas: [DEVICE_SCHEMA, OWNER_SCHEMA], resourceTypes: [DEVICE_TYPE] }),
  'Device',
);

export function typeNamed(registry: Registry, name: string): ResourceType {
  const type = registry.typesByName.get(name);
  if (type === undefined) throw new Error(`the registry has no type ${name}`);
  return type;
}
