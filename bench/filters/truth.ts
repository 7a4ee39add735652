/**
 * How many of the seeded users a filter must find, counted without the server: users repeat their
 * template, but for the serial, so that few of them have to be looked at.
 */
import { isObject, type JsonObject, type JsonValue } from '../../src/scim/json.ts';
import { expectedUser, type SeededUsers } from '../users.ts';

export type Predicate = (user: JsonObject) => boolean;

export interface Truth {
  /** @param holds must not look at what has the serial in it */
  count(holds: Predicate): number;
  user(serial: number): JsonObject;
}

export function truthOf(users: SeededUsers, userCount: number): Truth {
  const templateCount = Math.min(users.templates.length, userCount);
  const people = Array.from({ length: templateCount }, (_, serial) => expectedUser(users, serial));
  const times = (template: number): number =>
    Math.floor((userCount - 1 - template) / templateCount) + 1;
  return {
    count: (holds) =>
      people.reduce((sum, person, template) => sum + (holds(person) ? times(template) : 0), 0),
    user: (serial) => expectedUser(users, serial),
  };
}

/** Of an attribute, folded; '' without one. */
export function text(user: JsonObject, ...path: readonly string[]): string {
  let value: JsonValue | undefined = user;
  for (const name of path) value = isObject(value) ? value[name] : undefined;
  return typeof value === 'string' ? value.toLowerCase() : '';
}

/** The elements of a multi-valued attribute. */
export function elements(user: JsonObject, name: string): JsonObject[] {
  const value = user[name];
  return Array.isArray(value) ? value.filter(isObject) : [];
}
