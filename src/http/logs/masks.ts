/**
 * Secrets taken out of what a request said, before any of it is logged. By name: a body that names
 * none is kept as it came, one that does is walked, one that cannot be read and might is left out.
 * The credential that a request showed is taken out wherever it stands.
 */
import { excessOf, type ShapeLimits } from '../../scim/json-shape.ts';
import { isObject, type JsonObject, type JsonValue } from '../../scim/json.ts';
import type { Header } from '../answer.ts';
import type { SecretNames } from './secret-names.ts';

export interface MaskLimits extends ShapeLimits {
  readonly logBodyChars: number;
  readonly logMaskedChars: number;
}

export const HIDDEN = '(hidden)';

/** Of a request: headers whose values are shown. Of any other only the length is. */
const SHOWN_HEADERS: ReadonlySet<string> = new Set(
  (
    'accept accept-charset accept-encoding accept-language cache-control client-request-id ' +
    'connection content-encoding content-length content-type date expect host if-match ' +
    'if-none-match origin prefer traceparent tracestate transfer-encoding user-agent via ' +
    'x-forwarded-for x-forwarded-host x-forwarded-proto x-ms-client-request-id ' +
    'x-ms-correlation-id x-request-id x-scim-explain'
  ).split(' '),
);

/** Shorter ones are no credentials, and would be found in every word. */
const CREDENTIAL_LENGTH_MIN = 8;

/** What follows the scheme in an Authorization header; undefined: nothing worth a search. */
export function presentedCredential(authorization: string | undefined): string | undefined {
  const credential = authorization?.trim().split(/\s+/).at(-1);
  return credential !== undefined && credential.length >= CREDENTIAL_LENGTH_MIN
    ? credential
    : undefined;
}

export function withoutCredential(text: string, credential: string | undefined): string {
  return credential === undefined || !text.includes(credential)
    ? text
    : text.replaceAll(credential, HIDDEN);
}

export function maskRequestHeaders(
  headers: Iterable<Header>,
  credential: string | undefined,
): Header[] {
  return Array.from(headers, ([name, value]): Header => {
    if (SHOWN_HEADERS.has(name)) return [name, withoutCredential(value, credential)];
    return [name, `(hidden, ${String(value.length)} characters)`];
  });
}

/** @param query as sent, without the question mark */
export function maskQuery(query: string, names: SecretNames): string {
  if (query === '') return query;
  return query
    .split('&')
    .map((pair) => {
      const equals = pair.indexOf('=');
      if (equals === -1) return pair;
      const name = decoded(pair.slice(0, equals));
      const value = decoded(pair.slice(equals + 1));
      const hides = name === undefined || value === undefined || isSecretPair(name, value, names);
      return hides ? `${pair.slice(0, equals)}=${HIDDEN}` : pair;
    })
    .join('&');
}

/**
 * A body as it may be logged.
 * @param parsed what it was parsed into, where somebody has
 * @param bytes its true size
 * @param mayOccur what `names` says of the text, where somebody has asked
 */
export function maskBody(
  text: string,
  parsed: JsonValue | undefined,
  names: SecretNames,
  bytes: number,
  limits: MaskLimits,
  mayOccur = names.mayOccurIn(text),
): string {
  if (!mayOccur) return cut(text, bytes, limits.logBodyChars);
  const json = text.length > limits.logMaskedChars ? undefined : (parsed ?? parsedIn(text, limits));
  if (json === undefined) return `(hidden: may hold a secret; ${String(bytes)} bytes)`;
  return cut(JSON.stringify(masked(json, names)), bytes, limits.logBodyChars);
}

/** `detail` of an error may quote what the client sent. The end quote is missing in a part of a text. */
const DETAILS = /"detail"\s*:\s*"(?:[^"\\]|\\.)*"?/g;

/** @param json as this server writes it */
export function withoutDetails(json: string): string {
  return json.replace(DETAILS, `"detail":"${HIDDEN}"`);
}

function cut(text: string, bytes: number, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max)}… (cut; ${String(bytes)} bytes in all)`;
}

function isSecretPair(name: string, value: string, names: SecretNames): boolean {
  return names.isName(name) || (name === 'filter' && names.isNamedIn(value));
}

function masked(value: JsonValue, names: SecretNames): JsonValue {
  if (Array.isArray(value)) return value.map((each) => masked(each, names));
  return isObject(value) ? maskedObject(value, names) : value;
}

/** An operation of a PATCH says with its path what its value is. */
function maskedObject(object: JsonObject, names: SecretNames): JsonObject {
  const entries = Object.entries(object);
  const path = entries.find(([name]) => /^path$/i.test(name))?.[1];
  const setsSecret = typeof path === 'string' && names.isNamedIn(path);
  const result: JsonObject = {};
  for (const [name, value] of entries) {
    // A key such as `__proto__` would be lost by assignment.
    Object.defineProperty(result, name, {
      value: maskedMember(name, value, setsSecret, names),
      enumerable: true,
    });
  }
  return result;
}

function maskedMember(
  name: string,
  value: JsonValue,
  setsSecret: boolean,
  names: SecretNames,
): JsonValue {
  if (names.isName(name) || (setsSecret && /^value$/i.test(name))) return HIDDEN;
  const isExpression = typeof value === 'string' && /^(path|filter)$/i.test(name);
  if (isExpression) return names.isNamedIn(value) ? HIDDEN : value;
  return masked(value, names);
}

/** Not of a shape that was refused: whoever walks it would run out of stack. */
function parsedIn(text: string, limits: ShapeLimits): JsonValue | undefined {
  if (excessOf(text, limits) !== undefined) return undefined;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function decoded(text: string): string | undefined {
  if (!/[+%]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
