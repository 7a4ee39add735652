/**
 * What becomes of attributes that the schema does not know, by the endpoint's setting. A value that
 * is dropped is never walked, so that it may be as deep as it likes; one that is kept has a bounded
 * depth and no key that reaches into a prototype.
 */
import { badRequest } from '../errors.ts';
import { foldAscii } from '../fold.ts';
import { isObject, type JsonValue } from '../json.ts';
import { quoted } from './wording.ts';

export type UnknownAttributes = 'drop' | 'keep' | 'refuse';

/** Levels of a kept value. Deeper JSON is no attribute, and everybody who reads it would recurse. */
const KEPT_DEPTH_MAX = 32;

/**
 * @param owner path in front of the key, with its separator: `name.`, or '' at the top
 * @returns the value to keep, undefined when there is nothing to keep
 * @throws ScimError 400 invalidSyntax
 */
export function unknownValue(
  owner: string,
  key: string,
  value: JsonValue,
  policy: UnknownAttributes,
): JsonValue | undefined {
  if (policy === 'drop') return undefined;
  if (policy === 'refuse') {
    throw badRequest(
      'invalidSyntax',
      `the schema has no attribute ${quoted(owner + key)}; /Schemas lists those it has`,
    );
  }
  checkKey(owner + key, key);
  checkKept(owner + key, value, 1);
  return value === null || (Array.isArray(value) && value.length === 0) ? undefined : value;
}

/**
 * Refuses to keep `shoeSize` beside `SHOESIZE`, which are one attribute (RFC 7643 §2.1).
 * @param seen folded names kept so far, of the same owner
 */
export function noteKept(seen: Set<string> | undefined, owner: string, key: string): Set<string> {
  const folded = foldAscii(key);
  if (seen?.has(folded) === true) {
    throw badRequest(
      'invalidSyntax',
      `${quoted(owner + key)} is given twice, in different case; give it once`,
    );
  }
  return (seen ?? new Set()).add(folded);
}

function checkKept(path: string, value: JsonValue, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > KEPT_DEPTH_MAX) {
    throw badRequest(
      'invalidSyntax',
      `${quoted(path)} is nested deeper than ${KEPT_DEPTH_MAX} levels`,
    );
  }
  if (Array.isArray(value)) {
    for (const element of value) checkKept(path, element, depth + 1);
  } else if (isObject(value)) {
    for (const key of Object.keys(value)) {
      checkKey(`${path}.${key}`, key);
      const inner = value[key];
      if (inner !== undefined) checkKept(path, inner, depth + 1);
    }
  }
}

function checkKey(path: string, key: string): void {
  if (key !== '__proto__' && key !== 'constructor' && key !== 'prototype') return;
  throw badRequest('invalidSyntax', `${quoted(path)}: no attribute may be called ${key}`);
}
