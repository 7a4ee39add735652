/**
 * The JSON examples that RFC 7643 §8 and RFC 7644 §3 print, and how an answer is held against one:
 * whatever is printed must be there. Ids, locations, versions and dates are the server's own: ids are
 * translated, of the rest only the presence counts. The files hold the JSON as printed, with what the
 * RFCs' errata and broken lines demand: a missing comma or brace, a certificate without line breaks.
 */
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { isObject, type JsonObject, type JsonValue } from '../../src/scim/json.ts';

/** Members whose value is the server's own. */
const OWN = new Set(['created', 'lastModified', 'version', 'location', '$ref', 'detail']);

/** An example with printed ids replaced, those that the RFC has shortened to `2819c223...646` too. */
export function printed(name: string, ids: Readonly<Record<string, string>> = {}): JsonObject {
  const url = new URL(`./examples/${name}.json`, import.meta.url);
  let text = readFileSync(url, 'utf8');
  for (const [id, own] of Object.entries(ids)) {
    const short = new RegExp(`${id.slice(0, 8)}[0-9a-f.-]*${id.slice(-6)}`, 'g');
    text = text.replaceAll(id, own).replaceAll(short, own);
  }
  return JSON.parse(text) as JsonObject;
}

/** Where what came lacks or contradicts what is printed; empty when nothing does. */
export function differences(
  expected: JsonValue,
  came: JsonValue | undefined,
  path = '',
): readonly string[] {
  if (isObject(expected)) {
    if (!isObject(came)) return [`${path} is no object`];
    return Object.entries(expected).flatMap(([name, value]) =>
      OWN.has(name)
        ? came[name] === undefined
          ? [`${path}.${name} is missing`]
          : []
        : differences(value, came[name], `${path}.${name}`),
    );
  }
  if (Array.isArray(expected) && expected.every(isObject)) {
    if (!Array.isArray(came)) return expected.length === 0 ? [] : [`${path} is no array`];
    const extra = came.length > expected.length ? [`${path} has ${came.length} elements`] : [];
    return [
      ...extra,
      ...expected.flatMap((value, index) => differences(value, came[index], `${path}[${index}]`)),
    ];
  }
  if (isDeepStrictEqual(expected, came)) return [];
  return [`${path} is ${JSON.stringify(came)}, printed is ${JSON.stringify(expected)}`];
}

/** Without these members. */
export function without(value: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}
