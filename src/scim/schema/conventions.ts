/**
 * Names that mean something wherever they stand: the sub-attributes that RFC 7643 §2.4 predefines,
 * which "MUST be used with the meanings defined here", and the two attributes whose values are rows
 * of the members table (§4.1.2, §4.2).
 */
import { foldAscii } from '../fold.ts';
import type { AttributeDefinition, AttributeType } from './attribute.ts';
import { fault } from './definition-reader.ts';

/** By folded name: how RFC 7643 §2.4 spells and types them. */
const PREDEFINED: ReadonlyMap<string, { readonly name: string; readonly type?: AttributeType }> =
  new Map([
    ['value', { name: 'value' }],
    ['type', { name: 'type', type: 'string' }],
    ['primary', { name: 'primary', type: 'boolean' }],
    ['display', { name: 'display', type: 'string' }],
    ['$ref', { name: '$ref', type: 'reference' }],
  ]);

/** What a row of members can show. */
const LINK_SUBS: readonly string[] = ['value', '$ref', 'type', 'display'];

/**
 * @param owner of a sub-attribute
 * @throws ScimError 400 invalidValue that names the place
 */
export function checkConventions(
  definition: AttributeDefinition,
  at: string,
  owner: { readonly multiValued: boolean } | undefined,
): void {
  if (owner?.multiValued === true) checkPredefined(definition, at);
  if (owner === undefined && isMemberList(definition)) checkMembers(definition, at);
}

function checkPredefined({ name, type, multiValued }: AttributeDefinition, at: string): void {
  const known = PREDEFINED.get(foldAscii(name));
  if (known === undefined) return;
  if (name !== known.name) {
    throw fault(`${at}.name`, `takes the spelling "${known.name}" (RFC 7643 §2.4), not "${name}"`);
  }
  if (multiValued) {
    throw fault(`${at}.multiValued`, `takes false where the name is "${name}" (RFC 7643 §2.4)`);
  }
  if (known.type !== undefined && type !== known.type) {
    const not = `where the name is "${name}" (RFC 7643 §2.4), not "${type}"`;
    throw fault(`${at}.type`, `takes "${known.type}" ${not}`);
  }
}

/** As `compile` recognises it. */
function isMemberList({
  name,
  multiValued,
  mutability,
  subAttributes,
}: AttributeDefinition): boolean {
  return (
    name === 'members' &&
    multiValued &&
    mutability !== 'readOnly' &&
    subAttributes?.some((sub) => foldAscii(sub.name) === 'value') === true
  );
}

/** Members are kept as rows that name a resource: there is no room for anything else. */
function checkMembers({ subAttributes = [] }: AttributeDefinition, at: string): void {
  for (const [position, { name, type, uniqueness }] of subAttributes.entries()) {
    const place = `${at}.subAttributes[${position}]`;
    if (!LINK_SUBS.includes(name)) {
      const kept = LINK_SUBS.map((sub) => `"${sub}"`).join(', ');
      throw fault(
        `${place}.name`,
        `of members only ${kept} are kept (RFC 7643 §4.2), not "${name}"`,
      );
    }
    if (name === 'value' && type !== 'string') {
      throw fault(`${place}.type`, `takes "string": a member's value is an id, not "${type}"`);
    }
    if (uniqueness !== 'none') {
      throw fault(`${place}.uniqueness`, 'takes "none": a resource may be a member of many groups');
    }
  }
}
