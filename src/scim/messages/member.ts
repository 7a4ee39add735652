/** Reading the members of a protocol message (RFC 7644 §3.1): names in any case, null as not given. */
import { badRequest } from '../errors.ts';
import { foldAscii } from '../fold.ts';
import type { JsonObject, JsonValue } from '../json.ts';

/** Names compare like those of attributes (RFC 7643 §2.1); null is unassigned (§2.5). */
export function member(message: JsonObject, name: string): JsonValue | undefined {
  if (Object.hasOwn(message, name)) return message[name] ?? undefined;
  const folded = foldAscii(name);
  const key = Object.keys(message).find((each) => foldAscii(each) === folded);
  return key === undefined ? undefined : (message[key] ?? undefined);
}

/**
 * Some clients leave `schemas` out; one that names something else means another message.
 * @throws ScimError 400 invalidSyntax
 */
export function checkMessageSchema(message: JsonObject, schema: string): void {
  const schemas = member(message, 'schemas');
  if (schemas === undefined) return;
  const isMeant = (urn: JsonValue): boolean =>
    typeof urn === 'string' && foldAscii(urn) === foldAscii(schema);
  if (Array.isArray(schemas) && schemas.some(isMeant)) return;
  throw badRequest('invalidSyntax', `schemas must be an array that holds "${schema}"`);
}
