/** What the tests of filters share: limits, the core resource types, and one user and group. */
import { CORE_PROFILE } from '../../schema/core.ts';
import { compileRegistry } from '../../schema/registry.ts';
import type { Attribute, ResourceType } from '../../schema/attribute.ts';
import type { JsonObject } from '../../json.ts';
import { ScimError } from '../../errors.ts';
import type { FilterNode } from '../ast.ts';
import { compileFilter } from '../evaluate.ts';
import { parseFilter } from '../parse.ts';

export const LIMITS = { maxLength: 16_384, maxDepth: 32, maxNodes: 1000 };

export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const registry = compileRegistry(CORE_PROFILE);
export const USER = typeNamed('User');
export const GROUP = typeNamed('Group');

export const BARBARA: JsonObject = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ENTERPRISE],
  id: '2819c223-7f76-453a-919d-413861904646',
  externalId: 'Bjensen-1',
  userName: 'bjensen@example.com',
  name: { familyName: "O'Malley", givenName: 'Barbara' },
  displayName: 'Babs Straße',
  title: '',
  active: true,
  emails: [
    { value: 'Bjensen@Example.com', type: 'work', primary: true },
    { value: 'babs@jensen.org', type: 'home' },
  ],
  roles: [],
  addresses: [{ type: 'work', locality: 'Hollywood' }],
  groups: [{ value: 'e9e30dba-f08f-4109-8486-d5c6a331660a', display: 'Guides', type: 'direct' }],
  [ENTERPRISE]: { employeeNumber: '701984', manager: { value: 'mgr-1' } },
  meta: {
    resourceType: 'User',
    created: '2010-01-23T04:56:22Z',
    lastModified: '2011-05-13T04:42:34.250Z',
    version: 'W/"7"',
  },
};

export const GUIDES: JsonObject = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
  id: 'e9e30dba-f08f-4109-8486-d5c6a331660a',
  displayName: 'Guides',
  members: [
    { value: '2819c223-7f76-453a-919d-413861904646', type: 'User', display: 'Babs' },
    { value: '902c246b-6245-4190-8e05-00816be7344a', type: 'User', display: 'Mandy' },
  ],
};

export function parse(filter: string): FilterNode {
  return parseFilter(filter, LIMITS);
}

export function userMatches(filter: string, user: JsonObject = BARBARA): boolean {
  return compileFilter(parse(filter), USER)(user);
}

export function groupMatches(filter: string, group: JsonObject = GUIDES): boolean {
  return compileFilter(parse(filter), GROUP)(group);
}

/** The ScimError that `act` throws. */
export function refusalOf(act: () => unknown): ScimError {
  try {
    act();
  } catch (error) {
    if (error instanceof ScimError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** An attribute of a type that no core schema has, otherwise as RFC 7643 §2.2 defaults. */
export function attributeOf(characteristics: Partial<Attribute> & { name: string }): Attribute {
  return { ...userAttribute('nickName'), path: characteristics.name, ...characteristics };
}

export function userAttribute(name: string): Attribute {
  const attribute = USER.attributes.get(name.toLowerCase());
  if (attribute === undefined) throw new Error(`User has no ${name}`);
  return attribute;
}

function typeNamed(name: string): ResourceType {
  const type = registry.typesByName.get(name);
  if (type === undefined) throw new Error(`the core profile has no ${name}`);
  return type;
}
