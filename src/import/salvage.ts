/**
 * As much of a body as the schema takes, and the name of the rest. A body that is right is read
 * once; of another, what is wrong is found by leaving away: attribute by attribute, and within one
 * element by element. Pure: the rules are those of a POST, and no others.
 */
import { ScimError } from '../scim/errors.ts';
import { foldAscii } from '../scim/fold.ts';
import { isObject, type JsonObject, type JsonValue } from '../scim/json.ts';
import { canonicalizeResource, type CanonicalizeOptions } from '../scim/resource/canonicalize.ts';
import type { ResourceType } from '../scim/schema/attribute.ts';
import type { Notes } from './findings.ts';

/** A body, without what had to go, and its canonical form. */
export interface Salvaged {
  readonly body: JsonObject;
  readonly canonical: JsonObject;
}

/** An attribute in an extension, and a sub-attribute in that. */
const DEPTH_MAX = 3;
/** Each element is tried with those before it: a longer list goes as a whole. */
const PARTS_MAX = 200;

/** @returns undefined when what is required is missing or wrong: the resource is refused */
export function salvage(
  type: ResourceType,
  body: JsonObject,
  options: CanonicalizeOptions,
  notes: Notes,
): Salvaged | undefined {
  const whole = attempt(type, body, options);
  if (typeof whole !== 'string') return { body, canonical: whole };
  const required = new Set(type.requirements.map(({ key }) => key));
  const isRequired = (key: string): boolean => required.has(foldAscii(key));
  const kept: JsonObject = Object.fromEntries(
    Object.entries(body).filter(([key]) => isRequired(key)),
  );
  const least = attempt(type, kept, options);
  if (typeof least === 'string') {
    notes.add('refused', '', least);
    return undefined;
  }
  for (const [key, value] of Object.entries(body)) {
    if (isRequired(key)) continue;
    const problemOf = (part: JsonValue): string | undefined => {
      const tried = attempt(type, { ...kept, [key]: part }, options);
      return typeof tried === 'string' ? tried : undefined;
    };
    const refused: Refusal[] = [];
    const part = largestPart(value, key, problemOf, refused, 1);
    for (const { path, problem } of refused) notes.add('refused', path, problem);
    if (part !== undefined) kept[key] = part;
  }
  const canonical = attempt(type, kept, options);
  if (typeof canonical !== 'string') return { body: kept, canonical };
  notes.add('refused', '', canonical);
  return undefined;
}

interface Refusal {
  readonly path: string;
  readonly problem: string;
}

/** @returns the canonical form, or why there is none */
function attempt(
  type: ResourceType,
  body: JsonObject,
  options: CanonicalizeOptions,
): JsonObject | string {
  try {
    return canonicalizeResource(type, body, options);
  } catch (error) {
    if (error instanceof ScimError) return error.message;
    throw error;
  }
}

/** @param refused takes what is left out of the part */
function largestPart(
  value: JsonValue,
  path: string,
  problemOf: (part: JsonValue) => string | undefined,
  refused: Refusal[],
  depth: number,
): JsonValue | undefined {
  const problem = problemOf(value);
  if (problem === undefined) return value;
  const inner: Refusal[] = [];
  const part = depth < DEPTH_MAX ? partOf(value, path, problemOf, inner, depth) : undefined;
  if (part === undefined) refused.push({ path, problem });
  else refused.push(...inner);
  return part;
}

function partOf(
  value: JsonValue,
  path: string,
  problemOf: (part: JsonValue) => string | undefined,
  refused: Refusal[],
  depth: number,
): JsonValue | undefined {
  if (Array.isArray(value) && value.length <= PARTS_MAX) {
    const kept: JsonValue[] = [];
    for (const [index, element] of value.entries()) {
      const tryWith = (part: JsonValue): string | undefined => problemOf([...kept, part]);
      const part = largestPart(element, `${path}[${index}]`, tryWith, refused, depth + 1);
      if (part !== undefined) kept.push(part);
    }
    return kept.length === 0 ? undefined : kept;
  }
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value);
  if (entries.length > PARTS_MAX) return undefined;
  const kept: JsonObject = {};
  for (const [key, each] of entries) {
    const tryWith = (part: JsonValue): string | undefined => problemOf({ ...kept, [key]: part });
    const separator = path.includes(':') ? ':' : '.';
    const part = largestPart(each, `${path}${separator}${key}`, tryWith, refused, depth + 1);
    if (part !== undefined) kept[key] = part;
  }
  return Object.keys(kept).length === 0 ? undefined : kept;
}
