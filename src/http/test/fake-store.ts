/**
 * A store in memory for the tests of http: enough of the port's behaviour to see what http asks of
 * it and what it makes of the answers. Writes can be held back or made to fail.
 */
import { notFound, preconditionFailed, uniquenessConflict } from '../../scim/errors.ts';
import type { JsonObject } from '../../scim/json.ts';
import type { PatchOperation } from '../../scim/patch/operation.ts';
import { entityTag, linksText } from '../../scim/resource/rendered.ts';
import {
  isCredentialCommand,
  type BulkCommand,
  type Command,
  type EndpointCommand,
  type RequestLogEntry,
} from '../../store/commands.ts';
import type { Credential } from '../../store/credential.ts';
import type { Endpoint } from '../../store/endpoint.ts';
import type { RequestContent } from '../../store/request-content.ts';
import type { Caller, GetQuery, PageStart, SearchQuery } from '../../store/queries.ts';
import type { Run, RunChange } from '../../store/request-logs.ts';
import type {
  BulkOutcome,
  BulkResult,
  EndpointStats,
  SearchResult,
  StoredResource,
  WriteResult,
} from '../../store/results.ts';
import { parseEndpointConfig } from '../../store/endpoint-config.ts';
import type { Store } from '../../store/store.ts';
import { FakeCredentials } from './fake-credentials.ts';

interface Row {
  readonly id: string;
  readonly endpointId: string;
  readonly type: string;
  readonly name: string | undefined;
  readonly members: readonly string[];
  readonly document: string;
  readonly created: number;
  readonly lastModified: number;
  readonly version: number;
}

type ResourceWrite = Extract<Command, { type: string }>;

export class FakeStore implements Store {
  readonly commands: Command[] = [];
  readonly bulks: BulkCommand[] = [];
  /** How a bulk ends early, after so many units. */
  interruption: { readonly afterUnits: number; readonly error: Error } | undefined;
  readonly gets: GetQuery[] = [];
  readonly searches: SearchQuery[] = [];
  /** Who asked for them. */
  readonly callers: (Caller | undefined)[] = [];
  /** What happens meanwhile. */
  onSearch: () => void = () => undefined;
  readonly explained: { readonly query: SearchQuery; readonly values: string }[] = [];
  /** Rows that http handed over itself. */
  readonly logged: RequestLogEntry[] = [];
  readonly contents: RequestContent[] = [];
  /** Endpoints whose log was cleared. */
  readonly cleared: (string | undefined)[] = [];
  readonly runChanges: RunChange[] = [];
  /** Awaited before a write is carried out. */
  gate: Promise<void> = Promise.resolve();
  /** Thrown by the next write instead of carrying it out. */
  failWriteWith: Error | undefined;
  /** Thrown by every read. */
  failReadWith: Error | undefined;
  readonly fakeCredentials = new FakeCredentials();
  readonly #rows = new Map<string, Row>();
  readonly #endpoints = new Map<string, Endpoint>();
  #version = 0;

  constructor() {
    this.addEndpoint({ id: '0190-default', name: 'default' });
  }

  addEndpoint(fields: Partial<Endpoint> & { id: string; name: string }): Endpoint {
    const config = fields.config ?? {};
    const endpoint: Endpoint = {
      displayName: null,
      description: null,
      active: true,
      createdAt: 0,
      updatedAt: 0,
      ...fields,
      config,
      ...parseEndpointConfig(config),
    };
    this.#endpoints.set(endpoint.id, endpoint);
    return endpoint;
  }

  async write(command: Command): Promise<WriteResult> {
    this.commands.push(command);
    await this.gate;
    const failure = this.failWriteWith;
    this.failWriteWith = undefined;
    if (failure !== undefined) throw failure;
    if (isCredentialCommand(command)) return this.fakeCredentials.write(command);
    return 'type' in command ? this.#writeResource(command) : this.#writeEndpoint(command);
  }

