/**
 * Looks into the schemas and resource types that a server describes for what a row needs: an
 * attribute with some characteristic, a resource type that is neither User nor Group.
 */
import { isObject, type JsonObject, type JsonValue } from '../../src/scim/json.ts';
import { NotApplicable } from './row.ts';
import type { Target } from './target.ts';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** A single attribute of User, and how it is written and found in a body. */
export interface DescribedAttribute {
  readonly name: string;
  readonly urn: string;
  /** For filters and `attributes`: URN-qualified for an extension. */
  readonly path: string;
  readonly definition: JsonObject;
  /** What to merge into a user so that the attribute has this value. */
  readonly holding: (value: JsonValue) => JsonObject;
  /** The steps to the value in a body. */
  readonly steps: readonly string[];
}

/**
 * The first simple, single-valued attribute of User whose definition has these members.
 * @throws NotApplicable when no schema of User has such an attribute
 */
export function userAttribute(target: Target, wanted: JsonObject): DescribedAttribute {
  const definition = { multiValued: false, ...wanted };
  for (const schema of schemasOf(target, 'User')) {
    const urn = plain(schema['id']);
    for (const attribute of objects(schema['attributes'])) {
      if (attribute['type'] === 'complex' || !matches(attribute, definition)) continue;
      if (attribute['name'] === 'userName') continue;
      return described(urn, attribute);
    }
  }
  throw new NotApplicable(`no attribute of User has ${JSON.stringify(wanted)}`);
}

export interface DescribedType {
  readonly name: string;
  readonly endpoint: string;
  readonly schema: string;
}

/**
 * A resource type beside User and Group, and a body that creates one.
 * @throws NotApplicable when there is none, or it needs more than strings
 */
export function ownType(target: Target): readonly [DescribedType, JsonObject] {
  const type = target.resourceTypes.find(({ name }) => name !== 'User' && name !== 'Group');
  if (type === undefined)
    throw new NotApplicable('there is no resource type beside User and Group');
  const schema = target.schemas.find(({ id }) => id === type['schema']);
  const required = objects(schema?.['attributes']).filter((attribute) => attribute['required']);
  if (required.some((attribute) => attribute['type'] !== 'string')) {
    throw new NotApplicable(`${plain(type['name'])} requires more than strings`);
  }
  const urn = plain(type['schema']);
  const values = required.map(({ name }) => [plain(name), target.unique('own')]);
  return [
    { name: plain(type['name']), endpoint: plain(type['endpoint']), schema: urn },
    { schemas: [urn], ...Object.fromEntries(values) },
  ];
}

/** All attributes of these schemas with their sub-attributes, with a name for messages. */
export function allAttributes(
  schemas: readonly JsonObject[],
): readonly (readonly [string, JsonObject])[] {
  const below = (path: string, attribute: JsonObject): (readonly [string, JsonObject])[] => [
    [path, attribute],
    ...objects(attribute['subAttributes']).flatMap((sub) =>
      below(`${path}.${plain(sub['name'])}`, sub),
    ),
  ];
  return schemas.flatMap((schema) =>
    objects(schema['attributes']).flatMap((attribute) =>
      below(`${plain(schema['id'])}:${plain(attribute['name'])}`, attribute),
    ),
  );
}

function described(urn: string, definition: JsonObject): DescribedAttribute {
  const name = plain(definition['name']);
  const core = urn === USER;
  return {
    name,
    urn,
    definition,
    path: core ? name : `${urn}:${name}`,
    steps: core ? [name] : [urn, name],
    holding: (value) =>
      core ? { [name]: value } : { schemas: [USER, urn], [urn]: { [name]: value } },
  };
}

/** Extensions of the server's own first: their attributes mean nothing that it could depend on. */
function schemasOf(target: Target, typeName: string): readonly JsonObject[] {
  const type = target.resourceTypes.find(({ name }) => name === typeName);
  const extensions = objects(type?.['schemaExtensions']).map(({ schema }) => schema);
  const urns = [
    ...extensions.filter((urn) => urn !== ENTERPRISE),
    ...extensions.filter((urn) => urn === ENTERPRISE),
    type?.['schema'],
  ];
  return urns.flatMap((urn) => target.schemas.filter(({ id }) => id === urn));
}

function matches(attribute: JsonObject, wanted: JsonObject): boolean {
  return Object.entries(wanted).every(([name, value]) => attribute[name] === value);
}

export function objects(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A string as it is, anything else as JSON. */
export function plain(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
