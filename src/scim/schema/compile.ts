/**
 * Compiles schema definitions into the look-up form of `attribute.ts`. What is wrong with a
 * definition throws a plain Error that names it: definitions come from us or from an
 * administrator, never from a SCIM request.
 */
import { foldAscii } from '../fold.ts';
import type {
  Attribute,
  AttributeDefinition,
  Extension,
  ResourceType,
  ResourceTypeDefinition,
  SchemaDefinition,
} from './attribute.ts';
import { AttributeMap } from './attribute-map.ts';
import { COMMON_ATTRIBUTES } from './common-attributes.ts';
import { indexedPlaces, type UnindexedType } from './indexed.ts';
import { FORBIDDEN_NAMES } from './names.ts';
import { secretPlaces, uniquePlaces, writablePlaces } from './places.ts';

/**
 * @param schemas by `foldAscii(urn)`
 * @param indexedAttributes paths; those that mean nothing for the type are passed over
 * @throws Error when the type names a schema that is not there, or an attribute twice, or has
 *   characteristics that contradict each other
 */
export function compileResourceType(
  definition: ResourceTypeDefinition,
  schemas: ReadonlyMap<string, SchemaDefinition>,
  indexedAttributes: readonly string[],
): ResourceType {
  const core = findSchema(definition.schema, definition, schemas);
  const own = core.attributes.filter((attribute) => !isCommon(attribute.name));
  const attributes = compileAttributes([...COMMON_ATTRIBUTES, ...own], '', definition.name);
  markDerived(attributes);
  const extensions = compileExtensions(definition, core, schemas);
  const type: UnindexedType = {
    name: definition.name,
    endpoint: definition.endpoint.slice(1),
    schema: core.id,
    attributes,
    extensions,
    ...traits([...attributes.values()], [...extensions.values()]),
  };
  return { ...type, indexed: indexedPlaces(type, indexedAttributes) };
}

/** What requests would otherwise have to walk the attributes for. */
function traits(
  core: readonly Attribute[],
  extensions: readonly Extension[],
): Omit<UnindexedType, 'name' | 'endpoint' | 'schema' | 'attributes' | 'extensions'> {
  const membership = core.find(isMembership);
  const extended = extensions.flatMap((extension) => [...extension.attributes.values()]);
  const nested = [...core.flatMap(subsOf), ...extended, ...extended.flatMap(subsOf)];
  const everywhere = [...core, ...nested];
  const ofMembers = new Set(membership === undefined ? [] : [membership, ...subsOf(membership)]);
  const nameAttribute = core.find(isNameAttribute);
  const places = writablePlaces(core, extensions);
  const secrets = secretPlaces(places);
  return {
    nameAttribute,
    uniques: uniquePlaces(places, nameAttribute, membership),
    secrets,
    hasRequiredSecret: secrets.some(
      ({ attribute, leaf, urn }) =>
        leaf.required || attribute.required || isRequiredExtension(extensions, urn),
    ),
    membership,
    groups: core.find(isGroups),
    hasImmutable: everywhere.some(
      (attribute) => attribute.mutability === 'immutable' && !ofMembers.has(attribute),
    ),
    // Members are checked as they are read: they never reach a stored document.
    requirements: requirementsOf(core).filter((attribute) => attribute !== membership),
    hasReturnedRequest: everywhere.some((attribute) => attribute.returned === 'request'),
    unstored: new Set(
      core
        .filter((attribute) => attribute === membership || isUnstored(attribute))
        .map((attribute) => attribute.name),
    ),
  };
}

function isRequiredExtension(extensions: readonly Extension[], urn: string | undefined): boolean {
  return extensions.some((extension) => extension.urn === urn && extension.required);
}

function compileExtensions(
  definition: ResourceTypeDefinition,
  core: SchemaDefinition,
  schemas: ReadonlyMap<string, SchemaDefinition>,
): Map<string, Extension> {
  const extensions = new Map<string, Extension>();
  for (const { schema, required } of definition.schemaExtensions) {
    const { id: urn, attributes: inner } = findSchema(schema, definition, schemas);
    const key = foldAscii(urn);
    if (extensions.has(key) || key === foldAscii(core.id)) {
      throw new Error(`resource type ${definition.name} names the schema ${urn} twice`);
    }
    const attributes = compileAttributes(inner, `${urn}:`, definition.name);
    const requirements = requirementsOf([...attributes.values()]);
    extensions.set(key, { urn, required, attributes, requirements });
  }
  return extensions;
}

