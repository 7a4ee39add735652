/**
 * What a store can be told to do. A command is decided inside the transaction that carries it out:
 * preconditions, uniqueness and PATCH are exact under concurrency. Documents and operations are
 * JSON text, because that is what crosses threads and what is stored.
 */

/** The log row of the request that a command serves; durable in the same turn as its write. */
export interface RequestLogEntry {
  /** Start of the request, milliseconds since 1970, with a fraction. */
  readonly time: number;
  readonly requestId: string;
  /** Undefined when the request named no known endpoint. */
  readonly endpointId: string | undefined;
  readonly method: string;
  /** Path with its query. */
  readonly target: string;
  readonly requestBytes: number;
  /** Answer sent, or the answer on success when the entry travels with a command. */
  readonly status: number;
  /** Undefined in an entry that travels with a command: the writer fills it. */
  readonly durationMs: number | undefined;
  /** Error detail or warning, one line. */
  readonly detail: string | undefined;
}

interface CommandBase {
  readonly endpointId: string;
  readonly log: RequestLogEntry | undefined;
}

interface ResourceCommand extends CommandBase {
  /** Resource type name: `User`. */
  readonly type: string;
  readonly id: string;
  /** Time of the request, milliseconds since 1970; becomes `meta.created`/`lastModified`. */
  readonly now: number;
}

export interface CreateCommand extends ResourceCommand {
  readonly kind: 'create';
  /** Stored form: starts with `schemas` and `id`, holds no meta, members or groups. */
  readonly document: string;
  /** Raw value of the type's nameAttribute; the store folds it. */
  readonly name: string | undefined;
  readonly externalId: string | undefined;
  /** What members and groups lists show of the resource. */
  readonly display: string;
  /** Ids, for a type with members; undefined otherwise. */
  readonly members: readonly string[] | undefined;
}

export interface ReplaceCommand extends ResourceCommand {
  readonly kind: 'replace';
  /** If-Match header as sent. */
  readonly ifMatch: string | undefined;
  readonly document: string;
  readonly name: string | undefined;
  readonly externalId: string | undefined;
  readonly display: string;
  readonly members: readonly string[] | undefined;
}

export interface PatchCommand extends ResourceCommand {
  readonly kind: 'patch';
  readonly ifMatch: string | undefined;
  /** `PatchOperation[]` as JSON text. */
  readonly operations: string;
}

export interface DeleteCommand extends ResourceCommand {
  readonly kind: 'delete';
  readonly ifMatch: string | undefined;
}

/** Fields of an endpoint an administrator may set; undefined leaves them as they are. */
export interface EndpointFields {
  readonly name: string | undefined;
  readonly displayName: string | null | undefined;
  readonly description: string | null | undefined;
  readonly config: Readonly<Record<string, unknown>> | undefined;
  readonly active: boolean | undefined;
}

export interface CreateEndpointCommand extends CommandBase {
  readonly kind: 'createEndpoint';
  readonly now: number;
  readonly fields: EndpointFields;
}

export interface UpdateEndpointCommand extends CommandBase {
  readonly kind: 'updateEndpoint';
  readonly now: number;
  readonly fields: EndpointFields;
}

export interface DeleteEndpointCommand extends CommandBase {
  readonly kind: 'deleteEndpoint';
  readonly now: number;
}

export type Command =
  | CreateCommand
  | ReplaceCommand
  | PatchCommand
  | DeleteCommand
  | CreateEndpointCommand
  | UpdateEndpointCommand
  | DeleteEndpointCommand;
