/**
 * Users as identity providers might write them, for the property tests: mostly by the letter, so
 * that strict settings accept many, each part now and then in one of the loose forms.
 */
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../json.ts';
import { ENTERPRISE, USER } from '../schema/test/types.ts';

const word = fc.constantFrom('a', 'A', 'b', 'ß', 'x@y', 'X@Y', '');
const bool = rarely<JsonValue>(fc.boolean(), fc.constantFrom('True', 'false', 'yes', 1));
const label = fc.constantFrom('work', 'Work', 'home');

const element = fc.record<JsonObject>(
  { value: word, type: label, primary: bool, display: rarely<JsonValue>(word, fc.integer()) },
  { requiredKeys: [] },
);
const address = fc.record<JsonObject>(
  { type: label, locality: word, country: word, primary: bool },
  { requiredKeys: [] },
);

/** Elements of a list: as a PATCH or a body gives them. */
export const anyElements: fc.Arbitrary<JsonValue[]> = fc.array(element, { maxLength: 4 });
export const anyAddresses: fc.Arbitrary<JsonValue[]> = fc.array(address, { maxLength: 4 });

const list = rarely<JsonValue>(
  anyElements,
  fc.oneof(element, word, fc.array(word, { maxLength: 2 }), fc.constant(null)),
);
const manager = rarely<JsonValue>(
  fc.record({ value: word, displayName: word }, { requiredKeys: [] }),
  fc.oneof(word, fc.constantFrom<JsonValue>([], null, [{ value: 'm' }])),
);

const nested = fc.record<JsonObject>(
  {
    schemas: rarely<JsonValue>(
      fc.constantFrom([USER], [USER, ENTERPRISE], [ENTERPRISE.toUpperCase(), USER.toLowerCase()]),
      fc.constantFrom(null, [], ['urn:x'], [USER, 'urn:x'], [USER, USER], [ENTERPRISE]),
    ),
    userName: rarely<JsonValue>(fc.constant('u'), fc.constantFrom('', null)),
    title: rarely<JsonValue>(word, fc.constantFrom(null, [])),
    active: bool,
    name: rarely<JsonValue>(fc.record({ givenName: word }), fc.constantFrom('x', [], {})),
    emails: list,
    roles: list,
    addresses: rarely<JsonValue>(anyAddresses, address),
    [ENTERPRISE]: fc.record<JsonObject>({ department: word, manager }, { requiredKeys: [] }),
    groups: fc.constant([]),
  },
  { requiredKeys: ['schemas', 'userName'] },
);
const flat = fc.record<JsonObject>(
  {
    'name.familyName': word,
    [`${ENTERPRISE}:costCenter`]: word,
    [USER]: fc.record({ nickName: word }),
    shoeSize: fc.integer(),
  },
  { requiredKeys: [] },
);

export const anyUser: fc.Arbitrary<JsonObject> = fc
  .tuple(nested, rarely(fc.constant({}), flat))
  .map(([attributes, more]) => ({ ...attributes, ...more }));

function rarely<T>(mostly: fc.Arbitrary<T>, now: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 12, arbitrary: mostly }, { weight: 1, arbitrary: now });
}