  /** Operations in their order; of circles and failed needs it knows nothing. */
  async writeBulk(command: BulkCommand): Promise<BulkResult> {
    this.bulks.push(command);
    const outcomes = new Map<number, BulkOutcome>();
    let units = 0;
    for await (const unit of command.units) {
      if (units === this.interruption?.afterUnits) {
        return { outcomes, interrupted: this.interruption.error };
      }
      units += 1;
      for (const operation of unit) {
        outcomes.set(operation.position, await this.#writeOperation(operation.command));
      }
    }
    return { outcomes, interrupted: undefined };
  }

  async get(query: GetQuery): Promise<StoredResource | undefined> {
    this.gets.push(query);
    await Promise.resolve();
    if (this.failReadWith !== undefined) throw this.failReadWith;
    const row = this.#rows.get(query.id);
    const found = row?.type === query.type && row.endpointId === query.endpointId;
    return found ? this.#stored(row, query.links?.base) : undefined;
  }

  async explain(query: SearchQuery, values: 'shown' | 'hidden'): Promise<JsonObject> {
    this.explained.push({ query, values });
    await Promise.resolve();
    return { plan: values };
  }

  async search(query: SearchQuery, caller?: Caller): Promise<SearchResult> {
    this.searches.push(query);
    this.callers.push(caller);
    this.onSearch();
    await Promise.resolve();
    if (this.failReadWith !== undefined) throw this.failReadWith;
    const all = [...this.#rows.values()];
    const rows = query.types.flatMap(({ name }) => all.filter((row) => row.type === name));
    const from = firstOf(query.start, rows);
    const page = rows.slice(from, from + query.count);
    const last = page.at(-1);
    const byCursor = query.start.by === 'cursor';
    const isLast = last === undefined || last === rows.at(-1);
    const linked = new Set(query.types.filter(({ links }) => links).map(({ name }) => name));
    return {
      totalResults: rows.length,
      resources: page.map((row) =>
        this.#stored(row, linked.has(row.type) ? query.base : undefined),
      ),
      next:
        byCursor && !isLast
          ? { backwards: false, position: { type: last.type, id: last.id, key: undefined } }
          : undefined,
      previous: undefined,
    };
  }

  endpoint(idOrName: string): Endpoint | undefined {
    return this.#endpoints.get(idOrName) ?? this.endpoints().find((each) => each.name === idOrName);
  }

  endpoints(): readonly Endpoint[] {
    return [...this.#endpoints.values()];
  }

  credential(id: string): Credential | undefined {
    return this.fakeCredentials.byId.get(id);
  }

  credentials(endpointId: string): readonly Credential[] {
    return this.fakeCredentials.of(endpointId);
  }

  async endpointStats(endpointId: string): Promise<EndpointStats> {
    await Promise.resolve();
    const rows = [...this.#rows.values()].filter((row) => row.endpointId === endpointId);
    const count = (type: string): number => rows.filter((row) => row.type === type).length;
    const memberships = rows.reduce((sum, row) => sum + row.members.length, 0);
    return { resources: { User: count('User'), Group: count('Group') }, memberships };
  }

  log(entry: RequestLogEntry): void {
    this.logged.push(entry);
  }

  logContent(content: RequestContent): void {
    const { requestBody, responseBody } = content;
    this.contents.push({
      ...content,
      requestBody: requestBody && Buffer.from(requestBody).toString(),
      responseBody: responseBody && Buffer.from(responseBody).toString(),
    });
  }

  async clearLog(endpointId: string | undefined): Promise<void> {
    this.cleared.push(endpointId);
    await Promise.resolve();
  }

  async changeRun(change: RunChange): Promise<Run | undefined> {
    this.runChanges.push(change);
    await Promise.resolve();
    return undefined;
  }

  async ping(): Promise<void> {
    await Promise.resolve();
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }

  async #writeOperation(command: Command | undefined): Promise<BulkOutcome> {
    if (command === undefined) return { kind: 'wrong' };
    try {
      return { kind: 'done', result: await this.write(command) };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return { kind: 'failed', error };
    }
  }

  #writeResource(command: ResourceWrite): WriteResult {
    const current = this.#rows.get(command.id);
    if (command.kind === 'create') return this.#put(command, command.document, undefined);
    if (current === undefined) throw notFound(`no ${command.type} has the id ${command.id}`);
    const { ifMatch } = command;
    if (ifMatch !== undefined && ifMatch !== entityTag(current.version)) {
      throw preconditionFailed('the resource has changed');
    }
    switch (command.kind) {
      case 'replace':
        return this.#put(command, command.document, current);
      case 'patch':
        return this.#put(command, patched(current.document, command.operations), current);
      case 'delete':
        this.#rows.delete(command.id);
        return { ...current, changed: true, document: undefined, sequence: current.version };
    }
  }

  #put(
    command: Exclude<ResourceWrite, { kind: 'delete' }>,
    document: string,
    current: Row | undefined,
  ): WriteResult {
    const name = 'name' in command ? command.name : current?.name;
    for (const row of this.#rows.values()) {
      const taken = row.type === command.type && row.name === name && row.id !== command.id;
      if (taken && name !== undefined) throw uniquenessConflict(`${name} is taken`);
    }
    this.#version += 1;
    const row: Row = {
      id: command.id,
      endpointId: command.endpointId,
      type: command.type,
      name,
      members: ('members' in command ? command.members : undefined) ?? current?.members ?? [],
      document,
      created: current?.created ?? command.now,
      lastModified: command.now,
      version: this.#version,
    };
    this.#rows.set(row.id, row);
    const { created, lastModified, version } = row;
    const isPatch = command.kind === 'patch';
    return {
      created,
      lastModified,
      version,
      changed: true,
      document: isPatch ? document : undefined,
      sequence: version,
    };
  }

  #writeEndpoint(command: EndpointCommand): WriteResult {
    const { endpointId: id, now } = command;
    if (command.kind === 'deleteEndpoint') this.#endpoints.delete(id);
    else {
      const current = this.#endpoints.get(id);
      const { name, displayName, description, config, active } = command.fields;
      this.addEndpoint({
        id,
        name: name ?? current?.name ?? '',
        displayName: displayName === undefined ? (current?.displayName ?? null) : displayName,
        description: description === undefined ? (current?.description ?? null) : description,
        config: config ?? current?.config ?? {},
        active: active ?? current?.active ?? true,
        createdAt: current?.createdAt ?? now,
        updatedAt: now,
      });
    }
    const rest = { changed: true, document: undefined, sequence: 1 };
    return { created: now, lastModified: now, version: 1, ...rest };
  }

