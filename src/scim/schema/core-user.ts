/**
 * The User schema of RFC 7643 §4.1 with the characteristics of §8.7.1. Canonical values are hints
 * for clients: other values are stored as they come.
 */
import type { AttributeDefinition, SchemaDefinition } from './attribute.ts';
import { attribute, list, text, typeAndPrimary } from './define.ts';

export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';

const READ_ONLY = { mutability: 'readOnly' } as const;
const PLACES = ['work', 'home', 'other'];

const display = text('display', 'The value in a form for people.');

const singular: readonly AttributeDefinition[] = [
  text('userName', 'The name the user signs in with; unique among users, in any case.', {
    required: true,
    uniqueness: 'server',
  }),
  attribute('name', 'complex', "The components of the user's name.", {
    subAttributes: [
      text('formatted', 'The full name, formatted for display.'),
      text('familyName', 'The family name, or last name in most Western languages.'),
      text('givenName', 'The given name, or first name in most Western languages.'),
      text('middleName', 'The middle names.'),
      text('honorificPrefix', 'The honorific prefixes, such as "Ms.".'),
      text('honorificSuffix', 'The honorific suffixes, such as "III".'),
    ],
  }),
  text('displayName', 'The name by which the user is shown to others.'),
  text('nickName', 'The casual way to address the user.'),
  attribute('profileUrl', 'reference', "URL of the user's profile page.", {
    referenceTypes: ['external'],
  }),
  text('title', 'The user\'s title, such as "Vice President".'),
  text('userType', 'The relation of the user to the organization, such as "Contractor".'),
  text('preferredLanguage', 'Preferred languages, in the form of Accept-Language.'),
  text('locale', 'Language tag for currency, dates and numbers, such as "en-US".'),
  text('timezone', 'Time zone by its IANA name, such as "America/Los_Angeles".'),
  attribute('active', 'boolean', 'Whether the user account may be used.'),
  text('password', 'Kept as a salted hash and never returned.', {
    mutability: 'writeOnly',
    returned: 'never',
  }),
];

const multiValued: readonly AttributeDefinition[] = [
  list('emails', 'E-mail addresses.', [
    text('value', 'The e-mail address.'),
    display,
    ...typeAndPrimary(PLACES),
  ]),
  list('phoneNumbers', 'Phone numbers.', [
    text('value', 'The phone number, preferably as RFC 3966 writes it.'),
    display,
    ...typeAndPrimary(['work', 'home', 'mobile', 'fax', 'pager', 'other']),
  ]),
  list('ims', 'Instant messaging addresses.', [
    text('value', 'The instant messaging address.'),
    display,
    ...typeAndPrimary(['aim', 'gtalk', 'icq', 'xmpp', 'msn', 'skype', 'qq', 'yahoo', 'other']),
  ]),
  list('photos', 'URLs of photos of the user.', [
    attribute('value', 'reference', 'URL of the photo.', { referenceTypes: ['external'] }),
    display,
    ...typeAndPrimary(['photo', 'thumbnail']),
  ]),
  list('addresses', 'Physical mailing addresses.', [
    text('formatted', 'The whole address for a label; may have several lines.'),
    text('streetAddress', 'Street, house number, P.O. box; may have several lines.'),
    text('locality', 'The city.'),
    text('region', 'The state or region.'),
    text('postalCode', 'The postal code.'),
    text('country', 'The country, preferably as its ISO 3166-1 alpha-2 code.'),
    // §8.7.1 leaves `primary` out here, but §2.4 gives it to every multi-valued attribute, the
    // example of §8.2 has it, and Entra sends it.
    ...typeAndPrimary(PLACES),
  ]),
  list(
    'groups',
    'The groups the user belongs to, directly or through nested groups.',
    [
      // Case-exact unlike in §8.7.1, because it is an `id`, which §3.1 makes case-exact.
      text('value', 'The id of the group.', { ...READ_ONLY, caseExact: true }),
      attribute('$ref', 'reference', 'URI of the group.', {
        ...READ_ONLY,
        referenceTypes: ['User', 'Group'],
      }),
      text('display', 'The displayName of the group.', READ_ONLY),
      text('type', 'How the user belongs to the group.', {
        ...READ_ONLY,
        canonicalValues: ['direct', 'indirect'],
      }),
    ],
    READ_ONLY,
  ),
  list('entitlements', 'Things the user is entitled to.', [
    text('value', 'The entitlement.'),
    display,
    ...typeAndPrimary(),
  ]),
  list('roles', 'Roles that together say who the user is.', [
    text('value', 'The role.'),
    display,
    ...typeAndPrimary(),
  ]),
  list('x509Certificates', 'Certificates of the user.', [
    attribute('value', 'binary', 'One DER-encoded X.509 certificate, in base64.'),
    display,
    ...typeAndPrimary(),
  ]),
];

export const CORE_USER: SchemaDefinition = {
  id: USER_SCHEMA,
  name: 'User',
  description: 'User Account',
  attributes: [...singular, ...multiValued],
};
