/**
 * Where the RFCs are read leniently because identity providers write loosely. Every lenience is a
 * setting of the endpoint, so that a member here has the setting's name; its lenient value refuses
 * nothing that a provider was seen to send, its strict value is the letter of RFC 7643 and 7644.
 * The invariant: what the strict value accepts means the same under the lenient one, but for flat
 * keys, which are dropped where unknown attributes are, and for `dropLabels`, which is about what a
 * PATCH leaves and not about how it is written.
 */

/** How bodies and the values of PATCH operations may be written. */
export interface ValueDialect {
  /** "True" and "False" are booleans where the schema says boolean; in filters too. */
  readonly textBooleans: boolean;
  /** Keys may be paths: `name.givenName`, `urn:…:User:department`; in PATCH value paths as well. */
  readonly flatKeys: boolean;
  /** `"id"` for `{"value":"id"}`, one element without its array, one value in an array. */
  readonly bareValues: boolean;
  /** A dateTime may lack its offset and may name a day that its month does not have. */
  readonly looseDateTimes: boolean;
  /** What becomes of several elements with `primary: true` in one value. */
  readonly severalPrimaries: 'first' | 'refuse';
}

/** How filters may be written. */
export interface FilterDialect extends Pick<ValueDialect, 'textBooleans' | 'looseDateTimes'> {
  /** `emails[type eq "work"].value eq "x"`, which is in no grammar and Entra sends. */
  readonly valuePathSuffix: boolean;
}

/** How the message of a PATCH may be written, and what becomes of what it leaves. */
export interface PatchDialect {
  /** No `schemas`, verbs in any case, further members, an empty path for none. */
  readonly loosePatchMessages: boolean;
  /** A `remove` may list in `value` what goes; the RFC has no `value` there. */
  readonly removeWithValue: boolean;
  /** A value without a path may echo readOnly attributes, which are left out. */
  readonly readOnlyEchoes: boolean;
  /** A value of which a change leaves no more than what describes it (`type`, `display`) goes. */
  readonly dropLabels: boolean;
}

export interface Dialect extends ValueDialect, FilterDialect, PatchDialect {
  /** What becomes of URNs in `schemas` that the type does not know, and of a body without its own. */
  readonly unknownSchemas: 'ignore' | 'refuse';
}

/** What holds of an endpoint that says nothing else. */
export const LENIENT: Dialect = {
  textBooleans: true,
  flatKeys: true,
  bareValues: true,
  valuePathSuffix: true,
  looseDateTimes: true,
  severalPrimaries: 'first',
  unknownSchemas: 'ignore',
  loosePatchMessages: true,
  removeWithValue: true,
  readOnlyEchoes: true,
  dropLabels: true,
};

/** The letter of the RFCs. */
export const STRICT: Dialect = {
  textBooleans: false,
  flatKeys: false,
  bareValues: false,
  valuePathSuffix: false,
  looseDateTimes: false,
  severalPrimaries: 'refuse',
  unknownSchemas: 'refuse',
  loosePatchMessages: false,
  removeWithValue: false,
  readOnlyEchoes: false,
  dropLabels: false,
};
