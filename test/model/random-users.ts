/**
 * What users say, and the ways in which a client may write it: names in any case, texts for booleans,
 * null and [] for what is unassigned, echoes of what the server alone sets.
 */
import { isObject, type JsonObject, type JsonValue } from '../../src/scim/json.ts';
import { ENTERPRISE, USER } from '../support/entra.ts';
import type { Random } from '../support/random.ts';
import { LISTS, type ListName } from './user-document.ts';

/** Few, so that they meet; with such as are equal only when case is folded as Unicode has it. */
const WORDS = [
  ...['ada', 'Ada', 'ADA', 'Straße', 'STRASSE', 'Zoë', 'zoë', 'Zoe\u0308', 'b', 'Bob Baker'],
  ...['x.example', 'ada@x.example', 'Ada@X.example', '  two  ', '"quoted"', 'back\\slash', '😀'],
] as const;

const TYPES = ['work', 'Work', 'home', 'other'] as const;

export function anyWord(random: Random): string {
  return random.pick(WORDS);
}

export function anyType(random: Random): string {
  return random.pick(TYPES);
}

export function anyList(random: Random): ListName {
  return random.pick(LISTS);
}

export function anyElement(random: Random): JsonObject {
  return {
    value: anyWord(random),
    ...(random.below(4) > 0 ? { type: anyType(random) } : {}),
    ...(random.below(3) === 0 ? { primary: random.below(3) > 0 } : {}),
    ...(random.below(5) === 0 ? { display: anyWord(random) } : {}),
  };
}

export function anyElements(random: Random): JsonObject[] {
  return Array.from({ length: random.below(4) }, () => anyElement(random));
}

/** Sub-attributes of a name. */
export function anyName(random: Random): JsonObject {
  return random.pick<JsonObject>([
    { givenName: anyWord(random) },
    { familyName: anyWord(random) },
    { givenName: anyWord(random), familyName: anyWord(random), formatted: anyWord(random) },
  ]);
}

/** Attributes of the extension. */
export function anyEnterprise(random: Random): JsonObject {
  return random.pick<JsonObject>([
    { department: anyWord(random) },
    { employeeNumber: anyWord(random), department: anyWord(random) },
    { manager: { value: anyWord(random) } },
    { costCenter: anyWord(random), manager: { value: anyWord(random) } },
  ]);
}

/** What a user says of itself, in the schema's own words. */
export function anyUser(random: Random, userName: string): JsonObject {
  const said: JsonObject = { userName };
  const maybe = (name: string, value: () => JsonValue): void => {
    if (random.below(2) === 0) said[name] = random.below(12) === 0 ? null : value();
  };
  for (const name of ['displayName', 'nickName', 'title', 'externalId']) {
    maybe(name, () => anyWord(random));
  }
  maybe('active', () => random.below(2) === 0);
  maybe('name', () => anyName(random));
  for (const name of LISTS) maybe(name, () => anyElements(random));
  maybe(ENTERPRISE, () => anyEnterprise(random));
  return said;
}

/** The body of a POST or PUT that says it. */
export function dressed(random: Random, said: JsonObject): JsonObject {
  const body: JsonObject = { schemas: [USER] };
  for (const [name, value] of Object.entries(said)) {
    if (name === 'name' && isObject(value) && random.below(4) === 0) {
      for (const [part, inner] of Object.entries(value)) body[`name.${part}`] = inner;
    } else if (name === ENTERPRISE && isObject(value)) {
      body[name] = random.below(3) === 0 ? withBareManager(value) : value;
    } else {
      body[anyCase(random, name)] = value === null ? null : dressedValue(random, value);
    }
  }
  if (random.below(6) === 0) body['groups'] = [{ value: 'echo' }];
  if (random.below(6) === 0) body['id'] = 'chosen-by-the-client';
  if (random.below(6) === 0) body['meta'] = { version: 'W/"0"', resourceType: 'User' };
  if (random.below(6) === 0) body['unknownAttribute'] = { anything: [1] };
  return body;
}

/** A boolean as a boolean, or as Entra writes it. */
export function dressedValue(random: Random, value: JsonValue): JsonValue {
  if (typeof value !== 'boolean' || random.below(3) > 0) return value;
  return value ? 'True' : 'False';
}

/** Attribute names compare without case (RFC 7643 §2.1). */
export function anyCase(random: Random, name: string): string {
  return random.pick([name, name, name, name.toUpperCase(), name.toLowerCase()]);
}

/** Entra gives a manager as a bare text. */
export function withBareManager(enterprise: JsonObject): JsonObject {
  const { manager } = enterprise;
  if (!isObject(manager) || typeof manager['value'] !== 'string') return enterprise;
  return { ...enterprise, manager: manager['value'] };
}
