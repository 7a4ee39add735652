/** The key column of the name: written and probed in one form, or a resource is there and not found. */
import { fold } from '../scim/fold.ts';
import type { Attribute } from '../scim/schema/attribute.ts';

/** What `name_key` holds for a value of the type's name attribute. */
export function nameKey(attribute: Attribute, name: string): string {
  return attribute.caseExact ? name : fold(name);
}
