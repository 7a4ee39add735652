/**
 * From what a client sent to the command that carries it out: the same for a single request and
 * for an operation of a bulk, so that both are validated, canonicalised and decided alike.
 */
import type { JsonValue } from '../../scim/json.ts';
import { type PatchLimits, parsePatch } from '../../scim/patch/parse.ts';
import { hashOperations, type SafeOperations } from '../../scim/patch/secrets.ts';
import { canonicalizeResource } from '../../scim/resource/canonicalize.ts';
import { hashSecrets } from '../../scim/resource/secrets.ts';
import { type StoredForm, toStored } from '../../scim/resource/stored.ts';
import type { ResourceType } from '../../scim/schema/attribute.ts';
import type {
  CreateCommand,
  DeleteCommand,
  PatchCommand,
  ReplaceCommand,
  RequestLogEntry,
} from '../../store/commands.ts';
import { type HttpLimits, filterLimits } from '../options.ts';
import type { ScimRequest } from './request.ts';

/** Which resource, and the log row that travels with the command; undefined inside a bulk. */
export interface Aim {
  readonly type: ResourceType;
  readonly id: string;
  readonly log: RequestLogEntry | undefined;
}

/** An existing resource. */
export interface ChangeAim extends Aim {
  /** As `requiredIfMatch` answers it. */
  readonly ifMatch: string | undefined;
}

/** At once, but for a body that holds secrets: they are hashed first. Nothing in clear leaves here. */
export type Made<C> = C | Promise<C>;

/** POST (RFC 7644 §3.3). @throws ScimError 400, HttpError 503 */
export function createCommand(
  request: ScimRequest,
  aim: Aim,
  body: JsonValue,
): Made<CreateCommand> {
  const { type, id, log } = aim;
  return withStored(request, aim, body, (stored) => ({
    kind: 'create',
    endpointId: request.endpoint.id,
    type: type.name,
    id,
    now: request.record.now,
    ...stored,
    log,
  }));
}

/** PUT (RFC 7644 §3.5.1). @throws ScimError 400, HttpError 503 */
export function replaceCommand(
  request: ScimRequest,
  aim: ChangeAim,
  body: JsonValue,
): Made<ReplaceCommand> {
  const { type, id, ifMatch, log } = aim;
  return withStored(request, aim, body, (stored) => ({
    kind: 'replace',
    endpointId: request.endpoint.id,
    type: type.name,
    id,
    now: request.record.now,
    ifMatch,
    ...stored,
    log,
  }));
}

/** PATCH (RFC 7644 §3.5.2): parsed here, applied in the writer. @throws ScimError 400, HttpError 503 */
export function patchCommand(
  request: ScimRequest,
  aim: ChangeAim,
  body: JsonValue,
): Made<PatchCommand> {
  const { type, id, ifMatch, log } = aim;
  const operations = parsePatch(body, type, patchLimits(request.limits), request.endpoint.settings);
  const safe = hashOperations(type, operations, request.hashSecret);
  return safe instanceof Promise ? safe.then(command) : command(safe);

  function command({ operations, needsSecrets }: SafeOperations): PatchCommand {
    return {
      kind: 'patch',
      endpointId: request.endpoint.id,
      type: type.name,
      id,
      now: request.record.now,
      ifMatch,
      operations: JSON.stringify(operations),
      needsSecrets,
      log,
    };
  }
}

/** DELETE (RFC 7644 §3.6). */
export function deleteCommand(request: ScimRequest, aim: ChangeAim): DeleteCommand {
  const { type, id, ifMatch, log } = aim;
  return {
    kind: 'delete',
    endpointId: request.endpoint.id,
    type: type.name,
    id,
    now: request.record.now,
    ifMatch,
    log,
  };
}

function withStored<C>(
  request: ScimRequest,
  { type, id }: Aim,
  body: JsonValue,
  make: (stored: StoredForm) => C,
): Made<C> {
  const canonical = canonicalizeResource(type, body, request.tenant.canonicalize);
  const hashed = hashSecrets(type, canonical, request.hashSecret);
  return hashed === undefined
    ? make(toStored(type, id, canonical))
    : hashed.then((safe) => make(toStored(type, id, safe)));
}

function patchLimits(limits: HttpLimits): PatchLimits {
  return { ...filterLimits(limits), maxOperations: limits.patchOperations };
}
