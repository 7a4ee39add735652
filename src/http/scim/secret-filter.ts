/**
 * A filter that compares a secret holds one: `password eq "…"`. RFC 7643 §4.1.1 lets a server answer
 * such filters; this one does not, and says so before the parser can repeat any of it in an error,
 * or the request log its query.
 */
import { badRequest } from '../../scim/errors.ts';
import { foldAscii } from '../../scim/fold.ts';
import type { Attribute, ResourceType } from '../../scim/schema/attribute.ts';
import { resolvePath } from '../../scim/schema/resolve.ts';
import type { RequestRecord } from '../request-record.ts';

/** Literals, also one whose end quote is missing. */
const QUOTED = /"(?:[^"\\]|\\.)*"?/g;
const BETWEEN_WORDS = /[\s()[\]]+/;

/** @throws ScimError 400 invalidFilter when a secret is named where an attribute is */
export function refuseSecretFilter(
  record: RequestRecord,
  types: readonly ResourceType[],
  filter: string,
): void {
  const folded = foldAscii(filter);
  for (const type of types) {
    // Nearly every filter ends here: there is no look at its words.
    if (!type.secrets.some(({ leaf }) => folded.includes(leaf.key))) continue;
    const secret = secretNamed(type, folded.replace(QUOTED, ' ').split(BETWEEN_WORDS));
    if (secret === undefined) continue;
    record.hideQuery();
    throw badRequest(
      'invalidFilter',
      `filter: ${secret.path} is never returned and cannot be filtered by`,
    );
  }
}

/** By its whole path, or by its attribute and, in brackets, its own name. */
function secretNamed(type: ResourceType, words: readonly string[]): Attribute | undefined {
  for (const word of words) {
    const path = resolvePath(type, word);
    const secret = type.secrets.find(({ attribute, sub }) => {
      if (attribute !== path?.attribute) return false;
      return sub === path.sub || (path.sub === undefined && words.includes(sub?.key ?? ''));
    });
    if (secret !== undefined) return secret.leaf;
  }
  return undefined;
}
