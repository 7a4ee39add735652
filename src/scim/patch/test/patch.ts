/** What the PATCH tests share: resource types, two resources, and requests carried out like the server does. */
import { LENIENT } from '../../dialect.ts';
import { ScimError } from '../../errors.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json.ts';
import type { ResourceType } from '../../schema/attribute.ts';
import { CORE_PROFILE } from '../../schema/core.ts';
import { attribute, list, text } from '../../schema/define.ts';
import { compileRegistry } from '../../schema/registry.ts';
import { applyPatch, type PatchResult } from '../apply.ts';
import type { MembershipEditor, PatchOperation, PatchOptions } from '../operation.ts';
import { parsePatch } from '../parse.ts';

export const LIMITS = { maxOperations: 100, maxLength: 4096, maxDepth: 16, maxNodes: 100 };
export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
export const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

export const OPTIONS: PatchOptions = {
  ...LENIENT,
  patchReplaceCreatesValuePathTarget: true,
  allowRemoveAllMembers: true,
  unknownAttributes: 'drop',
};

const core = compileRegistry(CORE_PROFILE);
export const USER = typeNamed('User', core.typesByName);
export const GROUP = typeNamed('Group', core.typesByName);

/** A type with what the core schemas lack: immutable, required and simple multi-valued attributes. */
export const DEVICE = typeNamed(
  'Device',
  compileRegistry({
    schemas: [
      {
        id: 'urn:test:Device',
        name: 'Device',
        description: 'A device.',
        attributes: [
          text('serial', 'Its number.', { mutability: 'immutable' }),
          text('state', 'What it does.', { mutability: 'readOnly' }),
          attribute('tags', 'string', 'Labels.', { multiValued: true, caseExact: true }),
          attribute('size', 'integer', 'In cm.'),
          list(
            'ports',
            'Its ports.',
            [
              text('value', 'Name of the port.', { required: true }),
              text('type', 'Kind of port.'),
              text('kind', 'Fixed at first.', { mutability: 'immutable' }),
              text('speed', 'Measured.', { mutability: 'readOnly' }),
              attribute('primary', 'boolean', 'The first to try.'),
            ],
            { required: true },
          ),
        ],
      },
      {
        id: 'urn:test:Lease',
        name: 'Lease',
        description: 'A lease.',
        attributes: [text('lessor', 'Who owns it.')],
      },
    ],
    resourceTypes: [
      {
        id: 'Device',
        name: 'Device',
        endpoint: '/Devices',
        description: 'A device.',
        schema: 'urn:test:Device',
        schemaExtensions: [{ schema: 'urn:test:Lease', required: true }],
      },
    ],
  }).typesByName,
);

/** Members of a group as ids, in the order they came. */
export class Members implements MembershipEditor {
  readonly ids: Set<string>;
  /** Set when somebody read all members, which a change of one member must not. */
  listed = false;

  constructor(...ids: string[]) {
    this.ids = new Set(ids);
  }

  add(ids: readonly string[]): boolean {
    const before = this.ids.size;
    for (const id of ids) this.ids.add(id);
    return this.ids.size !== before;
  }

  remove(ids: readonly string[]): boolean {
    return ids.filter((id) => this.ids.delete(id)).length > 0;
  }

  replace(ids: readonly string[]): boolean {
    const left = this.remove([...this.ids].filter((id) => !ids.includes(id)));
    return this.add(ids) || left;
  }

  list() {
    this.listed = true;
    return [...this.ids].map((value) => ({ value, type: 'User', display: `name of ${value}` }));
  }
}

/** A user as the store keeps it; a fresh one at each call. */
export function user(more: JsonObject = {}): JsonObject {
  return {
    schemas: [CORE],
    id: 'u1',
    userName: 'babs@example.com',
    name: { familyName: 'Jensen', givenName: 'Barbara' },
    active: true,
    emails: [
      { value: 'babs@example.com', type: 'work', primary: true },
      { value: 'babs@home.example', type: 'home' },
    ],
    ...more,
  };
}

export function device(more: JsonObject = {}): JsonObject {
  return {
    schemas: ['urn:test:Device', 'urn:test:Lease'],
    id: 'd1',
    ports: [{ value: 'eth0', type: 'lan', kind: 'copper' }],
    'urn:test:Lease': { lessor: 'Acme' },
    ...more,
  };
}

export function body(...operations: JsonValue[]): JsonObject {
  return { schemas: [PATCH_OP], Operations: operations };
}

/** A value as a client's text makes it. */
export function fromText(text: string): JsonValue {
  const value: unknown = JSON.parse(text);
  if (!isJson(value)) throw new Error('JSON.parse gives JSON');
  return value;
}

function isJson(value: unknown): value is JsonValue {
  return value !== undefined;
}

/** Operations cross threads as JSON text. */
export function parse(
  type: ResourceType,
  message: JsonValue,
  options: Partial<PatchOptions> = {},
): PatchOperation[] {
  const operations = parsePatch(message, type, LIMITS, { ...OPTIONS, ...options });
  const crossed: unknown = JSON.parse(JSON.stringify(operations));
  if (!isOperations(crossed)) throw new Error('operations are an array');
  return crossed;
}

/** The shape was checked before it crossed; the writer trusts it likewise. */
function isOperations(crossed: unknown): crossed is PatchOperation[] {
  return Array.isArray(crossed);
}

/** Parses and applies a request body. @throws Error when the document given is changed in place */
export function patchWith(
  type: ResourceType,
  document: JsonObject,
  message: JsonValue,
  options: Partial<PatchOptions> = {},
  members?: MembershipEditor,
): PatchResult {
  const before = JSON.stringify(document);
  try {
    const operations = parse(type, message, options);
    return applyPatch(type, document, operations, { ...OPTIONS, ...options }, members);
  } finally {
    if (JSON.stringify(document) !== before) throw new Error('the document was changed in place');
  }
}

/** The user after one request of the given operations. */
export function patchUser(document: JsonObject, ...operations: JsonValue[]): JsonObject {
  return patchWith(USER, document, body(...operations)).document;
}

/** What a refused request is answered: `400 mutability userName …`. */
export function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    return `${error.status} ${error.scimType ?? '-'} ${error.message}`;
  }
  return 'not refused';
}

/** An attribute of a value that is an object. */
export function at(value: JsonValue | undefined, ...names: string[]): JsonValue | undefined {
  return names.reduce<JsonValue | undefined>(
    (inner, name) => (isObject(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined),
    value,
  );
}

function typeNamed(name: string, types: ReadonlyMap<string, ResourceType>): ResourceType {
  const type = types.get(name);
  if (type === undefined) throw new Error(`no type ${name}`);
  return type;
}
