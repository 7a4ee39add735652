/**
 * An HTTP answer as tests read it. JSON is parsed on demand, and reading a field that is not there
 * is undefined, never an exception deep inside a test.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isObject, type JsonObject, type JsonValue } from '../../src/scim/json.ts';

export class Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;

  constructor(status: number, headers: IncomingHttpHeaders, text: string) {
    this.status = status;
    this.headers = headers;
    this.text = text;
  }

  get json(): JsonValue {
    return JSON.parse(this.text) as JsonValue;
  }

  /** The body, which must be a JSON object. */
  get body(): JsonObject {
    const value = this.json;
    if (!isObject(value))
      throw new Error(`expected a JSON object, got: ${this.text.slice(0, 200)}`);
    return value;
  }

  /** The `id` of the resource in the body. */
  get id(): string {
    return idOf(this.body);
  }

  get version(): string {
    return text(this.at('meta', 'version'), 'meta.version');
  }

  get etag(): string {
    return text(this.headers.etag, 'ETag');
  }

  /** `Resources` of a list; empty when the list has none. */
  get resources(): JsonObject[] {
    const value = this.body['Resources'] ?? [];
    if (!Array.isArray(value)) throw new Error(`Resources is not an array: ${this.text}`);
    return value.filter(isObject);
  }

  get detail(): string {
    return text(this.body['detail'], 'detail');
  }

  /** A value inside the body: `at('name', 'givenName')`, `at('emails', 0, 'value')`. */
  at(...path: readonly (string | number)[]): JsonValue | undefined {
    return valueAt(this.json, ...path);
  }

  get location(): string {
    return text(this.at('meta', 'location'), 'meta.location');
  }
}

/** A value inside a JSON value, as `Answer.at` finds it. */
export function valueAt(
  start: JsonValue | undefined,
  ...path: readonly (string | number)[]
): JsonValue | undefined {
  let value = start;
  for (const step of path) {
    if (Array.isArray(value) && typeof step === 'number') value = value[step];
    else if (isObject(value) && typeof step === 'string') value = value[step];
    else return undefined;
  }
  return value;
}

/** The `value`s of a multi-valued attribute, in order. */
export function valuesOf(attribute: JsonValue | undefined): JsonValue[] {
  if (!Array.isArray(attribute)) return [];
  return attribute.map((element) => valueAt(element, 'value') ?? null);
}

/** The `id` of a resource. */
export function idOf(resource: JsonValue | undefined): string {
  return text(valueAt(resource, 'id'), 'id');
}

function text(value: JsonValue | undefined, name: string): string {
  if (typeof value !== 'string')
    throw new Error(`${name} is not a string: ${JSON.stringify(value)}`);
  return value;
}
