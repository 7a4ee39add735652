/**
 * Holds what the server answers against the model. `meta` is learnt on the way: a version is new if
 * and only if the resource has changed, and so is the time of the last change.
 */
import { isDeepStrictEqual } from 'node:util';
import { isObject, type JsonObject, type JsonValue } from '../../src/scim/json.ts';
import type { Answer } from '../support/answer.ts';
import { without } from './user-document.ts';
import { byValue, type Resource, type World } from './world.ts';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** @throws Error with both, when they differ */
export function same(what: string, actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(
    `${what}\nis       ${JSON.stringify(actual)}\nexpected ${JSON.stringify(expected)}`,
  );
}

/** @throws Error when the answer is another refusal, or none */
export function refused(answer: Answer, status: number, scimType?: string): void {
  same('status', answer.status, status);
  same('scimType', answer.body['scimType'], scimType);
}

/** The resource whole, with its meta. */
export function sameResource(world: World, body: JsonObject, resource: Resource): void {
  const { meta, ...rest } = body;
  same('the resource', comparable(rest, resource), world.shown(resource));
  sameMeta(world, meta, resource);
}

/** Some attributes of it, as asked for. */
export function sameProjection(body: JsonObject, resource: Resource, expected: JsonObject): void {
  same('the projection', comparable(body, resource), expected);
}

/** A version that an answer has told, of a resource that is as the model says. */
export function noteVersion(resource: Resource, version: JsonValue | undefined): void {
  if (resource.isShared) return;
  if (typeof version !== 'string') throw new Error(`no version: ${JSON.stringify(version)}`);
  const { told, versions } = resource;
  if (told.version === undefined) {
    if (versions.has(version))
      throw new Error(`it has changed, but its version is still ${version}`);
    versions.add(version);
    told.version = version;
  }
  same('the version of what has not changed', version, told.version);
}

function sameMeta(world: World, meta: JsonValue | undefined, resource: Resource): void {
  if (!isObject(meta)) throw new Error(`no meta: ${JSON.stringify(meta)}`);
  const { created, lastModified, version, ...rest } = meta;
  same('meta', rest, { resourceType: resource.type, location: world.locationOf(resource) });
  noteVersion(resource, version);
  if (resource.isShared) return;
  const { told } = resource;
  told.created ??= instant(created);
  same('created', created, told.created);
  told.lastModified ??= instant(lastModified);
  same('lastModified of what has not changed', lastModified, told.lastModified);
  if (told.lastModified < told.created) throw new Error('it was changed before it was created');
}

function instant(value: JsonValue | undefined): string {
  if (typeof value === 'string' && INSTANT.test(value)) return value;
  throw new Error(`no instant: ${JSON.stringify(value)}`);
}

/** Links in the order of ids; of a shared group only those members that the model knows. */
function comparable(body: JsonObject, { type, isShared, members }: Resource): JsonObject {
  const name = type === 'User' ? 'groups' : 'members';
  const links = body[name];
  if (!Array.isArray(links)) return body;
  const sorted = byValue(links);
  if (!isShared) return { ...body, [name]: sorted };
  const own = sorted.filter(({ value }) => typeof value === 'string' && members.has(value));
  const rest = without(body, name);
  return own.length === 0 ? rest : { ...rest, [name]: own };
}
