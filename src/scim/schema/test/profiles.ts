/** Configs as administrators write them, for the tests of parsing and comparing profiles. */
import type { ProfileLimits } from '../definition-reader.ts';
import { CORE_PROFILE } from '../core.ts';
import { parseProfile } from '../parse-profile.ts';
import type { Profile } from '../registry.ts';

export const BOUNDS: ProfileLimits = {
  profileSchemas: 3,
  profileAttributes: 12,
  profileResourceTypes: 3,
  profileListLength: 4,
  profileNameLength: 60,
  profileTextLength: 100,
};

export const GADGET = 'urn:example:schemas:Gadget';
export const WARRANTY = 'urn:example:schemas:extension:Warranty';

/** A schema that is right, but for what is given. */
export function gadgetSchema(...attributes: readonly object[]): object {
  return { id: GADGET, name: 'Gadget', description: 'A gadget', attributes };
}

/** A type that is right, but for what is given. */
export function gadgetType(more: object = {}): object {
  return { name: 'Gadget', endpoint: '/Gadgets', schema: GADGET, ...more };
}

export function profileOf(config: object, base: Profile = CORE_PROFILE): Profile {
  return parseProfile({ ...config }, base, BOUNDS);
}
