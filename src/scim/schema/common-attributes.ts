/**
 * The attributes that every resource has (RFC 7643 §3.1). They belong to no schema and are not
 * shown in /Schemas; compilation adds them to each resource type, so that filters, projection and
 * validation treat them like any other.
 */
import type { AttributeDefinition } from './attribute.ts';
import { attribute, text } from './define.ts';

const READ_ONLY = { mutability: 'readOnly' } as const;
const READ_ONLY_EXACT = { mutability: 'readOnly', caseExact: true } as const;

export const COMMON_ATTRIBUTES: readonly AttributeDefinition[] = [
  // Derived from the data that is there, hence readOnly; URNs compare without case.
  attribute('schemas', 'reference', 'URNs of the schemas whose data the resource holds.', {
    multiValued: true,
    required: true,
    caseExact: false,
    mutability: 'readOnly',
    returned: 'always',
    referenceTypes: ['uri'],
  }),
  text('id', 'Identifier given by the service provider; never changes, never reused.', {
    required: true,
    caseExact: true,
    mutability: 'readOnly',
    returned: 'always',
    uniqueness: 'global',
  }),
  text('externalId', 'Identifier given by the provisioning client.', { caseExact: true }),
  attribute('meta', 'complex', 'Resource metadata.', {
    ...READ_ONLY,
    subAttributes: [
      text('resourceType', 'Name of the resource type.', READ_ONLY_EXACT),
      attribute('created', 'dateTime', 'When the resource was created.', READ_ONLY),
      attribute('lastModified', 'dateTime', 'When the resource was last changed.', READ_ONLY),
      attribute('location', 'reference', 'URI of the resource.', {
        ...READ_ONLY,
        referenceTypes: ['uri'],
      }),
      text('version', 'Entity-tag of the resource, as in the ETag header.', READ_ONLY_EXACT),
    ],
  }),
];
