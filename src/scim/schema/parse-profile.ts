/**
 * From what a config says of schemas and resource types to the profile that the endpoint serves. It
 * reads the config of an administrator and the stored one alike, on every thread. The invariant: a
 * profile that comes out of here compiles.
 */
import { foldAscii } from '../fold.ts';
import type { ResourceTypeDefinition, SchemaDefinition } from './attribute.ts';
import { CORE_PROFILE } from './core.ts';
import { fault, type ProfileLimits } from './definition-reader.ts';
import { parseResourceTypes } from './parse-resource-type.ts';
import { parseSchemas } from './parse-schema.ts';
import type { Profile } from './registry.ts';

/** How many URNs an error names. */
const NAMED_URNS_MAX = 10;

/**
 * @param config `schemas` are added to those of `base`, or replace one of the same URN;
 *   `resourceTypes` take the place of those of `base`; without both, the profile is `base` itself
 * @throws ScimError 400 invalidValue that names the place and what would be accepted
 */
export function parseProfile(
  config: Readonly<Record<string, unknown>>,
  base: Profile,
  limits: ProfileLimits,
): Profile {
  const givenSchemas = given(config, 'schemas');
  const givenTypes = given(config, 'resourceTypes');
  if (givenSchemas === undefined && givenTypes === undefined) return base;
  const own = givenSchemas === undefined ? [] : parseSchemas(givenSchemas, limits);
  const resourceTypes =
    givenTypes === undefined ? base.resourceTypes : parseResourceTypes(givenTypes, limits);
  // Those of RFC 7643 can be named whether the base serves them or not.
  const schemas = withOwn(distinct([...base.schemas, ...CORE_PROFILE.schemas]), own);
  const byUrn = new Map(schemas.map((schema) => [foldAscii(schema.id), schema]));
  if (givenTypes !== undefined) {
    for (const [position, type] of resourceTypes.entries()) {
      checkReferences(type, `config.resourceTypes[${position}]`, byUrn);
    }
  }
  const used = new Set(resourceTypes.flatMap(urnsOf).map(foldAscii));
  const ownUrns = new Set(own.map(({ id }) => foldAscii(id)));
  // Discovery shows what is served (RFC 7644 §4), and whatever the administrator has added.
  const served = ({ id }: SchemaDefinition): boolean =>
    used.has(foldAscii(id)) || ownUrns.has(foldAscii(id));
  return { schemas: schemas.filter(served), resourceTypes };
}

function given(config: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(config, name) ? config[name] : undefined;
}

function distinct(schemas: readonly SchemaDefinition[]): readonly SchemaDefinition[] {
  return [...new Set(schemas)];
}

/** One that replaces stands where the replaced one stood; the others follow. */
function withOwn(
  base: readonly SchemaDefinition[],
  own: readonly SchemaDefinition[],
): readonly SchemaDefinition[] {
  const left = new Map(own.map((schema) => [foldAscii(schema.id), schema]));
  const replaced = base.map((schema) => {
    const key = foldAscii(schema.id);
    const instead = left.get(key);
    left.delete(key);
    return instead ?? schema;
  });
  return [...replaced, ...left.values()];
}

/** The schemas that a type names exist, each once, and no path could mean two of them. */
function checkReferences(
  type: ResourceTypeDefinition,
  at: string,
  schemas: ReadonlyMap<string, SchemaDefinition>,
): void {
  const urns = urnsOf(type);
  for (const [position, urn] of urns.entries()) {
    const place =
      position === 0 ? `${at}.schema` : `${at}.schemaExtensions[${position - 1}].schema`;
    const key = foldAscii(urn);
    if (!schemas.has(key)) {
      throw fault(place, `takes the URN of a schema, one of ${named(schemas)}, not ${urn}`);
    }
    for (const other of urns.slice(0, position)) {
      const earlier = foldAscii(other);
      if (earlier === key) throw fault(place, `${urn} is the URN of another schema of this type`);
      if (isWithin(key, earlier) || isWithin(earlier, key)) {
        throw fault(
          place,
          `${urn} and ${other} cannot both belong to one type: the path of an attribute of one could mean the other`,
        );
      }
    }
  }
}

/** Core first. */
function urnsOf({ schema, schemaExtensions }: ResourceTypeDefinition): string[] {
  return [schema, ...schemaExtensions.map((extension) => extension.schema)];
}

function isWithin(urn: string, outer: string): boolean {
  return urn.startsWith(`${outer}:`);
}

function named(schemas: ReadonlyMap<string, SchemaDefinition>): string {
  const urns = [...schemas.values()].map(({ id }) => id);
  const more = urns.length - NAMED_URNS_MAX;
  const shown = urns.slice(0, NAMED_URNS_MAX).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}