function findSchema(
  urn: string,
  type: ResourceTypeDefinition,
  schemas: ReadonlyMap<string, SchemaDefinition>,
): SchemaDefinition {
  const schema = schemas.get(foldAscii(urn));
  if (schema === undefined) {
    throw new Error(`resource type ${type.name} names the schema ${urn}, which is not defined`);
  }
  return schema;
}

/** RFC 7643 §3.1: the common characteristics take precedence where a schema repeats them. */
function isCommon(name: string): boolean {
  return COMMON_ATTRIBUTES.some((common) => foldAscii(common.name) === foldAscii(name));
}

function compileAttributes(
  definitions: readonly AttributeDefinition[],
  prefix: string,
  owner: string,
): AttributeMap {
  const compiled = new AttributeMap();
  for (const definition of definitions) {
    const attribute = compileAttribute(definition, prefix, owner);
    checkSubs(attribute);
    if (compiled.has(attribute.key)) {
      throw new Error(`resource type ${owner} has the attribute ${attribute.path} twice`);
    }
    compiled.add(attribute);
  }
  return compiled;
}

function compileAttribute(
  definition: AttributeDefinition,
  prefix: string,
  owner: string,
): Attribute {
  const { name } = definition;
  const key = foldAscii(name);
  const path = `${prefix}${name}`;
  if (FORBIDDEN_NAMES.has(key)) throw new Error(`no attribute may be called ${path}`);
  const subs = compileAttributes(definition.subAttributes ?? [], `${path}.`, owner);
  return {
    name,
    key,
    path,
    type: definition.type,
    multiValued: definition.multiValued,
    required: definition.required,
    caseExact: definition.caseExact,
    mutability: definition.mutability,
    returned: definition.mutability === 'writeOnly' ? 'never' : definition.returned,
    uniqueness: definition.uniqueness,
    canonicalValues: definition.canonicalValues ?? [],
    referenceTypes: definition.referenceTypes ?? [],
    subs,
    requiredSubs: [...subs.values()].filter(isAsked),
    derived: false,
  };
}

/** RFC 7643 §2.3.8 forbids it; without the bound a hostile schema could recurse at will. */
function checkSubs(attribute: Attribute): void {
  for (const sub of attribute.subs.values()) {
    if (sub.type === 'complex')
      throw new Error(`${sub.path} is complex within a complex attribute`);
  }
}

/** `meta`, `User.groups`, and of members all but `value` (RFC 7643 §3.1, §4.1.2, §4.2). */
function markDerived(attributes: AttributeMap): void {
  for (const attribute of attributes.values()) {
    if (attribute.path === 'meta' || isGroups(attribute)) {
      attributes.add({ ...attribute, derived: true });
    } else if (isMembership(attribute)) {
      const subs = new AttributeMap();
      for (const sub of attribute.subs.values()) {
        subs.add({ ...sub, derived: sub.key !== 'value' });
      }
      attributes.add({ ...attribute, subs });
    }
  }
}

/** `members`, if the schema means by it what RFC 7643 §4.2 does. */
function isMembership(attribute: Attribute): boolean {
  return isLinks(attribute, 'members') && attribute.mutability !== 'readOnly';
}

/** `groups`, if the schema means by it what RFC 7643 §4.1.2 does. */
function isGroups(attribute: Attribute): boolean {
  return isLinks(attribute, 'groups') && attribute.mutability === 'readOnly';
}

function isLinks(attribute: Attribute, path: string): boolean {
  return attribute.path === path && attribute.multiValued && attribute.subs.has('value');
}

/** Attributes that a resource must have, or whose sub-attributes a value of them must have. */
function requirementsOf(attributes: readonly Attribute[]): Attribute[] {
  return attributes.filter((attribute) => isAsked(attribute) || attribute.requiredSubs.length > 0);
}

/** Required of the client: what is readOnly the server provides. */
function isAsked(attribute: Attribute): boolean {
  return attribute.required && attribute.mutability !== 'readOnly';
}

function isNameAttribute(attribute: Attribute): boolean {
  return (
    attribute.uniqueness !== 'none' &&
    attribute.mutability !== 'readOnly' &&
    attribute.type === 'string' &&
    !attribute.multiValued
  );
}

function isUnstored(attribute: Attribute): boolean {
  const { path } = attribute;
  return path === 'schemas' || path === 'id' || attribute.derived || attribute.returned === 'never';
}

function subsOf(attribute: Attribute): Attribute[] {
  return [...attribute.subs.values()];
}
