/**
 * Finds what an attribute path means for a resource type (RFC 7644 §3.10): `userName`,
 * `name.givenName`, `urn:…:core:2.0:User:name.givenName`, `urn:…:enterprise:2.0:User:manager.value`,
 * or an extension's URN alone. Names and URNs compare without case.
 */
import { foldAscii } from '../fold.ts';
import type { Attribute, Extension, ResourceType } from './attribute.ts';

export interface ResolvedPath {
  /** The extension the path lies in; undefined for core attributes. */
  readonly extension: Extension | undefined;
  /** Undefined when the path is an extension's URN and nothing more. */
  readonly attribute: Attribute | undefined;
  readonly sub: Attribute | undefined;
}

/** Undefined when the type has no such attribute. */
export function resolvePath(
  type: Pick<ResourceType, 'schema' | 'attributes' | 'extensions'>,
  path: string,
): ResolvedPath | undefined {
  const folded = foldAscii(path);
  if (!folded.startsWith('urn:')) return resolveIn(undefined, type.attributes, folded);
  const rest = afterUrn(folded, foldAscii(type.schema));
  if (rest !== undefined && rest !== '') return resolveIn(undefined, type.attributes, rest);
  for (const [urn, extension] of type.extensions) {
    const inner = afterUrn(folded, urn);
    if (inner === '') return { extension, attribute: undefined, sub: undefined };
    if (inner !== undefined) return resolveIn(extension, extension.attributes, inner);
  }
  return undefined;
}

/** What stands behind `urn` and its colon; '' for the URN alone; undefined for anything else. */
function afterUrn(path: string, urn: string): string | undefined {
  if (!path.startsWith(urn)) return undefined;
  if (path.length === urn.length) return '';
  if (path[urn.length] !== ':' || path.length === urn.length + 1) return undefined;
  return path.slice(urn.length + 1);
}

function resolveIn(
  extension: Extension | undefined,
  attributes: ReadonlyMap<string, Attribute>,
  folded: string,
): ResolvedPath | undefined {
  const dot = folded.indexOf('.');
  const attribute = attributes.get(dot === -1 ? folded : folded.slice(0, dot));
  if (attribute === undefined) return undefined;
  if (dot === -1) return { extension, attribute, sub: undefined };
  const sub = attribute.subs.get(folded.slice(dot + 1));
  return sub === undefined ? undefined : { extension, attribute, sub };
}
