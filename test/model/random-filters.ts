/**
 * Random filters and sorts, each with what it means to the model (RFC 7644 §3.4.2.2, §3.4.2.3): a
 * comparison holds when any value that is there passes it.
 */
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import { ENTERPRISE } from '../support/entra.ts';
import type { Random } from '../support/random.ts';
import { anyCase, anyType, anyWord } from './random-users.ts';
import { elementsOf, fold, valueOf } from './user-document.ts';
import type { Resource } from './world.ts';

export interface Filter {
  readonly text: string;
  readonly holds: (resource: Resource) => boolean;
}

export interface Sort {
  readonly by: string;
  readonly descending: boolean;
  /** Undefined: the resource has no such value. */
  readonly key: (resource: Resource) => string | undefined;
}

interface TextAttribute {
  readonly path: string;
  readonly at: readonly string[];
  readonly isExact: boolean;
}

const attribute = (
  path: string,
  at: readonly string[] = [path],
  isExact = false,
): TextAttribute => {
  return { path, at, isExact };
};

const USER_TEXTS = [
  attribute('userName'),
  attribute('displayName'),
  attribute('title'),
  attribute('externalId', ['externalId'], true),
  attribute('name.familyName', ['name', 'familyName']),
  attribute(`${ENTERPRISE}:department`, [ENTERPRISE, 'department']),
  attribute(`${ENTERPRISE}:manager.value`, [ENTERPRISE, 'manager', 'value']),
] as const;

/** What users and groups both have. */
const COMMON_TEXTS = [
  attribute('displayName'),
  attribute('externalId', ['externalId'], true),
] as const;

const OPERATORS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const;

/** @param names texts that resources are called, to be looked up sometimes */
export function anyUserFilter(random: Random, names: readonly string[], depth = 2): Filter {
  if (depth > 0 && random.below(2) === 0) {
    return combined(random, () => anyUserFilter(random, names, depth - 1));
  }
  switch (random.below(6)) {
    case 0:
      return activeFilter(random);
    case 1:
      return elementFilter(random);
    case 2:
      return valuesFilter(random);
    default:
      return textFilter(random, random.pick(USER_TEXTS), names);
  }
}

/** A filter that means the same for users and groups. */
export function anyCommonFilter(random: Random, names: readonly string[]): Filter {
  const leaf = (): Filter => textFilter(random, random.pick(COMMON_TEXTS), names);
  return random.below(2) === 0 ? leaf() : combined(random, leaf);
}

export function anyUserSort(random: Random): Sort {
  const descending = random.below(2) === 0;
  if (random.below(4) === 0) {
    return { by: 'emails', descending, key: ({ document }) => firstEmail(document) };
  }
  const { path, at, isExact } = random.pick(USER_TEXTS);
  const key = ({ document }: Resource): string | undefined => {
    const value = valueOf(document, at);
    if (typeof value !== 'string') return undefined;
    return isExact ? value : fold(value);
  };
  return { by: anyCase(random, path), descending, key };
}

/** Missing values are last; descending is the exact reverse; equals stay in order of creation. */
export function sorted(resources: readonly Resource[], { key, descending }: Sort): Resource[] {
  const ascending = resources.toSorted((a, b) => compared(key(a), key(b)));
  return descending ? ascending.reverse() : ascending;
}

function compared(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function combined(random: Random, inner: () => Filter): Filter {
  const [a, b] = [inner(), inner()];
  switch (random.below(3)) {
    case 0:
      return { text: `(${a.text}) and (${b.text})`, holds: (it) => a.holds(it) && b.holds(it) };
    case 1:
      return { text: `(${a.text}) OR (${b.text})`, holds: (it) => a.holds(it) || b.holds(it) };
    default:
      return { text: `not (${a.text})`, holds: (it) => !a.holds(it) };
  }
}

function textFilter(
  random: Random,
  { path, at, isExact }: TextAttribute,
  names: readonly string[],
): Filter {
  const valueIn = ({ document }: Resource): JsonValue | undefined => valueOf(document, at);
  const name = anyCase(random, path);
  if (random.below(6) === 0)
    return { text: `${name} pr`, holds: (it) => valueIn(it) !== undefined };
  const known = names[random.below(names.length)];
  const word = known === undefined || random.below(3) > 0 ? anyWord(random) : known;
  const operator = random.pick(OPERATORS);
  return {
    text: `${name} ${anyCase(random, operator)} ${JSON.stringify(word)}`,
    holds: (it) => passes(valueIn(it), operator, word, isExact),
  };
}

function activeFilter(random: Random): Filter {
  const wanted = random.below(2) === 0;
  const operator = random.pick(['eq', 'ne']);
  return {
    text: `active ${operator} ${random.pick([String(wanted), wanted ? '"True"' : '"False"'])}`,
    holds: ({ document: { active } }) =>
      active !== undefined && (active === wanted) === (operator === 'eq'),
  };
}

/** Conditions on one element (FACTS §1.3), in the RFC's form or in Entra's. */
function elementFilter(random: Random): Filter {
  const type = anyType(random);
  const word = anyWord(random);
  const operator = random.pick(OPERATORS);
  const inner = `type eq ${JSON.stringify(type)}`;
  const compare = `value ${operator} ${JSON.stringify(word)}`;
  return {
    text: random.pick([`emails[${inner} and ${compare}]`, `emails[${inner}].${compare}`]),
    holds: ({ document }) =>
      elementsOf(document, 'emails').some(
        (element) =>
          passes(element['type'], 'eq', type, false) &&
          passes(element['value'], operator, word, false),
      ),
  };
}

/** Conditions that different elements may meet. */
function valuesFilter(random: Random): Filter {
  if (random.below(4) === 0) {
    return { text: 'emails pr', holds: ({ document }) => document['emails'] !== undefined };
  }
  const word = anyWord(random);
  const operator = random.pick(OPERATORS);
  return {
    text: `${random.pick(['emails', 'emails.value'])} ${operator} ${JSON.stringify(word)}`,
    holds: ({ document }) =>
      elementsOf(document, 'emails').some(({ value }) => passes(value, operator, word, false)),
  };
}

function passes(
  value: JsonValue | undefined,
  operator: (typeof OPERATORS)[number],
  word: string,
  isExact: boolean,
): boolean {
  if (typeof value !== 'string') return false;
  const [a, b] = isExact ? [value, word] : [fold(value), fold(word)];
  const order = Buffer.compare(Buffer.from(a), Buffer.from(b));
  switch (operator) {
    case 'eq':
      return order === 0;
    case 'ne':
      return order !== 0;
    case 'co':
      return a.includes(b);
    case 'sw':
      return a.startsWith(b);
    case 'ew':
      return a.endsWith(b);
    case 'gt':
      return order > 0;
    case 'ge':
      return order >= 0;
    case 'lt':
      return order < 0;
    case 'le':
      return order <= 0;
  }
}

function firstEmail(document: JsonObject): string | undefined {
  const emails = elementsOf(document, 'emails');
  const element = emails.find(({ primary }) => primary === true) ?? emails[0];
  const value = element?.['value'];
  return typeof value === 'string' ? fold(value) : undefined;
}
