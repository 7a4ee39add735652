/**
 * What a store can be told to do. A command is decided inside the transaction that carries it out:
 * preconditions, uniqueness and PATCH are exact under concurrency. Documents and operations are
 * JSON text, because that is what crosses threads and what is stored.
 */
import type { IndexKeys } from '../scim/resource/index-keys.ts';
import type { Secrets } from '../scim/resource/secrets.ts';
import type { CredentialCommand } from './credential-commands.ts';

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
  /** Error detail or warning, one line. With a command: what is told in place of any. */
  readonly detail: string | undefined;
  /** `operator` for the shared secret; undefined when nobody was recognised. */
  readonly credentialId?: string | undefined;
  readonly userAgent?: string | undefined;
  /** Of the client, or of the proxy before it. */
  readonly address?: string | undefined;
  /**
   * Whom it was about: userName, displayName or externalId. With a command it is what is told in
   * its place, and the resource stays undefined: the writer takes both from the command.
   */
  readonly who?: string | undefined;
  /** Name of the resource type. */
  readonly resourceType?: string | undefined;
  readonly resourceId?: string | undefined;
  /** From the start of the request until the writer took its command. */
  readonly queueMs?: number | undefined;
  /** From there until the command was durable, with all others of its batch. */
  readonly commitMs?: number | undefined;
  /** Undefined with a command: its content has it. */
  readonly responseBytes?: number | undefined;
  /** Names the `RequestContent` that follows, once in the life of the process; undefined: none does. */
  readonly contentKey?: number | undefined;
}

export interface CommandBase {
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
  /** Hashes, never clear text; undefined or '' for none. */
  readonly secrets: Secrets | undefined;
  /** Of the document; who has none, or others, makes them from it. */
  readonly indexKeys?: IndexKeys | undefined;
  /** `meta.created` of a resource that comes from elsewhere; undefined: `now`. */
  readonly created?: number | undefined;
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
  /** Hashes; '' takes one away, and what is not named stays: no client can send it back. */
  readonly secrets: Secrets | undefined;
  /** As in CreateCommand. */
  readonly indexKeys?: IndexKeys | undefined;
}

export interface PatchCommand extends ResourceCommand {
  readonly kind: 'patch';
  readonly ifMatch: string | undefined;
  /** `PatchOperation[]` as JSON text, hashes in the place of secrets. */
  readonly operations: string;
  /** Whether they are applied to the resource with its secrets: see `hashOperations`. */
  readonly needsSecrets: boolean;
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
  /** As in CreateCommand. */
  readonly created?: number | undefined;
  readonly fields: EndpointFields;
}

/** What came of looking whether all stored resources fit new schemas. */
export interface Verdict {
  /** Which does not, and why; undefined when all do. */
  readonly misfit: string | undefined;
}

export interface UpdateEndpointCommand extends CommandBase {
  readonly kind: 'updateEndpoint';
  readonly now: number;
  /** `config` takes the place of the present one, of which only the preset stays. */
  readonly fields: EndpointFields;
  /** For the inside of an engine, which looks at stored resources by itself. */
  readonly verdict?: Verdict;
}

export interface DeleteEndpointCommand extends CommandBase {
  readonly kind: 'deleteEndpoint';
  readonly now: number;
}

/** A command on one resource. */
export type ResourceWrite = CreateCommand | ReplaceCommand | PatchCommand | DeleteCommand;

export type EndpointCommand = CreateEndpointCommand | UpdateEndpointCommand | DeleteEndpointCommand;

export type Command = ResourceWrite | EndpointCommand | CredentialCommand;

export function isResourceWrite({ kind }: Command): boolean {
  return kind === 'create' || kind === 'replace' || kind === 'patch' || kind === 'delete';
}

export function isCredentialCommand(command: Command): command is CredentialCommand {
  return 'credentialId' in command;
}

/** One operation of a bulk request (RFC 7644 §3.7). */
export interface BulkOperation {
  /** Its place in the request, from 0. */
  readonly position: number;
  /** Without a log row. Undefined: it was found wrong before it came here, and counts as a failure. */
  readonly command: ResourceWrite | undefined;
  /** Carried out when every command of the unit has been: it adds members that had to exist first. */
  readonly afterwards: PatchCommand | undefined;
  /** Positions of earlier operations; if one of them failed, this one fails untried. */
  readonly needs: readonly number[];
}

/** Done whole or not at all: nearly always one operation; several refer to each other in a circle. */
export type BulkUnit = readonly BulkOperation[];

/**
 * Many commands of one endpoint, each with its own outcome. It is no transaction: commands of others
 * may come in between, and what was done stays when something later fails.
 */
export interface BulkCommand extends CommandBase {
  readonly kind: 'bulk';
  /** How many operations the units hold together. */
  readonly count: number;
  /** In the order of carrying out. Asked for as the work goes on, so that making them overlaps it. */
  readonly units: Iterable<BulkUnit> | AsyncIterable<BulkUnit>;
  /** After so many failures no further unit is begun; undefined: all are. */
  readonly failOnErrors: number | undefined;
}
