/**
 * Reads a schema in the JSON of RFC 7643 §7, as an administrator writes it into a config. What is
 * left out has the default of RFC 7643 §2.2, and the result spells every characteristic out. What
 * contradicts itself, or promises what could not be kept, is refused here, so that it always compiles.
 */
import { foldAscii } from '../fold.ts';
import type { SchemaDefinition } from './attribute.ts';
import {
  checkLength,
  DefinitionReader,
  fault,
  isList,
  type ProfileLimits,
  shown,
} from './definition-reader.ts';
import { isReservedUrn, SCHEMA_URN } from './names.ts';
import { type AttributeCount, parseAttributes } from './parse-attribute.ts';

/** `schemas` and `meta` are what /Schemas shows beside; they are ours to say. */
const MEMBERS = ['id', 'name', 'description', 'attributes', 'schemas', 'meta'];

/**
 * @param value of `config.schemas`
 * @throws ScimError 400 invalidValue that names the place
 */
export function parseSchemas(value: unknown, limits: ProfileLimits): readonly SchemaDefinition[] {
  const at = 'config.schemas';
  if (!isList(value)) throw fault(at, `takes an array of schemas, not ${shown(value)}`);
  checkLength(value, limits.profileSchemas, at, 'schemas');
  const count: AttributeCount = { left: limits.profileAttributes };
  const seen = new Set<string>();
  return value.map((each, position) => {
    const schema = parseSchema(each, `${at}[${position}]`, count, limits);
    const key = foldAscii(schema.id);
    if (seen.has(key)) throw fault(`${at}[${position}].id`, `${schema.id} is there twice`);
    seen.add(key);
    return schema;
  });
}

function parseSchema(
  value: unknown,
  at: string,
  count: AttributeCount,
  limits: ProfileLimits,
): SchemaDefinition {
  const reader = new DefinitionReader(value, at, 'a schema', MEMBERS, limits);
  const id = reader.name('id', SCHEMA_URN, 'a URN such as "urn:example:schemas:Device"');
  if (isReservedUrn(foldAscii(id))) {
    throw fault(`${at}.id`, `${id} is the URN of a message or of discovery, not of resources`);
  }
  return {
    id,
    name: reader.text('name', id.slice(id.lastIndexOf(':') + 1)),
    description: reader.text('description', ''),
    attributes: parseAttributes(reader, count),
  };
}
