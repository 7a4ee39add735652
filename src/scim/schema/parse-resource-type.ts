/**
 * Reads resource types in the JSON of RFC 7643 §6, as an administrator writes them into a config.
 * Which schemas they may name is looked at by `parse-profile`, which knows all of them.
 */
import { foldAscii } from '../fold.ts';
import type { ResourceTypeDefinition } from './attribute.ts';
import {
  checkLength,
  DefinitionReader,
  fault,
  isList,
  type ProfileLimits,
  shown,
} from './definition-reader.ts';
import { RESERVED_PATHS, RESERVED_TYPES, SCHEMA_URN, TYPE_NAME } from './names.ts';

/** `schemas` and `meta` are what /ResourceTypes shows beside; they are ours to say. */
const MEMBERS = [
  ...['id', 'name', 'endpoint', 'description', 'schema', 'schemaExtensions', 'schemas', 'meta'],
];
const EXTENSION_MEMBERS = ['schema', 'required'];
/** The RFC writes it with and without the slash. */
const ENDPOINT = /^\/?[A-Za-z0-9_-]+$/;
const URN = 'the URN of a schema';

/**
 * @param value of `config.resourceTypes`
 * @throws ScimError 400 invalidValue that names the place
 */
export function parseResourceTypes(
  value: unknown,
  limits: ProfileLimits,
): readonly ResourceTypeDefinition[] {
  const at = 'config.resourceTypes';
  if (!isList(value) || value.length === 0) {
    throw fault(at, `takes an array of at least one resource type, not ${shown(value)}`);
  }
  checkLength(value, limits.profileResourceTypes, at, 'resource types');
  const types = value.map((each, position) =>
    parseResourceType(each, `${at}[${position}]`, limits),
  );
  for (const member of ['id', 'name', 'endpoint'] as const) checkDistinct(types, member);
  return types;
}

function parseResourceType(
  value: unknown,
  at: string,
  limits: ProfileLimits,
): ResourceTypeDefinition {
  const reader = new DefinitionReader(value, at, 'a resource type', MEMBERS, limits);
  const takes = 'a name of letters, digits, "-" and "_" that begins with a letter';
  const name = reader.name('name', TYPE_NAME, takes);
  if (RESERVED_TYPES.has(foldAscii(name))) {
    throw fault(`${at}.name`, `${name} means something else; take another`);
  }
  return {
    id: reader.value('id') === undefined ? name : parseId(reader),
    name,
    endpoint: parseEndpoint(reader),
    description: reader.text('description', ''),
    schema: reader.name('schema', SCHEMA_URN, URN),
    schemaExtensions: parseExtensions(reader),
  };
}

function parseId(reader: DefinitionReader): string {
  return reader.name(
    'id',
    TYPE_NAME,
    'letters, digits, "-" and "_", or nothing: then it is the name',
  );
}

function parseEndpoint(reader: DefinitionReader): string {
  const given = reader.name('endpoint', ENDPOINT, 'a path such as "/Devices", of one segment');
  const segment = given.startsWith('/') ? given.slice(1) : given;
  if (RESERVED_PATHS.has(foldAscii(segment))) {
    throw fault(`${reader.at}.endpoint`, `something else lives at /${segment}; take another path`);
  }
  return `/${segment}`;
}

function parseExtensions(
  type: DefinitionReader,
): readonly { readonly schema: string; readonly required: boolean }[] {
  const at = `${type.at}.schemaExtensions`;
  const values = type.list('schemaExtensions', 'an array of schema extensions') ?? [];
  checkLength(values, type.limits.profileListLength, at, 'extensions');
  return values.map((value, position) => {
    const reader = new DefinitionReader(
      value,
      `${at}[${position}]`,
      'a schema extension',
      EXTENSION_MEMBERS,
      type.limits,
    );
    return {
      schema: reader.name('schema', SCHEMA_URN, URN),
      required: reader.flag('required', false),
    };
  });
}

function checkDistinct(
  types: readonly ResourceTypeDefinition[],
  member: 'id' | 'name' | 'endpoint',
): void {
  const seen = new Set<string>();
  for (const [position, type] of types.entries()) {
    const key = foldAscii(type[member]);
    if (seen.has(key)) {
      throw fault(
        `config.resourceTypes[${position}].${member}`,
        `${type[member]} is there twice; case does not tell them apart`,
      );
    }
    seen.add(key);
  }
}
