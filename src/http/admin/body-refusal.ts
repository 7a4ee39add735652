/** Turns what a schema found wrong with a body into one line that tells a person what would be right. */
import { badRequest } from '../../scim/errors.ts';
import type { JsonValue } from '../../scim/json.ts';

/** What a person is told of a kind of body. */
export interface BodyWording {
  /** `an endpoint`. */
  readonly noun: string;
  /** By field, completing "name …": `takes true or false`. */
  readonly takes: Readonly<Record<string, string>>;
  /** The field that cannot be missing. */
  readonly required: string;
}

/** What TypeBox reports. */
export interface CheckError {
  readonly keyword: string;
  readonly instancePath: string;
}

/** Names the first field at fault. */
export function bodyRefusal(
  { noun, takes, required }: BodyWording,
  body: JsonValue,
  errors: readonly CheckError[],
): Error {
  const [first] = errors;
  const field = first?.instancePath.split('/')[1];
  if (field !== undefined && Object.hasOwn(takes, field)) {
    return badRequest('invalidValue', `${field} ${takes[field] ?? ''}`);
  }
  if (field !== undefined) {
    const known = Object.keys(takes).join(', ');
    const shown = JSON.stringify(field.slice(0, 64));
    return badRequest('invalidValue', `${shown} is no field of ${noun}; it has ${known}`);
  }
  if (first?.keyword === 'required') {
    return badRequest('invalidValue', `${required} is required; it ${takes[required] ?? ''}`);
  }
  const kind = Array.isArray(body) ? 'array' : typeof body;
  return badRequest('invalidSyntax', `the body takes a JSON object, not ${kind}`);
}
