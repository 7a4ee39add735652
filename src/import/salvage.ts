/**
 * As much of a body as the schema takes, and the name of the rest. A body that is right is read
 * once; of another, what is wrong is found by leaving away: half by half down to single attributes,
 * and within one down to single elements. Pure: the rules are those of a POST, and no others.
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
/** Characters that are read in search of what is wrong, each time anew; of one resource. */
const SEARCHED_MAX = 200_000_000;
/** Beyond, of a short body too: each attempt has its own price. */
const ATTEMPTS_MAX = 5000;
const GIVEN_UP = 'too much of the resource is wrong to be looked at piece by piece';

/** @returns why a part cannot be taken; undefined: it can */
type ProblemOf<Part> = (part: Part) => string | undefined;

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
  let attemptsLeft = Math.min(ATTEMPTS_MAX, SEARCHED_MAX / JSON.stringify(body).length);
  const problemOf: ProblemOf<JsonObject> = (part) => {
    attemptsLeft -= 1;
    if (attemptsLeft < 0) return GIVEN_UP;
    const tried = attempt(type, { ...kept, ...part }, options);
    return typeof tried === 'string' ? tried : undefined;
  };
  const refused: Refusal[] = [];
  const rest = Object.entries(body).filter(([key]) => !isRequired(key));
  const taken = largestOf(rest, (key) => key, Object.fromEntries, problemOf, refused, 1);
  for (const { path, problem } of refused) notes.add('refused', path, problem);
  const left = { ...kept, ...Object.fromEntries(taken) };
  const canonical = attempt(type, left, options);
  if (typeof canonical !== 'string') return { body: left, canonical };
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
  problem: string,
  problemOf: ProblemOf<JsonValue>,
  refused: Refusal[],
  depth: number,
): JsonValue | undefined {
  const inner: Refusal[] = [];
  const part = depth < DEPTH_MAX ? partOf(value, path, problemOf, inner, depth + 1) : undefined;
  if (part === undefined) refused.push({ path, problem });
  else refused.push(...inner);
  return part;
}

function partOf(
  value: JsonValue,
  path: string,
  problemOf: ProblemOf<JsonValue>,
  refused: Refusal[],
  depth: number,
): JsonValue | undefined {
  if (Array.isArray(value) && value.length <= PARTS_MAX) {
    const elements = value.map((element, index): Entry => [String(index), element]);
    const asList = (entries: readonly Entry[]): JsonValue[] => entries.map(([, each]) => each);
    const nameOf = (index: string): string => `${path}[${index}]`;
    const taken = largestOf(elements, nameOf, asList, problemOf, refused, depth);
    return taken.length === 0 ? undefined : asList(taken);
  }
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value);
  if (entries.length > PARTS_MAX) return undefined;
  const separator = path.includes(':') ? ':' : '.';
  const nameOf = (key: string): string => `${path}${separator}${key}`;
  const taken = largestOf(entries, nameOf, Object.fromEntries, problemOf, refused, depth);
  return taken.length === 0 ? undefined : Object.fromEntries(taken);
}

/** A key, or the index of an element, with its value. */
type Entry = [key: string, value: JsonValue];

/**
 * Entries that go together, from the first on: as many at once as can be taken, so that a few wrong
 * ones among many are found in a few attempts.
 */
function largestOf<Whole extends JsonValue>(
  entries: readonly Entry[],
  nameOf: (key: string) => string,
  wholeOf: (entries: readonly Entry[]) => Whole,
  problemOf: ProblemOf<Whole>,
  refused: Refusal[],
  depth: number,
): Entry[] {
  let taken: Entry[] = [];
  const take = (some: readonly Entry[]): void => {
    const [first, second] = some;
    if (first === undefined) return;
    const problem = problemOf(wholeOf([...taken, ...some]));
    if (problem === undefined) taken = [...taken, ...some];
    else if (problem === GIVEN_UP) {
      for (const [key] of some) refused.push({ path: nameOf(key), problem });
    } else if (second === undefined) {
      const [key, value] = first;
      const tryWith = (part: JsonValue) => problemOf(wholeOf([...taken, [key, part]]));
      const part = largestPart(value, nameOf(key), problem, tryWith, refused, depth);
      if (part !== undefined) taken = [...taken, [key, part]];
    } else {
      const middle = Math.ceil(some.length / 2);
      take(some.slice(0, middle));
      take(some.slice(middle));
    }
  };
  take(entries);
  return taken;
}
