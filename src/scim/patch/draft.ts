/**
 * A document under change. It copies what it changes, once, and shares the rest with the original,
 * which it never touches: dropping the draft is the rollback.
 *
 * Names are looked up as own properties only, so that an attribute called `constructor` is absent
 * until somebody stores one.
 */
import { foldAscii } from '../fold.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';

export class Draft {
  readonly #original: JsonObject;
  #root: JsonObject;

  constructor(original: JsonObject) {
    this.#original = original;
    this.#root = original;
  }

  /** The document as it stands: the original itself while nothing has changed. */
  get document(): JsonObject {
    return this.#root;
  }

  /** @param urn key of the extension object the attribute lies in; undefined for core attributes */
  get(urn: string | undefined, name: string): JsonValue | undefined {
    if (urn === undefined) return own(this.#root, name);
    const extension = own(this.#root, urn);
    return isObject(extension) ? own(extension, name) : undefined;
  }

  /** Undefined unassigns. An extension that loses its last attribute goes with its URN. */
  set(urn: string | undefined, name: string, value: JsonValue | undefined): void {
    if (value === this.get(urn, name)) return;
    if (urn === undefined) {
      this.#put(name, value);
      return;
    }
    const extension = own(this.#root, urn);
    const next = isObject(extension) ? { ...extension } : {};
    if (value === undefined) Reflect.deleteProperty(next, name);
    else next[name] = value;
    this.#put(urn, Object.keys(next).length === 0 ? undefined : next);
  }

  #put(key: string, value: JsonValue | undefined): void {
    if (this.#root === this.#original) this.#root = { ...this.#original };
    if (value === undefined) Reflect.deleteProperty(this.#root, key);
    else this.#root[key] = value;
  }
}

/** A property of the object itself, never of its prototype. */
export function own(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** The spelling under which an attribute is stored already: names compare without case. */
export function presentKey(object: JsonObject, name: string): string | undefined {
  if (Object.hasOwn(object, name)) return name;
  const folded = foldAscii(name);
  return Object.keys(object).find((key) => foldAscii(key) === folded);
}
