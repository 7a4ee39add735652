/**
 * Reads the members of a definition that an administrator wrote, one by one, each with its default.
 * Whatever is wrong is a ScimError 400 that names the exact place in the config and what would be
 * accepted there. It knows JSON, not schemas.
 */
import { badRequest, type ScimError } from '../errors.ts';
import { quoted } from '../resource/wording.ts';

/** Bounds of a profile; what exceeds one is 400. */
export interface ProfileLimits {
  readonly profileSchemas: number;
  /** With their sub-attributes, over all schemas. */
  readonly profileAttributes: number;
  readonly profileResourceTypes: number;
  /** Of a list within a definition: canonical values, reference types, extensions. */
  readonly profileListLength: number;
  /** Characters of a name or URN. */
  readonly profileNameLength: number;
  /** Characters of any other text. */
  readonly profileTextLength: number;
}

export class DefinitionReader {
  /** `config.schemas[1].attributes[3]`. */
  readonly at: string;
  readonly limits: ProfileLimits;
  readonly #members: Readonly<Record<string, unknown>>;

  /**
   * @param noun of what is defined, with its article: `a schema`
   * @param known names of its members
   */
  constructor(
    value: unknown,
    at: string,
    noun: string,
    known: readonly string[],
    limits: ProfileLimits,
  ) {
    this.at = at;
    this.limits = limits;
    this.#members = asObject(value, at, noun);
    for (const name of Object.keys(this.#members)) {
      if (known.includes(name)) continue;
      throw fault(at, `${noun} has no member ${quoted(name)}; it has ${known.join(', ')}`);
    }
  }

  /** Undefined when it is not given. */
  value(name: string): unknown {
    return Object.hasOwn(this.#members, name) ? this.#members[name] : undefined;
  }

  /** @param takes what would be right, completing "takes …" */
  fault(name: string, takes: string): ScimError {
    const value = this.value(name);
    const given = value === undefined ? 'it is missing' : `not ${shown(value)}`;
    return fault(`${this.at}.${name}`, `takes ${takes}, ${given}`);
  }

  /** A text that must be there and match. */
  name(name: string, pattern: RegExp, takes: string): string {
    const value = this.value(name);
    const { profileNameLength } = this.limits;
    if (typeof value === 'string' && value.length <= profileNameLength && pattern.test(value)) {
      return value;
    }
    throw this.fault(name, `${takes} (at most ${profileNameLength} characters)`);
  }

  text(name: string, absent: string): string {
    const value = this.value(name);
    if (value === undefined) return absent;
    const { profileTextLength } = this.limits;
    if (typeof value === 'string' && value.length <= profileTextLength) return value;
    throw this.fault(name, `a text of at most ${profileTextLength} characters`);
  }

  flag(name: string, absent: boolean): boolean {
    const value = this.value(name);
    if (value === undefined) return absent;
    if (typeof value === 'boolean') return value;
    throw this.fault(name, 'true or false');
  }

  choice<T extends string>(name: string, choices: readonly T[], absent: T): T {
    const value = this.value(name);
    if (value === undefined) return absent;
    const choice = choices.find((known) => known === value);
    if (choice !== undefined) return choice;
    throw this.fault(name, `one of ${choices.map((known) => `"${known}"`).join(', ')}`);
  }

  /** Undefined when it is not given. */
  list(name: string, takes: string): readonly unknown[] | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (isList(value)) return value;
    throw this.fault(name, takes);
  }

  /**
   * A list of texts that match; undefined when it is not given.
   * @param takes what each would be, completing "takes …"
   */
  texts(name: string, pattern: RegExp, takes: string): readonly string[] | undefined {
    const values = this.list(name, `an array, each ${takes}`);
    if (values === undefined) return undefined;
    const { profileListLength, profileTextLength } = this.limits;
    checkLength(values, profileListLength, `${this.at}.${name}`, 'values');
    return values.map((value, position) => {
      if (typeof value === 'string' && value.length <= profileTextLength && pattern.test(value)) {
        return value;
      }
      throw fault(`${this.at}.${name}[${position}]`, `takes ${takes}, not ${shown(value)}`);
    });
  }
}

/** `config.schemas[1].attributes[3].type: takes …` */
export function fault(at: string, says: string): ScimError {
  return badRequest('invalidValue', `${at}: ${says}`);
}

export function checkLength(
  list: readonly unknown[],
  most: number,
  at: string,
  nouns: string,
): void {
  if (list.length > most) throw fault(at, `takes at most ${most} ${nouns}, not ${list.length}`);
}

/** What was given, for error texts: on one line and of bounded length. */
export function shown(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'number':
    case 'boolean':
      return String(value);
    default:
      if (value === null) return 'null';
      if (!Array.isArray(value)) return 'an object';
      return value.length === 0 ? 'an empty array' : 'an array';
  }
}

/** `Array.isArray` that does not make the elements `any`. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function asObject(value: unknown, at: string, noun: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return { ...value };
  }
  throw fault(at, `takes ${noun} as a JSON object, not ${shown(value)}`);
}
