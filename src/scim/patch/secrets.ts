/**
 * Secrets in PATCH operations: found, and hashed where they stand, before the operations leave the
 * thread that read them. Runs on what parsePatch has rehearsed, so that shapes are right; what is
 * unexpected is left as it is, and refused where it is applied.
 */
import { isObject, type JsonValue } from '../json.ts';
import { prepareSecret, type HashSecret } from '../resource/secrets.ts';
import type { AttributePlace, ResourceType } from '../schema/attribute.ts';
import { resolvePath, type ResolvedPath } from '../schema/resolve.ts';
import type { PatchOperation } from './operation.ts';

export interface SafeOperations {
  readonly operations: readonly PatchOperation[];
  /**
   * Whether they can only be applied to the resource with its secrets: they set or remove some, or
   * what holds some, or one is required.
   */
  readonly needsSecrets: boolean;
}

/** In place of a secret that a later operation of the same request sets again: it is never stored. */
const SUPERSEDED = 'superseded';

/**
 * The operations with hashes instead of secrets: at most one hash for each secret of the type,
 * however often the request sets it.
 * @returns at once when there is nothing to hash
 */
export function hashOperations(
  type: ResourceType,
  operations: readonly PatchOperation[],
  hash: HashSecret,
): SafeOperations | Promise<SafeOperations> {
  if (type.secrets.length === 0) return { operations, needsSecrets: false };
  let needsSecrets = type.hasRequiredSecret;
  let found: Found[] | undefined;
  for (const [at, operation] of operations.entries()) {
    const resolved = resolvePath(type, operation.path.attribute);
    if (resolved === undefined) continue;
    for (const place of type.secrets) {
      if (!isWithin(place, resolved)) continue;
      needsSecrets = true;
      for (const given of givenAt(place, resolved, operation.value)) {
        (found ??= []).push({ at, place, ...given });
      }
    }
  }
  if (found === undefined) return { operations, needsSecrets };
  return hashFound(operations, found, hash);
}

/** A secret in clear, and where it stands in the operation's value. */
interface Given {
  readonly clear: string;
  /** Key of the value's object; undefined when the value itself is the secret. */
  readonly name: string | undefined;
}

interface Found extends Given {
  /** Index of the operation. */
  readonly at: number;
  readonly place: AttributePlace;
}

async function hashFound(
  operations: readonly PatchOperation[],
  found: readonly Found[],
  hash: HashSecret,
): Promise<SafeOperations> {
  const safe = [...operations];
  const last = new Map(found.map((each) => [each.place, each]));
  for (const each of found) {
    const operation = safe[each.at];
    if (operation === undefined) continue;
    const text = last.get(each.place) === each ? await hash(prepareSecret(each.clear)) : SUPERSEDED;
    safe[each.at] = { ...operation, value: withText(operation.value, each.name, text) };
  }
  return { operations: safe, needsSecrets: true };
}

/** Whether an operation on what the path leads to may touch the secret. */
function isWithin({ urn, attribute, sub }: AttributePlace, resolved: ResolvedPath): boolean {
  if (resolved.extension?.urn !== urn) return false;
  if (resolved.attribute === undefined) return true;
  return resolved.attribute === attribute && (resolved.sub === undefined || resolved.sub === sub);
}

/** The secret in an operation's value, also twice, in different spellings of its name. */
function givenAt(
  { attribute, sub, leaf }: AttributePlace,
  resolved: ResolvedPath,
  value: JsonValue | undefined,
): Given[] {
  // A bare text stands for the `value` of a complex attribute.
  const isBare = !isObject(value) && resolved.attribute === attribute && sub?.key === 'value';
  if (isBare || (resolved.sub ?? resolved.attribute) === leaf) return clearIn(value, undefined);
  if (!isObject(value) || resolved.attribute !== attribute) return [];
  return Object.keys(value)
    .filter((name) => attribute.subs.named(name) === sub)
    .flatMap((name) => clearIn(value[name], name));
}

function clearIn(value: JsonValue | undefined, name: string | undefined): Given[] {
  return typeof value === 'string' && value !== '' ? [{ clear: value, name }] : [];
}

function withText(value: JsonValue | undefined, name: string | undefined, text: string): JsonValue {
  return name !== undefined && isObject(value) ? { ...value, [name]: text } : text;
}
