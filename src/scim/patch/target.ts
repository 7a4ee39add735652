/**
 * What the path of an operation means for a resource type, and whether a client may write there.
 * A path to something the type does not know is no error here: the endpoint's setting
 * `unknownAttributes` decides (unknown.ts).
 */
import { badRequest, type ScimError } from '../errors.ts';
import { compileElementFilter } from '../filter/evaluate.ts';
import type { JsonValue } from '../json.ts';
import type { Attribute, Extension, ResourceType } from '../schema/attribute.ts';
import { quoted } from '../resource/wording.ts';
import { resolvePath } from '../schema/resolve.ts';
import type { PatchOptions, PatchPath } from './operation.ts';

/** Where an operation applies: an attribute, elements of it, or a sub-attribute of either. */
export interface Target {
  readonly path: PatchPath;
  readonly extension: Extension | undefined;
  readonly attribute: Attribute;
  readonly sub: Attribute | undefined;
  /** Selects elements of a multi-valued attribute; undefined without a value filter. */
  readonly selects: ((element: JsonValue) => boolean) | undefined;
}

/** What decides besides the operation itself. */
export interface PatchRules extends PatchOptions {
  /**
   * `add` and `replace` do nothing when a value filter matches nothing, whatever the endpoint says:
   * for the rehearsal on an empty document, which tells nothing about the real one.
   */
  readonly ignoresNoMatch?: boolean;
}

/**
 * The extension itself, when the path is its URN and no more; undefined when the type has nothing
 * of that name.
 * @throws ScimError 400 invalidPath for a value filter on a single-valued attribute, invalidFilter
 *   for one that the attribute cannot answer
 */
export function findTarget(
  type: ResourceType,
  path: PatchPath,
  rules: PatchRules,
): Target | Extension | undefined {
  const resolved = resolvePath(type, path.attribute);
  if (resolved === undefined) return undefined;
  const { extension, attribute } = resolved;
  if (attribute === undefined) return extension;
  if (path.filter === undefined) {
    return { path, extension, attribute, sub: resolved.sub, selects: undefined };
  }
  if (!attribute.multiValued || resolved.sub !== undefined) {
    throw badRequest(
      'invalidPath',
      // Without the filter: what is compared with a secret is one.
      `${quoted(path.attribute)}: a filter in brackets selects elements of a multi-valued attribute, which ${attribute.path} is not`,
    );
  }
  const sub = path.sub === undefined ? undefined : attribute.subs.named(path.sub);
  if (path.sub !== undefined && sub === undefined) return undefined;
  const selects = compileElementFilter(path.filter, attribute, rules);
  return { path, extension, attribute, sub, selects };
}

export function isTarget(found: Target | Extension): found is Target {
  return 'attribute' in found;
}

/** @throws ScimError 400 mutability when the server alone writes the target */
export function checkWritable(target: Target): void {
  const { attribute, sub } = target;
  if (attribute.mutability === 'readOnly') throw readOnly(attribute);
  if (sub?.mutability === 'readOnly') throw readOnly(sub);
}

/** RFC 7644 §3.5.2: an immutable attribute may be given a value once. */
export function immutable(attribute: Attribute): ScimError {
  return badRequest(
    'mutability',
    `${attribute.path} is immutable: it can be set while it has no value, and not be changed or removed after`,
  );
}

/** RFC 7644 §3.5.2.2: what is required cannot become unassigned, by whichever operation. */
export function requiredAttribute(attribute: Attribute): ScimError {
  return badRequest(
    'mutability',
    `${attribute.path} is required and cannot be removed; replace it with another value`,
  );
}

export function readOnly(attribute: Attribute): ScimError {
  return badRequest(
    'mutability',
    `${attribute.path} is readOnly: the server alone sets it; leave it out of the request`,
  );
}

/** True for all elements of a multi-valued attribute together, not for parts or selected ones. */
export function isWholeList({ attribute, sub, selects }: Target): boolean {
  return attribute.multiValued && sub === undefined && selects === undefined;
}
