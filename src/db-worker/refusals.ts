/** What the writer refuses whatever the command: a taken name, a resource that has grown too large. */
import { LIMITS } from '../platform/limits.ts';
import { ScimError, uniquenessConflict } from '../scim/errors.ts';
import type { ResourceType } from '../scim/schema/attribute.ts';
import { isUniqueViolation } from '../sqlite/error-code.ts';

/** Repeated adds would grow a resource without bound, and every PATCH of it would hold the writer. */
export function checkSize(type: ResourceType, document: string): void {
  if (document.length <= LIMITS.documentLength) return;
  throw new ScimError(
    413,
    `the ${type.name} would have ${document.length} characters, members not counted; at most ${LIMITS.documentLength} are kept`,
  );
}

/** Turns the index's refusal into the 409 that names the attribute. */
export function unique(type: ResourceType, name: string | undefined, write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const attribute = type.nameAttribute?.path ?? 'id';
    throw uniquenessConflict(
      `${attribute} ${JSON.stringify(name)} belongs to another ${type.name} (compared without case)`,
    );
  }
}