  #stored(row: Row, base: string | undefined): StoredResource {
    const { id, type, document, created, lastModified, version } = row;
    const links = base === undefined ? undefined : linksText(this.#links(row), base);
    return { id, type, document: Buffer.from(document), created, lastModified, version, links };
  }

  #links(row: Row): { value: string; type: string; display: string; endpoint: string }[] {
    if (row.type === 'Group') {
      return row.members.map((value) => ({ value, type: 'User', display: 'm', endpoint: 'Users' }));
    }
    return [...this.#rows.values()]
      .filter((group) => group.members.includes(row.id))
      .map(({ id }) => ({ value: id, type: 'direct', display: 'g', endpoint: 'Groups' }));
  }
}

function firstOf(start: PageStart, rows: readonly Row[]): number {
  if (start.by === 'index') return start.startIndex - 1;
  const { position } = start.place;
  return position === undefined ? 0 : rows.findIndex(({ id }) => id === position.id) + 1;
}

/** Whole simple attributes only: what PATCH does is not http's to test. */
function patched(document: string, operations: string): string {
  const result = JSON.parse(document) as JsonObject;
  for (const { path, value } of JSON.parse(operations) as PatchOperation[]) {
    if (value !== undefined) result[path.attribute] = value;
  }
  return JSON.stringify(result);
}
