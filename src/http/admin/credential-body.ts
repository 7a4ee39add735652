/**
 * What an administrator may send for a credential. The schema says what is right; `WORDING` tells a
 * person, by field, what would be.
 */
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { parseRfc3339 } from '../../platform/rfc3339.ts';
import { badRequest } from '../../scim/errors.ts';
import type { JsonValue } from '../../scim/json.ts';
import type { CredentialFields } from '../../store/credential-commands.ts';
import { type Credential, type Scope, SCOPES } from '../../store/credential.ts';
import { type BodyWording, bodyRefusal } from './body-refusal.ts';

export interface NewCredential {
  readonly kind: Credential['kind'];
  readonly fields: CredentialFields;
}

export interface CredentialBodyChecks {
  /** @throws ScimError 400 that names the field */
  readonly forNewCredential: (body: JsonValue) => NewCredential;
  /** Every field may be absent; an absent one stays as it is. @throws ScimError 400 */
  readonly forCredential: (body: JsonValue) => CredentialFields;
  /** How long the former secret opens, in seconds; undefined: not said. @throws ScimError 400 */
  readonly forRotation: (body: JsonValue) => number | undefined;
}

const GRACE_SECONDS_MAX = 30 * 24 * 3600;

const WORDING: BodyWording = {
  noun: 'a credential',
  takes: {
    label: 'takes a text of 1 to 255 characters',
    kind: 'takes "bearer" or "client", and stays as it is',
    scopes: `takes a list of ${SCOPES.map((scope) => `"${scope}"`).join(', ')}`,
    subject: 'takes a text of 1 to 255 characters, or null',
    expiresAt: 'takes a time with its offset (2026-11-21T05:23:40Z), or null',
    active: 'takes true or false',
  },
  required: 'label',
};

const ROTATION: BodyWording = {
  noun: 'a rotation',
  takes: {
    graceSeconds: `takes whole seconds up to ${String(GRACE_SECONDS_MAX)}, which is 30 days`,
  },
  required: 'graceSeconds',
};

/** Of a create, of an update and of a rotation. */
export function credentialSchemas() {
  const text = Type.String({ minLength: 1, maxLength: 255 });
  const scope = Type.Union(SCOPES.map((name) => Type.Literal(name)));
  const fields = {
    label: text,
    scopes: Type.Optional(Type.Array(scope, { uniqueItems: true })),
    subject: Type.Optional(Type.Union([text, Type.Null()])),
    expiresAt: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    active: Type.Optional(Type.Boolean()),
    // Clients send back what they were given; these are ours to write.
    id: Type.Optional(Type.Unknown()),
    endpointId: Type.Optional(Type.Unknown()),
    secrets: Type.Optional(Type.Unknown()),
    createdAt: Type.Optional(Type.Unknown()),
    updatedAt: Type.Optional(Type.Unknown()),
    lastUsedAt: Type.Optional(Type.Unknown()),
  };
  const closed = { additionalProperties: false };
  const kind = Type.Optional(Type.Union([Type.Literal('bearer'), Type.Literal('client')]));
  return {
    create: Type.Object({ ...fields, kind }, closed),
    update: Type.Object(
      { ...fields, label: Type.Optional(text), kind: Type.Optional(Type.Unknown()) },
      closed,
    ),
    rotation: Type.Object(
      { graceSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: GRACE_SECONDS_MAX })) },
      closed,
    ),
  };
}

/** Compiles the checks, once. */
export function compileCredentialBodyChecks(): CredentialBodyChecks {
  const schemas = credentialSchemas();
  const create = Compile(schemas.create);
  const update = Compile(schemas.update);
  const rotation = Compile(schemas.rotation);
  return {
    forNewCredential: (body) => {
      if (!create.Check(body)) throw bodyRefusal(WORDING, body, create.Errors(body));
      return { kind: body.kind ?? 'bearer', fields: toFields(body) };
    },
    forCredential: (body) => {
      if (!update.Check(body)) throw bodyRefusal(WORDING, body, update.Errors(body));
      return toFields(body);
    },
    forRotation: (body) => {
      if (!rotation.Check(body)) throw bodyRefusal(ROTATION, body, rotation.Errors(body));
      return body.graceSeconds;
    },
  };
}

interface CredentialBody {
  readonly label?: string;
  readonly scopes?: readonly Scope[];
  readonly subject?: string | null;
  readonly expiresAt?: string | null;
  readonly active?: boolean;
}

/** @throws ScimError 400 for a time that is none */
function toFields({ label, scopes, subject, expiresAt, active }: CredentialBody): CredentialFields {
  return { label, scopes, subject, active, expiresAt: instantOf(expiresAt) };
}

function instantOf(text: string | null | undefined): number | null | undefined {
  if (text === null || text === undefined) return text;
  const instant = parseRfc3339(text);
  if (instant === undefined) {
    throw badRequest('invalidValue', `expiresAt ${WORDING.takes['expiresAt'] ?? ''}`);
  }
  return instant;
}
