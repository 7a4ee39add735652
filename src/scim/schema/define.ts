/**
 * Writes attribute definitions (RFC 7643 §7) without repeating what RFC 7643 §2.2 makes the
 * default. The invariant: every characteristic is spelled out in the result, because clients read
 * it in /Schemas and an absent one means different things to different clients.
 */
import type { AttributeDefinition, AttributeType } from './attribute.ts';

/** What differs from the defaults of RFC 7643 §2.2. */
export type Characteristics = Partial<Omit<AttributeDefinition, 'name' | 'type' | 'description'>>;

export function attribute(
  name: string,
  type: AttributeType,
  description: string,
  characteristics: Characteristics = {},
): AttributeDefinition {
  return {
    name,
    type,
    multiValued: false,
    description,
    required: false,
    // References and binaries are case-exact by RFC 7643 §2.3.6 and §2.3.7.
    caseExact: type === 'reference' || type === 'binary',
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    ...characteristics,
  };
}

export function text(
  name: string,
  description: string,
  characteristics: Characteristics = {},
): AttributeDefinition {
  return attribute(name, 'string', description, characteristics);
}

/** A multi-valued complex attribute. */
export function list(
  name: string,
  description: string,
  subAttributes: readonly AttributeDefinition[],
  characteristics: Characteristics = {},
): AttributeDefinition {
  return attribute(name, 'complex', description, {
    multiValued: true,
    ...characteristics,
    subAttributes,
  });
}

/** `type` and `primary`, which most multi-valued attributes carry (RFC 7643 §2.4). */
export function typeAndPrimary(canonicalValues?: readonly string[]): AttributeDefinition[] {
  return [
    text(
      'type',
      'What the value is for; other labels than the canonical ones are accepted.',
      canonicalValues === undefined ? {} : { canonicalValues },
    ),
    attribute('primary', 'boolean', 'Whether this is the preferred value; true at most once.'),
  ];
}
