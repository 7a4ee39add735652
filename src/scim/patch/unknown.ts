/**
 * Operations on what the schema does not know, by the endpoint's setting `unknownAttributes`:
 * `drop` ignores them, `refuse` says so, `keep` stores them where a POST would have: a plain name
 * at the top, `a.b` inside `a`, `urn:…:Schema:b` inside the object `urn:…:Schema`.
 */
import { badRequest, type ScimError } from '../errors.ts';
import { foldAscii } from '../fold.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { unknownValue } from '../resource/unknown.ts';
import { quoted } from '../resource/wording.ts';
import type { ResourceType } from '../schema/attribute.ts';
import { assigned } from './assign.ts';
import { own, presentKey, type Draft } from './draft.ts';
import type { PatchOperation, PatchPath } from './operation.ts';
import { sameValue } from '../same-value.ts';
import { checkWritable, findTarget, isTarget, type PatchRules, type Target } from './target.ts';

/** @throws ScimError 400 invalidPath; 400 invalidSyntax for a value that cannot be kept */
export function applyUnknown(
  type: ResourceType,
  draft: Draft,
  operation: PatchOperation,
  rules: PatchRules,
): void {
  if (rules.unknownAttributes === 'drop') return;
  if (rules.unknownAttributes === 'refuse') throw unknownPath(type, operation.path);
  const parent = knownParent(type, operation.path, rules);
  if (parent !== undefined) keepInside(type, parent.target, parent.sub, draft, operation, rules);
  else keepAlone(type, draft, operation);
}

/** `name.nick`, `emails[type eq "work"].label`: the attribute is known, its sub-attribute is not. */
function knownParent(
  type: ResourceType,
  path: PatchPath,
  rules: PatchRules,
): { readonly target: Target; readonly sub: string } | undefined {
  const { text, attribute, filter, sub } = path;
  const dot = attribute.indexOf('.', attribute.lastIndexOf(':') + 1);
  if (sub === undefined && dot === -1) return undefined;
  const outer: PatchPath =
    sub !== undefined && filter !== undefined
      ? { text, attribute, filter }
      : { text, attribute: attribute.slice(0, dot) };
  const target = findTarget(type, outer, rules);
  if (target === undefined || !isTarget(target)) return undefined;
  return { target, sub: sub ?? attribute.slice(dot + 1) };
}

/** Elements of members are rows, which have no room for more. */
function keepInside(
  type: ResourceType,
  target: Target,
  sub: string,
  draft: Draft,
  operation: PatchOperation,
  rules: PatchRules,
): void {
  checkWritable(target);
  const { attribute, extension } = target;
  if (attribute === type.membership) return;
  if (attribute.type !== 'complex' || sub.includes('.')) {
    throw noSuchPart(operation.path, attribute.path);
  }
  const isRemove = operation.op === 'remove';
  const value: JsonObject = Object.fromEntries([
    [sub, isRemove ? null : (operation.value ?? null)],
  ]);
  const current = draft.get(extension?.urn, attribute.name);
  const next = assigned(
    target,
    current,
    value,
    isRemove ? { ...rules, ignoresNoMatch: true } : rules,
  );
  draft.set(extension?.urn, attribute.name, next);
}

function keepAlone(type: ResourceType, draft: Draft, { op, path, value }: PatchOperation): void {
  if (path.filter !== undefined) {
    throw badRequest(
      'invalidPath',
      `${quoted(path.text)}: a filter in brackets needs an attribute that the schema of ${type.name} knows`,
    );
  }
  const place = placeOf(type, draft, path, value);
  const current = draft.get(place.container, place.name);
  const kept =
    op === 'remove' ? undefined : unknownValue('', path.attribute, value ?? null, 'keep');
  const next = op === 'add' ? together(current, kept) : kept;
  draft.set(place.container, place.name, sameValue(current, next) ? current : next);
}

interface Place {
  /** Key of the object that holds it; undefined at the top. */
  readonly container: string | undefined;
  readonly name: string;
}

/** An object under a URN is a whole extension; any other value is its last part's. */
function placeOf(
  type: ResourceType,
  draft: Draft,
  path: PatchPath,
  value: JsonValue | undefined,
): Place {
  const text = path.attribute;
  const isUrn = foldAscii(text).startsWith('urn:');
  const split = isUrn ? text.lastIndexOf(':') : text.indexOf('.');
  const outer = text.slice(0, Math.max(split, 0));
  const inner = text.slice(split + 1);
  const extension = type.extensions.get(foldAscii(outer));
  const present = presentKey(draft.document, text);
  const isWhole = isUrn && extension === undefined && isObject(value);
  if (split === -1 || isWhole || present !== undefined) {
    return { container: undefined, name: checkedKey(present ?? text) };
  }
  if (inner.includes('.')) throw noSuchPart(path, outer);
  if (foldAscii(outer) === foldAscii(type.schema)) {
    return { container: undefined, name: checkedKey(inner) };
  }
  const container = extension?.urn ?? presentKey(draft.document, outer) ?? checkedKey(outer);
  const holder = own(draft.document, container) ?? {};
  if (!isObject(holder)) throw noSuchPart(path, container);
  return { container, name: checkedKey(presentKey(holder, inner) ?? inner) };
}

/** @throws ScimError 400 for a name that reaches into an object's prototype */
function checkedKey(key: string): string {
  unknownValue('', key, true, 'keep');
  return key;
}

/** Arrays gain what they lack, objects are merged, anything else is replaced. */
function together(
  current: JsonValue | undefined,
  given: JsonValue | undefined,
): JsonValue | undefined {
  if (given === undefined) return current;
  if (Array.isArray(current)) {
    const present = new Set(current.map((element) => JSON.stringify(element)));
    const more = Array.isArray(given) ? given : [given];
    return [...current, ...more.filter((element) => !present.has(JSON.stringify(element)))];
  }
  return isObject(current) && isObject(given) ? { ...current, ...given } : given;
}

function noSuchPart(path: PatchPath, owner: string): ScimError {
  return badRequest(
    'invalidPath',
    `${quoted(path.text)}: ${quoted(owner)} has no such part; a path is a name, or an object's name, a dot and a name`,
  );
}

function unknownPath(type: ResourceType, path: PatchPath): ScimError {
  return badRequest(
    'invalidPath',
    `${type.name} has no attribute ${quoted(path.text)}; /Schemas lists those it has`,
  );
}
