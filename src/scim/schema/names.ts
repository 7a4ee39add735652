/**
 * Which names a schema or a resource type may give. They end up as keys of objects, in URLs, in
 * filters and, unescaped, in JSON text: what would need an escape there, or would reach into an
 * object's prototype, is no name.
 */
import { foldAscii } from '../fold.ts';

/** RFC 7643 §2.1, figure 1. `$ref` is the one exception that the RFC itself makes (§2.4). */
export const ATTRIBUTE_NAME = /^[A-Za-z][A-Za-z0-9$_-]*$/;
/** What stands in URLs and, unescaped, in JSON text; counts are kept by it as a key. */
export const TYPE_NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;
/** RFC 8141, in the characters that a path of ours takes, ending like an attribute path does. */
export const SCHEMA_URN = /^urn:[A-Za-z0-9][A-Za-z0-9-]{0,30}:[A-Za-z0-9._~:-]*[A-Za-z0-9_]$/i;

/**
 * Folded. A document is a plain object: reading such a key of it gives what every object inherits,
 * and writing some of them changes it.
 */
export const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(
  ['prototype', ...Object.getOwnPropertyNames(Object.prototype)].map(foldAscii),
);

/** Folded. Paths under an endpoint's root that mean something else (RFC 7644 §3.2, §4). */
export const RESERVED_PATHS: ReadonlySet<string> = new Set([
  'schemas',
  'resourcetypes',
  'serviceproviderconfig',
  'bulk',
  'me',
  '.search',
  // Under `/scim` and `/scim/v2`, which are the roots of the endpoint called default.
  'admin',
  'endpoints',
  'v2',
]);

/**
 * As they are spelt. Paths of the request log and of tokens under an endpoint's root: a type that is
 * stored may have one from before it was taken, a new one may not.
 */
export const TAKEN_PATHS: ReadonlySet<string> = new Set(['/activity', '/logs', '/oauth']);

/** Folded. Types that discovery itself has (RFC 7643 §5 to §7), and no key of an object. */
export const RESERVED_TYPES: ReadonlySet<string> = new Set([
  'schema',
  'resourcetype',
  'serviceproviderconfig',
  ...FORBIDDEN_NAMES,
]);

/** Folded. Whose URNs are not for resources: messages (RFC 7644 §8.2) and discovery. */
export function isReservedUrn(folded: string): boolean {
  return (
    folded.startsWith('urn:ietf:params:scim:api:') ||
    folded === 'urn:ietf:params:scim:schemas:core:2.0:schema' ||
    folded === 'urn:ietf:params:scim:schemas:core:2.0:resourcetype' ||
    folded === 'urn:ietf:params:scim:schemas:core:2.0:serviceproviderconfig'
  );
}
