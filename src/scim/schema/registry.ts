/**
 * Compiles a profile, which is what an endpoint stores of its schemas and resource types, into the
 * registry that requests are served from. A registry is immutable and never crosses threads.
 */
import { foldAscii } from '../fold.ts';
import type {
  Registry,
  ResourceType,
  ResourceTypeDefinition,
  SchemaDefinition,
} from './attribute.ts';
import { compileResourceType } from './compile.ts';

export interface Profile {
  readonly schemas: readonly SchemaDefinition[];
  readonly resourceTypes: readonly ResourceTypeDefinition[];
}

/** What stands in URLs and, unescaped, in JSON text. */
const NAME = /^[A-Za-z0-9_-]+$/;
const ENDPOINT = /^\/[A-Za-z0-9_-]+$/;

/**
 * @param indexedAttributes the endpoint's setting; a path counts for each type that has it
 * @throws Error that names what is wrong with the profile
 */
export function compileRegistry(
  profile: Profile,
  indexedAttributes: readonly string[] = [],
): Registry {
  const schemas = new Map<string, SchemaDefinition>();
  for (const schema of profile.schemas) {
    addOnce(schemas, foldAscii(schema.id), schema, `schema ${schema.id}`);
  }
  const typesByEndpoint = new Map<string, ResourceType>();
  const typesByName = new Map<string, ResourceType>();
  for (const definition of profile.resourceTypes) {
    checkNames(definition);
    const type = compileResourceType(definition, schemas, indexedAttributes);
    addOnce(typesByName, type.name, type, `resource type ${type.name}`);
    addOnce(typesByEndpoint, foldAscii(type.endpoint), type, `endpoint ${definition.endpoint}`);
  }
  return {
    typesByEndpoint,
    typesByName,
    schemas: profile.schemas,
    resourceTypes: profile.resourceTypes,
  };
}

function checkNames({ name, endpoint }: ResourceTypeDefinition): void {
  if (!NAME.test(name)) {
    throw new Error(`resource type ${JSON.stringify(name)}: a name is letters, digits, "-", "_"`);
  }
  if (!ENDPOINT.test(endpoint)) {
    throw new Error(
      `resource type ${name}: the endpoint ${JSON.stringify(endpoint)} is not "/" and a name`,
    );
  }
}

function addOnce<T>(map: Map<string, T>, key: string, value: T, what: string): void {
  if (map.has(key)) throw new Error(`the profile has the ${what} twice`);
  map.set(key, value);
}
