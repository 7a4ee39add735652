/**
 * The Group schema of RFC 7643 §4.2 with the characteristics of §8.7.1, and three deliberate
 * differences, which /Schemas shows as they are enforced.
 */
import type { SchemaDefinition } from './attribute.ts';
import { attribute, list, text } from './define.ts';

export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';

const IMMUTABLE = { mutability: 'immutable' } as const;
const MEMBER_TYPES = ['User', 'Group'];

export const CORE_GROUP: SchemaDefinition = {
  id: GROUP_SCHEMA,
  name: 'Group',
  description: 'Group',
  attributes: [
    // Required, as the text of §4.2 says and the example of §8.7.1 does not. Unique beyond the RFC:
    // identity providers look groups up by displayName and take the first hit, so that a second
    // group of the name would be provisioned by accident.
    text('displayName', 'The name of the group; unique among groups, in any case.', {
      required: true,
      uniqueness: 'server',
    }),
    list('members', 'The members of the group. They are added and removed, never changed.', [
      // Required, as §4.2 allows, and case-exact, because it is an `id` (§3.1).
      text('value', 'The id of the member.', { ...IMMUTABLE, required: true, caseExact: true }),
      attribute('$ref', 'reference', 'URI of the member.', {
        ...IMMUTABLE,
        referenceTypes: MEMBER_TYPES,
      }),
      text('type', 'The resource type of the member.', {
        ...IMMUTABLE,
        canonicalValues: MEMBER_TYPES,
      }),
      // §2.4 gives it to every multi-valued attribute; §8.4 shows it.
      text('display', 'The name of the member, for people.', IMMUTABLE),
    ]),
  ],
};
