/**
 * What an administrator may send for an endpoint. The schema says what is right; `TAKES` tells a
 * person, by field, what would be.
 */
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { badRequest } from '../../scim/errors.ts';
import type { JsonValue } from '../../scim/json.ts';
import type { EndpointFields } from '../../store/commands.ts';
import { parseSettings } from '../../store/settings.ts';

export interface EndpointBodyChecks {
  /** @throws ScimError 400 that names the field */
  readonly forCreate: (body: JsonValue) => EndpointFields;
  /** Every field may be absent; an absent one stays as it is. @throws ScimError 400 */
  readonly forUpdate: (body: JsonValue) => EndpointFields;
}

const TAKES: Readonly<Record<string, string>> = {
  name: 'takes 1 to 255 letters, digits, "_" and "-"',
  displayName: 'takes a text of up to 255 characters, or null',
  description: 'takes a text of up to 1000 characters, or null',
  config: 'takes an object of settings',
  active: 'takes true or false',
};

/** Compiles the checks, once at start. */
export function compileEndpointBodyChecks(): EndpointBodyChecks {
  const fields = {
    name: Type.String({ pattern: '^[a-zA-Z0-9_-]{1,255}$' }),
    displayName: Type.Optional(Type.Union([Type.String({ maxLength: 255 }), Type.Null()])),
    description: Type.Optional(Type.Union([Type.String({ maxLength: 1000 }), Type.Null()])),
    config: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    active: Type.Optional(Type.Boolean()),
    // Clients send back what they were given; these are ours to write.
    id: Type.Optional(Type.Unknown()),
    scimEndpoint: Type.Optional(Type.Unknown()),
    createdAt: Type.Optional(Type.Unknown()),
    updatedAt: Type.Optional(Type.Unknown()),
  };
  const closed = { additionalProperties: false };
  const create = Compile(Type.Object(fields, closed));
  const update = Compile(Type.Object({ ...fields, name: Type.Optional(fields.name) }, closed));
  return {
    forCreate: (body) => {
      if (!create.Check(body)) throw refusal(body, create.Errors(body));
      return toFields(body);
    },
    forUpdate: (body) => {
      if (!update.Check(body)) throw refusal(body, update.Errors(body));
      return toFields(body);
    },
  };
}

interface EndpointBody {
  readonly name?: string;
  readonly displayName?: string | null;
  readonly description?: string | null;
  readonly config?: Record<string, unknown>;
  readonly active?: boolean;
}

/** @throws ScimError 400 for a setting that is unknown or ill-typed */
function toFields({
  name,
  displayName,
  description,
  config,
  active,
}: EndpointBody): EndpointFields {
  if (config !== undefined) parseSettings(config);
  return { name, displayName, description, config, active };
}

interface CheckError {
  readonly keyword: string;
  readonly instancePath: string;
}

/** Names the first field at fault. */
function refusal(body: JsonValue, errors: readonly CheckError[]): Error {
  const [first] = errors;
  const field = first?.instancePath.split('/')[1];
  if (field !== undefined && Object.hasOwn(TAKES, field)) {
    return badRequest('invalidValue', `${field} ${TAKES[field] ?? ''}`);
  }
  if (field !== undefined) {
    const known = Object.keys(TAKES).join(', ');
    const shown = JSON.stringify(field.slice(0, 64));
    return badRequest('invalidValue', `${shown} is no field of an endpoint; it has ${known}`);
  }
  if (first?.keyword === 'required') {
    return badRequest('invalidValue', `name is required; it ${TAKES['name'] ?? ''}`);
  }
  const kind = Array.isArray(body) ? 'array' : typeof body;
  return badRequest('invalidSyntax', `the body takes a JSON object, not ${kind}`);
}
