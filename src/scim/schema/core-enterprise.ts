/**
 * The Enterprise User extension of RFC 7643 §4.3 with the characteristics of §8.7.1. A manager may
 * be any text: validators send random words, and nothing here follows the reference.
 */
import type { SchemaDefinition } from './attribute.ts';
import { attribute, text } from './define.ts';

export const ENTERPRISE_USER_SCHEMA = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

export const ENTERPRISE_USER: SchemaDefinition = {
  id: ENTERPRISE_USER_SCHEMA,
  name: 'EnterpriseUser',
  description: 'Enterprise User',
  attributes: [
    text('employeeNumber', 'Identifier of the person within the organization.'),
    text('costCenter', 'The name of a cost center.'),
    text('organization', 'The name of an organization.'),
    text('division', 'The name of a division.'),
    text('department', 'The name of a department.'),
    attribute('manager', 'complex', "The user's manager.", {
      subAttributes: [
        text('value', 'The id of the manager.'),
        attribute('$ref', 'reference', 'URI of the manager.', { referenceTypes: ['User'] }),
        text('displayName', 'The displayName of the manager.', { mutability: 'readOnly' }),
      ],
    }),
  ],
};
