/**
 * What the suite adds to the profile of our own endpoints, so that characteristics no core schema
 * uses can be seen from outside: an extension of User with one attribute of each, and a resource
 * type of its own. Other servers are asked only about what they define themselves.
 */
import type { JsonObject } from '../../src/scim/json.ts';
import { ENTERPRISE, GROUP, USER } from './row-context.ts';

const PROBE = 'urn:example:conformance:2.0:Probe';
const DEVICE = 'urn:example:conformance:2.0:Device';

/** The members of an endpoint's config. */
export const PROBE_PROFILE: JsonObject = {
  schemas: [
    {
      id: PROBE,
      name: 'Probe',
      description: 'One attribute of each characteristic',
      attributes: [
        text('foldedText'),
        text('exactText', { caseExact: true }),
        text('uniqueText', { uniqueness: 'server' }),
        text('fixedText', { mutability: 'immutable' }),
        text('givenText', { mutability: 'readOnly' }),
        text('secretText', { mutability: 'writeOnly', returned: 'never' }),
        text('askedText', { returned: 'request' }),
        text('constantText', { returned: 'always' }),
        text('chosenText', { canonicalValues: ['red', 'green'] }),
        text('manyTexts', { multiValued: true }),
        attribute('wholeNumber', 'integer'),
        attribute('fraction', 'decimal'),
        attribute('flag', 'boolean'),
        attribute('moment', 'dateTime'),
        attribute('bytes', 'binary', { caseExact: true }),
        attribute('link', 'reference', { caseExact: true, referenceTypes: ['external'] }),
      ],
    },
    {
      id: DEVICE,
      name: 'Device',
      description: 'A resource of its own kind',
      attributes: [
        text('displayName', { required: true }),
        text('serialNumber', { uniqueness: 'server' }),
        attribute('ports', 'integer'),
      ],
    },
  ],
  resourceTypes: [
    type('User', '/Users', USER, ENTERPRISE, PROBE),
    type('Group', '/Groups', GROUP),
    type('Device', '/Devices', DEVICE),
  ],
};

function attribute(name: string, kind: string, more: JsonObject = {}): JsonObject {
  return {
    name,
    type: kind,
    multiValued: false,
    description: `A value of type ${kind}`,
    required: false,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    ...more,
  };
}

function text(name: string, more: JsonObject = {}): JsonObject {
  return attribute(name, 'string', more);
}

function type(name: string, endpoint: string, schema: string, ...extensions: string[]): JsonObject {
  return {
    id: name,
    name,
    endpoint,
    description: `A ${name}`,
    schema,
    schemaExtensions: extensions.map((urn) => ({ schema: urn, required: false })),
  };
}
