/**
 * Reads the attributes of a schema (RFC 7643 §7) with the defaults of §2.2. Each rule that a
 * definition can break is one check here, with the section that makes it.
 */
import { foldAscii } from '../fold.ts';
import type {
  AttributeDefinition,
  AttributeType,
  Mutability,
  Returned,
  Uniqueness,
} from './attribute.ts';
import { COMMON_ATTRIBUTES } from './common-attributes.ts';
import { checkLength, DefinitionReader, fault } from './definition-reader.ts';
import { ATTRIBUTE_NAME, FORBIDDEN_NAMES } from './names.ts';
import { checkConventions } from './conventions.ts';

/** How many attributes the profile may still have. */
export interface AttributeCount {
  left: number;
}

/** What an attribute is, in the words that its characteristics are judged by. */
interface Kind {
  readonly type: AttributeType;
  readonly multiValued: boolean;
  /** Undefined at the top of a schema. */
  readonly owner: AttributeOwner | undefined;
}

interface AttributeOwner {
  readonly name: string;
  readonly multiValued: boolean;
}

const MEMBERS = [
  ...['name', 'type', 'multiValued', 'description', 'required', 'canonicalValues', 'caseExact'],
  ...['mutability', 'returned', 'uniqueness', 'referenceTypes', 'subAttributes'],
];

const SIMPLE_TYPES: readonly AttributeType[] = [
  ...(['string', 'boolean', 'decimal', 'integer', 'dateTime', 'reference', 'binary'] as const),
];
const TYPES: readonly AttributeType[] = [...SIMPLE_TYPES, 'complex'];
const MUTABILITIES: readonly Mutability[] = ['readOnly', 'readWrite', 'immutable', 'writeOnly'];
const RETURNED: readonly Returned[] = ['always', 'never', 'default', 'request'];
const UNIQUENESS: readonly Uniqueness[] = ['none', 'server', 'global'];
/** RFC 7643 §2.3: boolean, dateTime, binary and complex values have none. */
const UNIQUE_TYPES: readonly AttributeType[] = ['string', 'reference', 'integer', 'decimal'];
const ANY_TEXT = /[^]/;
const TYPE_NAMES = /^[A-Za-z0-9_-]+$/;

const COMMON_NAMES: ReadonlySet<string> = new Set(
  COMMON_ATTRIBUTES.map(({ name }) => foldAscii(name)),
);

/** @throws ScimError 400 invalidValue that names the place */
export function parseAttributes(
  schema: DefinitionReader,
  count: AttributeCount,
): AttributeDefinition[] {
  return parseList(schema, 'attributes', undefined, count);
}

function parseList(
  reader: DefinitionReader,
  member: 'attributes' | 'subAttributes',
  owner: AttributeOwner | undefined,
  count: AttributeCount,
): AttributeDefinition[] {
  const values = reader.list(member, 'an array of attributes');
  if (values === undefined) throw reader.fault(member, 'an array of attributes');
  const at = `${reader.at}.${member}`;
  const { profileAttributes } = reader.limits;
  checkLength(values, count.left, at, `attributes more (a profile has ${profileAttributes})`);
  count.left -= values.length;
  const seen = new Set<string>();
  return values.map((value, position) => {
    const place = `${at}[${position}]`;
    const attribute = parseAttribute(value, place, owner, count, reader);
    const key = foldAscii(attribute.name);
    if (seen.has(key)) {
      throw fault(
        `${place}.name`,
        `${attribute.name} is there twice; case does not tell names apart`,
      );
    }
    seen.add(key);
    return attribute;
  });
}

function parseAttribute(
  value: unknown,
  at: string,
  owner: AttributeOwner | undefined,
  count: AttributeCount,
  { limits }: DefinitionReader,
): AttributeDefinition {
  const reader = new DefinitionReader(value, at, 'an attribute', MEMBERS, limits);
  const name = parseName(reader, owner);
  const type = parseType(reader, owner);
  const multiValued = reader.flag('multiValued', false);
  const kind: Kind = { type, multiValued, owner };
  const canonicalValues = parseCanonicalValues(reader, kind);
  const referenceTypes = parseReferenceTypes(reader, kind);
  const mutability = reader.choice('mutability', MUTABILITIES, 'readWrite');
  const returned = parseReturned(reader, kind, mutability);
  const subAttributes = parseSubAttributes(reader, kind, name, count);
  const definition: AttributeDefinition = {
    name,
    type,
    multiValued,
    description: reader.text('description', ''),
    required: reader.flag('required', false),
    ...(canonicalValues === undefined ? {} : { canonicalValues }),
    // RFC 7643 §2.3.6 and §2.3.7: binaries and references are, if nothing else is said.
    caseExact: reader.flag('caseExact', type === 'reference' || type === 'binary'),
    mutability,
    returned,
    uniqueness: parseUniqueness(reader, kind, returned),
    ...(referenceTypes === undefined ? {} : { referenceTypes }),
    ...(subAttributes === undefined ? {} : { subAttributes }),
  };
  checkConventions(definition, at, owner);
  return definition;
}

