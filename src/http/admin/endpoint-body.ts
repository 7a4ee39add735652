/**
 * What an administrator may send for an endpoint. The schema says what is right; `WORDING` tells a
 * person, by field, what would be.
 */
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { JsonValue } from '../../scim/json.ts';
import { badRequest } from '../../scim/errors.ts';
import type { EndpointFields } from '../../store/commands.ts';
import { type ConfigLimits, parseEndpointConfig } from '../../store/endpoint-config.ts';
import { presetNames } from '../../store/presets.ts';
import { type BodyWording, bodyRefusal } from './body-refusal.ts';

export interface EndpointBodyChecks {
  /** @throws ScimError 400 that names the field */
  readonly forCreate: (body: JsonValue) => EndpointFields;
  /** Every field may be absent; an absent one stays as it is. @throws ScimError 400 */
  readonly forUpdate: (body: JsonValue) => EndpointFields;
}

const WORDING: BodyWording = {
  noun: 'an endpoint',
  takes: {
    name: 'takes 1 to 255 letters, digits, "_" and "-"',
    displayName: 'takes a text of up to 255 characters, or null',
    description: 'takes a text of up to 1000 characters, or null',
    preset: `takes one of ${presetNames()}`,
    config: 'takes an object of settings, with schemas and resourceTypes',
    active: 'takes true or false',
  },
  required: 'name',
};

/** Of a create and of an update. */
export function endpointSchemas() {
  const fields = {
    name: Type.String({ pattern: '^[a-zA-Z0-9_-]{1,255}$' }),
    displayName: Type.Optional(Type.Union([Type.String({ maxLength: 255 }), Type.Null()])),
    description: Type.Optional(Type.Union([Type.String({ maxLength: 1000 }), Type.Null()])),
    preset: Type.Optional(Type.String()),
    config: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    active: Type.Optional(Type.Boolean()),
    // Clients send back what they were given; these are ours to write.
    id: Type.Optional(Type.Unknown()),
    scimEndpoint: Type.Optional(Type.Unknown()),
    createdAt: Type.Optional(Type.Unknown()),
    updatedAt: Type.Optional(Type.Unknown()),
  };
  const closed = { additionalProperties: false };
  return {
    create: Type.Object(fields, closed),
    update: Type.Object({ ...fields, name: Type.Optional(fields.name) }, closed),
  };
}

/** Compiles the checks, once. */
export function compileEndpointBodyChecks(limits: ConfigLimits): EndpointBodyChecks {
  const schemas = endpointSchemas();
  const create = Compile(schemas.create);
  const update = Compile(schemas.update);
  return {
    forCreate: (body) => {
      if (!create.Check(body)) throw bodyRefusal(WORDING, body, create.Errors(body));
      return toFields(withPreset(body), limits);
    },
    forUpdate: (body) => {
      if (!update.Check(body)) throw bodyRefusal(WORDING, body, update.Errors(body));
      if (body.preset !== undefined) throw misplacedPreset();
      return toFields(body, limits);
    },
  };
}

interface EndpointBody {
  readonly name?: string;
  readonly displayName?: string | null;
  readonly description?: string | null;
  readonly preset?: string;
  readonly config?: Record<string, unknown>;
  readonly active?: boolean;
}

/** The preset stands in the config, so that the config says what it builds on. */
function withPreset(body: EndpointBody): EndpointBody {
  const { preset, config } = body;
  if (preset === undefined) return body;
  if (config !== undefined && Object.hasOwn(config, 'preset') && config['preset'] !== preset) {
    throw badRequest('invalidValue', 'preset and config.preset name two presets; give one of them');
  }
  return { ...body, config: { preset, ...config } };
}

/** Beside a config it would be clear what is meant; alone it would not: what becomes of the settings? */
function misplacedPreset(): Error {
  return badRequest('invalidValue', 'preset belongs into config here: {"config":{"preset":…}}');
}

/** @throws ScimError 400 for what is wrong in the config */
function toFields(
  { name, displayName, description, config, active }: EndpointBody,
  limits: ConfigLimits,
): EndpointFields {
  // Whether its types are new, only the writer knows.
  if (config !== undefined) parseEndpointConfig(config, limits, false);
  return { name, displayName, description, config, active };
}
