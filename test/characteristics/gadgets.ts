/** An endpoint whose one resource type has an attribute of every kind, and every way to write one. */
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import type { Answer } from '../support/answer.ts';
import type { Asserts } from '../support/asserts.ts';
import type { ScimClient } from '../support/client.ts';
import { patchOp } from '../support/entra.ts';
import { succeeded } from '../support/scim-asserts.ts';

export const GADGET = 'urn:example:schemas:Gadget';
export const MORE = 'urn:example:schemas:extension:More';

const ofEachType: JsonObject[] = [
  { name: 'text' },
  { name: 'flag', type: 'boolean' },
  { name: 'amount', type: 'decimal' },
  { name: 'count', type: 'integer' },
  { name: 'at', type: 'dateTime' },
  { name: 'link', type: 'reference', referenceTypes: ['external'] },
  { name: 'bytes', type: 'binary' },
];
const ofEachMutability: JsonObject[] = [
  { name: 'free' },
  { name: 'given', mutability: 'readOnly' },
  { name: 'fixed', mutability: 'immutable' },
  { name: 'hidden', mutability: 'writeOnly', returned: 'never' },
];

const GADGETS: JsonObject = {
  schemas: [
    {
      id: GADGET,
      name: 'Gadget',
      attributes: [
        ...ofEachType,
        ...ofEachMutability,
        { name: 'part', type: 'complex', subAttributes: [...ofEachType, ...ofEachMutability] },
        {
          name: 'items',
          type: 'complex',
          multiValued: true,
          subAttributes: [
            { name: 'value' },
            { name: 'fixed', mutability: 'immutable' },
            { name: 'given', mutability: 'readOnly' },
            ...ofEachType,
          ],
        },
      ],
    },
    { id: MORE, name: 'More', attributes: [...ofEachType, ...ofEachMutability] },
  ],
  resourceTypes: [
    {
      name: 'Gadget',
      endpoint: '/Gadgets',
      schema: GADGET,
      schemaExtensions: [{ schema: MORE, required: false }],
    },
  ],
};

/** A client of a new endpoint. */
export async function gadgetEndpoint(
  t: Asserts,
  root: ScimClient,
  name: string,
): Promise<ScimClient> {
  const admin = root.under('/scim/admin');
  succeeded(t, await admin.post('/endpoints', { name, config: GADGETS }), 201);
  return root.under(`/scim/endpoints/${name}`);
}

export function gadget(body: JsonObject): JsonObject {
  return { schemas: [GADGET], ...body };
}

export type Way = (scim: ScimClient, path: string, body: JsonObject) => Promise<Answer>;

/** Each way to give attributes to a resource that is there. */
export const CHANGES: Readonly<Record<string, Way>> = {
  PUT: (scim, path, body) => scim.put(path, gadget(body)),
  'PATCH without path': (scim, path, value) => scim.patch(path, patchOp({ op: 'add', value })),
  'PATCH with paths': (scim, path, body) =>
    scim.patch(path, patchOp(...leaves(body).map(([at, value]) => replaceAt(at, value)))),
};

/** The same in a place of each kind: at the top, in a complex attribute, in an element, in an extension. */
export function everywhere(name: string, value: JsonValue): readonly JsonObject[] {
  return [
    { [name]: value },
    { part: { [name]: value } },
    { items: [{ value: 'v', [name]: value }] },
    { [MORE]: { [name]: value } },
  ];
}

function replaceAt(path: string, value: JsonValue): JsonObject {
  return { op: 'replace', path, value };
}

/** Paths to what a body gives: sub-attributes of single values apart, lists whole. */
function leaves(body: JsonObject): [string, JsonValue][] {
  return Object.entries(body).flatMap(([name, value]): [string, JsonValue][] => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[name, value]];
    const separator = name === MORE ? ':' : '.';
    return Object.entries(value).map(([sub, inner]) => [`${name}${separator}${sub}`, inner]);
  });
}
