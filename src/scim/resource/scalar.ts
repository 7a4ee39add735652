/**
 * Checks one value of an attribute that is not complex against its type (RFC 7643 §2.3). Strict
 * about JSON types and lenient about text: a wrong type is a bug of the client that would spoil the
 * data, while an odd locale or URL is the client's business. Canonical values are hints.
 */
import type { ValueDialect } from '../dialect.ts';
import { badRequest, type ScimError } from '../errors.ts';
import { isDateTime } from '../filter/instant.ts';
import type { JsonValue } from '../json.ts';
import type { Attribute } from '../schema/attribute.ts';
import { kindOf, quoted } from './wording.ts';

/** xsd:dateTime but for its offset; ranges of its numbers are left to Date.parse. */
const LOOSE_DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?$/;

/** RFC 4648 §4 and §5: the one alphabet or the other, never both. */
const BASE64 = /^(?:[A-Za-z0-9+/]*|[A-Za-z0-9_-]*)(={0,2})$/;
const WHITE_SPACE = /\s+/g;

/**
 * @param value anything but null
 * @throws ScimError 400 invalidValue naming the path, the expected and the given type
 */
export function canonicalizeScalar(
  attribute: Attribute,
  value: JsonValue,
  dialect: Pick<ValueDialect, 'textBooleans' | 'looseDateTimes'>,
): JsonValue {
  switch (attribute.type) {
    case 'string':
    case 'reference':
      if (typeof value === 'string') return value;
      throw wrongType(attribute, 'a string', value);
    case 'boolean':
      return typeof value === 'boolean' ? value : booleanOf(attribute, value, dialect.textBooleans);
    case 'integer':
      // JSON does not tell 5 from 5.0 or 50e-1: it is kept, and served, as RFC 7643 §2.3.4 has it, 5.
      if (Number.isSafeInteger(value)) return value;
      throw wrongType(attribute, 'an integer', value);
    case 'decimal':
      // 1e999 is valid JSON and becomes Infinity, which JSON cannot write back.
      if (Number.isFinite(value)) return value;
      throw wrongType(attribute, 'a number', value);
    case 'dateTime':
      if (typeof value === 'string' && isTime(value, dialect.looseDateTimes)) return value;
      throw wrongType(attribute, 'a date and time such as "2026-01-31T08:00:00Z"', value);
    case 'binary':
      if (typeof value === 'string' && isBase64(value)) return value;
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
  // Text in the place of an object is not repeated: it may be a secret that has lost its braces.
  const isQuoted = typeof value === 'string' && expected !== 'an object';
  const given = isQuoted ? quoted(value) : kindOf(value);
  return badRequest('invalidValue', `${attribute.path} must be ${expected}, but is ${given}`);
}

/** Entra writes booleans as "True" and "False". */
function booleanOf(attribute: Attribute, value: JsonValue, takesText: boolean): boolean {
  if (takesText && typeof value === 'string' && value.length <= 5) {
    const word = value.toLowerCase();
    if (word === 'true') return true;
    if (word === 'false') return false;
  }
  throw wrongType(attribute, 'true or false', value);
}

/**
 * Padding may be left out (RFC 7643 §2.3.6) but not be wrong; one digit left over is no byte. White
 * space is tolerated, as in PEM files.
 */
function isBase64(text: string): boolean {
  const digits = text.replace(WHITE_SPACE, '');
  const padding = BASE64.exec(digits)?.[1];
  if (padding === undefined) return false;
  return padding === '' ? digits.length % 4 !== 1 : digits.length % 4 === 0;
}

function isTime(text: string, loose: boolean): boolean {
  return loose ? LOOSE_DATE_TIME.test(text) && !Number.isNaN(Date.parse(text)) : isDateTime(text);
}
