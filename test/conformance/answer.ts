/**
 * An answer together with the request it answers, and what rows expect of it. Every expectation that
 * is not met throws `Unmet` with a sentence that a person understands without reading the row.
 */
import { isDeepStrictEqual } from 'node:util';
import { isObject, type JsonObject, type JsonValue } from '../../src/scim/json.ts';
import { valueAt } from '../support/answer.ts';

/** As it was sent; the token is left out. */
export interface SentRequest {
  readonly method: string;
  /** Path and query from the base URL on. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

type Step = string | number;

const ERROR_URN = 'urn:ietf:params:scim:api:messages:2.0:Error';
const SHOWN_CHARACTERS = 300;

/** A requirement that is not met: what was expected and what came. */
export class Unmet extends Error {
  readonly answer: Answer;

  constructor(answer: Answer, expected: string, came: string) {
    super(`${answer.request.method} ${answer.request.path}: expected ${expected}; came ${came}`);
    this.answer = answer;
  }
}

export class Answer {
  readonly request: SentRequest;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;

  constructor(request: SentRequest, status: number, headers: Headers, text: string) {
    this.request = request;
    this.status = status;
    this.headers = headers;
    this.text = text;
  }

  /** @throws Unmet saying that this was expected and what came instead */
  expect(met: boolean, expected: string, came?: JsonValue): this {
    if (met) return this;
    throw new Unmet(this, expected, came === undefined ? this.summary() : shown(came));
  }

  is(...statuses: readonly number[]): this {
    return this.expect(statuses.includes(this.status), `status ${statuses.join(' or ')}`);
  }

  /** A SCIM error: RFC 7644 §3.12. */
  isError(statuses: number | readonly number[], ...scimTypes: readonly string[]): this {
    this.is(...(typeof statuses === 'number' ? [statuses] : statuses));
    this.expect(isDeepStrictEqual(this.at('schemas'), [ERROR_URN]), 'a SCIM error body');
    const came = this.at('scimType');
    return this.expect(
      scimTypes.length === 0 || (typeof came === 'string' && scimTypes.includes(came)),
      `scimType ${scimTypes.join(' or ')}`,
    );
  }

  get json(): JsonValue {
    try {
      return JSON.parse(this.text) as JsonValue;
    } catch {
      throw new Unmet(this, 'a JSON body', this.summary());
    }
  }

  get body(): JsonObject {
    const value = this.json;
    if (!isObject(value)) throw new Unmet(this, 'a JSON object', this.summary());
    return value;
  }

  at(...path: readonly Step[]): JsonValue | undefined {
    return valueAt(this.json, ...path);
  }

  /** The value at a path, which must equal; order of object members does not count. */
  equals(expected: JsonValue, ...path: readonly Step[]): this {
    const came = this.at(...path);
    const what = `${path.join('.')} to be ${shown(expected)}`;
    return this.expect(isDeepStrictEqual(came, expected), what, came ?? 'nothing there');
  }

  has(...path: readonly Step[]): this {
    return this.expect(this.at(...path) !== undefined, `a value at ${path.join('.')}`, this.json);
  }

  lacks(...path: readonly Step[]): this {
    const came = this.at(...path);
    return this.expect(came === undefined, `nothing at ${path.join('.')}`, came ?? null);
  }

  /** The string at a path. */
  textAt(...path: readonly Step[]): string {
    const value = this.at(...path);
    if (typeof value === 'string' && value !== '') return value;
    throw new Unmet(this, `a string at ${path.join('.')}`, shown(value ?? 'nothing there'));
  }

  numberAt(...path: readonly Step[]): number {
    const value = this.at(...path);
    if (typeof value === 'number') return value;
    throw new Unmet(this, `a number at ${path.join('.')}`, shown(value ?? 'nothing there'));
  }

  /** The objects of an array at a path; an absent array is empty. */
  objectsAt(...path: readonly Step[]): readonly JsonObject[] {
    const value = this.at(...path) ?? [];
    if (Array.isArray(value) && value.every(isObject)) return value;
    throw new Unmet(this, `an array of objects at ${path.join('.')}`, shown(value));
  }

  get id(): string {
    return this.textAt('id');
  }

  get version(): string {
    return this.textAt('meta', 'version');
  }

  get resources(): readonly JsonObject[] {
    return this.objectsAt('Resources');
  }

  get ids(): readonly string[] {
    return this.resources.map(({ id }) => (typeof id === 'string' ? id : ''));
  }

  header(name: string): string {
    const value = this.headers.get(name);
    if (value !== null) return value;
    throw new Unmet(this, `a header ${name}`, `none among ${[...this.headers.keys()].join(', ')}`);
  }

  summary(): string {
    return `status ${this.status} ${shortened(this.text)}`.trimEnd();
  }
}

function shown(value: JsonValue): string {
  return shortened(typeof value === 'string' ? value : JSON.stringify(value));
}

function shortened(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
