/**
 * Secrets of a resource: what its type returns `never` (RFC 7643 §7, §9.2). A secret is in clear only
 * in a request's body and its canonical form. `hashSecrets` puts hashes in their place before
 * anything leaves the thread that read the body; `secretsOf` and `withSecrets` move hashes out of a
 * document and back in, for a PATCH.
 */
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import type { AttributePlace, ResourceType } from '../schema/attribute.ts';

/** From clear text, prepared, to what may be stored. */
export type HashSecret = (clear: string) => Promise<string>;

/** Hashes by `AttributePlace.key`. */
export type Secrets = Readonly<Record<string, string>>;

const OTHER_SPACES = /\p{Zs}/gu;

/**
 * The canonical form with hashes instead of secrets. An empty secret stays: it means none.
 * @returns undefined when there is nothing to hash, and so nothing to wait for
 */
export function hashSecrets(
  type: ResourceType,
  canonical: JsonObject,
  hash: HashSecret,
): Promise<JsonObject> | undefined {
  const given = type.secrets.filter((place) => isClear(valueAt(place, canonical)));
  return given.length === 0 ? undefined : hashAll(given, canonical, hash);
}

async function hashAll(
  places: readonly AttributePlace[],
  canonical: JsonObject,
  hash: HashSecret,
): Promise<JsonObject> {
  let hashed = canonical;
  for (const place of places) {
    const value = valueAt(place, canonical);
    if (isClear(value)) hashed = withValue(hashed, place, await hash(prepareSecret(value)));
  }
  return hashed;
}

/**
 * As RFC 7644 §5 asks before comparing: the OpaqueString profile of PRECIS (RFC 8265 §4.2). The same
 * password typed on another keyboard has the same hash.
 */
export function prepareSecret(clear: string): string {
  return clear.replace(OTHER_SPACES, ' ').normalize('NFC');
}

/** Undefined when the document says nothing of secrets; '' where it says that there is none. */
export function secretsOf(type: ResourceType, document: JsonObject): Secrets | undefined {
  let secrets: Record<string, string> | undefined;
  for (const place of type.secrets) {
    const value = valueAt(place, document);
    if (typeof value === 'string') (secrets ??= {})[place.key] = value;
  }
  return secrets;
}

/** A document with the hashes in their places, as if it had been stored so. */
export function withSecrets(
  type: ResourceType,
  document: JsonObject,
  secrets: Secrets,
): JsonObject {
  let whole = document;
  for (const place of type.secrets) {
    const hash = secrets[place.key];
    if (hash !== undefined) whole = withValue(whole, place, hash);
  }
  return whole;
}

/** A copy without what is secret; the document itself when nothing is. */
export function withoutSecrets(type: ResourceType, document: JsonObject): JsonObject {
  let open = document;
  for (const place of type.secrets) {
    if (valueAt(place, open) !== undefined) open = withValue(open, place, undefined);
  }
  return open;
}

function isClear(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value !== '';
}

function valueAt(
  { urn, attribute, sub }: AttributePlace,
  document: JsonObject,
): JsonValue | undefined {
  const container = urn === undefined ? document : own(document, urn);
  const value = own(container, attribute.name);
  return sub === undefined ? value : own(value, sub.name);
}

/** Copies what holds the value, and nothing else; undefined takes the value away. */
function withValue(
  document: JsonObject,
  { urn, attribute, sub }: AttributePlace,
  value: string | undefined,
): JsonObject {
  const path = sub === undefined ? [attribute.name] : [attribute.name, sub.name];
  return changed(document, urn === undefined ? path : [urn, ...path], value);
}

function changed(
  object: JsonObject,
  [name, ...inner]: readonly string[],
  value: string | undefined,
): JsonObject {
  if (name === undefined) return object;
  const copy = { ...object };
  const present = own(object, name);
  if (inner.length > 0) copy[name] = changed(isObject(present) ? present : {}, inner, value);
  else if (value === undefined) Reflect.deleteProperty(copy, name);
  else copy[name] = value;
  return copy;
}

function own(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
