/**
 * What an endpoint serves unless an administrator says otherwise: the resource types of
 * RFC 7643 §8.6 over the schemas of §4. The Enterprise User extension is optional, so that a user
 * of nothing but a userName is a user.
 */
import { CORE_GROUP, GROUP_SCHEMA } from './core-group.ts';
import { CORE_USER, USER_SCHEMA } from './core-user.ts';
import { ENTERPRISE_USER, ENTERPRISE_USER_SCHEMA } from './core-enterprise.ts';
import type { ResourceTypeDefinition } from './attribute.ts';
import type { Profile } from './registry.ts';

const USER_TYPE: ResourceTypeDefinition = {
  id: 'User',
  name: 'User',
  endpoint: '/Users',
  description: 'User Account',
  schema: USER_SCHEMA,
  schemaExtensions: [{ schema: ENTERPRISE_USER_SCHEMA, required: false }],
};

const GROUP_TYPE: ResourceTypeDefinition = {
  id: 'Group',
  name: 'Group',
  endpoint: '/Groups',
  description: 'Group',
  schema: GROUP_SCHEMA,
  schemaExtensions: [],
};

export const CORE_PROFILE: Profile = {
  schemas: [CORE_USER, CORE_GROUP, ENTERPRISE_USER],
  resourceTypes: [USER_TYPE, GROUP_TYPE],
};

/** Without groups. A user's `groups` is then an attribute that never has a value. */
export const CORE_USERS_PROFILE: Profile = {
  schemas: [CORE_USER, ENTERPRISE_USER],
  resourceTypes: [USER_TYPE],
};
