/** What Okta sends: whole objects by PUT with the echo of what it read, and PATCH without paths. */
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import { GROUP, PATCH_OP, USER } from './entra.ts';

/** The password of a user whom Okta also lets in by one. */
export const OKTA_PASSWORD = '1mz050nq';

/** A user as Okta creates it: with `groups: []`, and with a password unless that is not synchronised. */
export function oktaUser(name: string, password?: string): JsonObject {
  return {
    schemas: [USER],
    userName: `${name}@okta.example`,
    name: { givenName: 'Given', familyName: 'Family' },
    emails: [{ primary: true, value: `${name}@okta.example`, type: 'work' }],
    displayName: `Given Family ${name}`,
    locale: 'en-US',
    externalId: `00u${name}`,
    groups: [],
    ...(password === undefined ? {} : { password }),
    active: true,
  };
}

/** A group as group push creates it. */
export function oktaGroup(displayName: string, members: readonly string[] = []): JsonObject {
  return {
    schemas: [GROUP],
    displayName,
    members: members.map((value) => ({ value, display: 'pushed' })),
  };
}

/** `{"op":"replace","value":{…}}`, Okta's only form for users and for renaming groups. */
export function replaceValue(value: JsonObject): JsonObject {
  return { schemas: [PATCH_OP], Operations: [{ op: 'replace', value }] };
}

/** Group push: the whole membership at once. */
export function replaceMembers(ids: readonly string[]): JsonObject {
  const value: JsonValue = ids.map((id) => ({ value: id }));
  return { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'members', value }] };
}