function parseName(reader: DefinitionReader, owner: AttributeOwner | undefined): string {
  if (owner !== undefined && reader.value('name') === '$ref') return '$ref';
  const takes = 'a name of letters, digits, "$", "-" and "_" that begins with a letter';
  const name = reader.name('name', ATTRIBUTE_NAME, takes);
  const key = foldAscii(name);
  if (FORBIDDEN_NAMES.has(key)) {
    throw fault(
      `${reader.at}.name`,
      `no attribute may be called ${name}: objects have that already`,
    );
  }
  if (owner === undefined && COMMON_NAMES.has(key)) {
    throw fault(
      `${reader.at}.name`,
      `every resource has ${name} (RFC 7643 §3.1); leave it out of the schema`,
    );
  }
  return name;
}

function parseType(reader: DefinitionReader, owner: AttributeOwner | undefined): AttributeType {
  // RFC 7643 §2.3.8: nothing is complex within complex.
  return reader.choice('type', owner === undefined ? TYPES : SIMPLE_TYPES, 'string');
}

function parseSubAttributes(
  reader: DefinitionReader,
  { type, multiValued }: Kind,
  name: string,
  count: AttributeCount,
): AttributeDefinition[] | undefined {
  const given = reader.list('subAttributes', 'an array of attributes');
  if (type !== 'complex') {
    if (given === undefined || given.length === 0) return undefined;
    throw fault(`${reader.at}.subAttributes`, `is for type "complex", not "${type}"`);
  }
  if (given === undefined || given.length === 0) {
    throw reader.fault('subAttributes', 'at least one attribute where the type is "complex"');
  }
  return parseList(reader, 'subAttributes', { name, multiValued }, count);
}

function parseCanonicalValues(
  reader: DefinitionReader,
  { type }: Kind,
): readonly string[] | undefined {
  const values = reader.texts('canonicalValues', ANY_TEXT, 'a text that is not empty');
  if (values === undefined || values.length === 0) return undefined;
  if (type === 'string' || type === 'reference') return values;
  throw fault(`${reader.at}.canonicalValues`, `is for type "string" or "reference", not "${type}"`);
}

function parseReferenceTypes(
  reader: DefinitionReader,
  { type }: Kind,
): readonly string[] | undefined {
  const takes = '"external", "uri" or the name of a resource type';
  const values = reader.texts('referenceTypes', TYPE_NAMES, takes);
  if (values === undefined || values.length === 0) return undefined;
  if (type === 'reference') return values;
  throw fault(`${reader.at}.referenceTypes`, `is for type "reference", not "${type}"`);
}

/** What is never returned is kept as one salted hash, or RFC 7643 §9.2 would be broken. */
function parseReturned(
  reader: DefinitionReader,
  { type, multiValued, owner }: Kind,
  mutability: Mutability,
): Returned {
  const writeOnly = mutability === 'writeOnly';
  const returned = reader.choice('returned', RETURNED, writeOnly ? 'never' : 'default');
  if (writeOnly && returned !== 'never') {
    throw reader.fault('returned', '"never" where mutability is "writeOnly" (RFC 7643 §7)');
  }
  if (returned === 'never' && (type !== 'string' || multiValued || owner?.multiValued === true)) {
    throw fault(
      `${reader.at}.returned`,
      '"never" is for single strings outside multi-valued attributes: each is kept as one hash',
    );
  }
  return returned;
}

function parseUniqueness(reader: DefinitionReader, { type }: Kind, returned: Returned): Uniqueness {
  const uniqueness = reader.choice('uniqueness', UNIQUENESS, 'none');
  if (uniqueness === 'none') return uniqueness;
  if (!UNIQUE_TYPES.includes(type)) {
    throw reader.fault('uniqueness', `"none" where the type is "${type}" (RFC 7643 §2.3)`);
  }
  if (returned === 'never') {
    throw reader.fault('uniqueness', '"none" where returned is "never": hashes are salted');
  }
  return uniqueness;
}
