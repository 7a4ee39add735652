/**
 * Checks one value of an attribute that is not complex against its type (RFC 7643 §2.3). Strict
 * about JSON types and lenient about text: a wrong type is a bug of the client that would spoil the
 * data, while an odd locale or URL is the client's business. Canonical values are hints.
 */
import { badRequest, type ScimError } from '../errors.ts';
import type { JsonValue } from '../json.ts';
import type { Attribute } from '../schema/attribute.ts';
import { kindOf, quoted } from './wording.ts';

/** xsd:dateTime, which RFC 7643 §2.3.5 asks for; ranges of its numbers are left to Date.parse. */
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?$/;

/**
 * RFC 4648 §4 and §5, padding optional; white space is tolerated, as in PEM files. White space may
 * follow only a `=` outside the first class: two neighbours that both match it would take quadratic
 * time over a body of blanks.
 */
const BASE64 = /^[A-Za-z0-9+/_\-\s]*(?:=\s*){0,2}$/;

/**
 * @param value anything but null
 * @throws ScimError 400 invalidValue naming the path, the expected and the given type
 */
export function canonicalizeScalar(attribute: Attribute, value: JsonValue): JsonValue {
  switch (attribute.type) {
    case 'string':
    case 'reference':
      if (typeof value === 'string') return value;
      throw wrongType(attribute, 'a string', value);
    case 'boolean':
      return typeof value === 'boolean' ? value : booleanOf(attribute, value);
    case 'integer':
      if (Number.isSafeInteger(value)) return value;
      throw wrongType(attribute, 'an integer', value);
    case 'decimal':
      // 1e999 is valid JSON and becomes Infinity, which JSON cannot write back.
      if (Number.isFinite(value)) return value;
      throw wrongType(attribute, 'a number', value);
    case 'dateTime':
      if (typeof value === 'string' && isDateTime(value)) return value;
      throw wrongType(attribute, 'a date and time such as "2026-01-31T08:00:00Z"', value);
    case 'binary':
      if (typeof value === 'string' && BASE64.test(value)) return value;
      throw wrongType(attribute, 'a base64 string', value);
    case 'complex':
      throw wrongType(attribute, 'an object', value);
  }
}

/** `name.givenName must be a string, but is a number` */
export function wrongType(
  attribute: { readonly path: string },
  expected: string,
  value: JsonValue,
): ScimError {
  const given = typeof value === 'string' ? quoted(value) : kindOf(value);
  return badRequest('invalidValue', `${attribute.path} must be ${expected}, but is ${given}`);
}

/** Entra writes booleans as "True" and "False". */
function booleanOf(attribute: Attribute, value: JsonValue): boolean {
  if (typeof value === 'string' && value.length <= 5) {
    const word = value.toLowerCase();
    if (word === 'true') return true;
    if (word === 'false') return false;
  }
  throw wrongType(attribute, 'true or false', value);
}

function isDateTime(text: string): boolean {
  return DATE_TIME.test(text) && !Number.isNaN(Date.parse(text));
}
