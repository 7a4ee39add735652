/**
 * Commands on endpoints (tenants). A deleted endpoint is gone for everyone at once; its resources
 * are purged afterwards, in slices, so that no tenant's size ever holds up the writer. For the same
 * reason the writer never looks whether stored resources fit new schemas: it only knows whether
 * somebody who did look would still see the same.
 */
import { LIMITS } from '../platform/limits.ts';
import { badRequest, notFound, ScimError, uniquenessConflict } from '../scim/errors.ts';
import { parseStoredConfig } from '../sqlite/stored-config.ts';
import type { AttributeIndexTable } from '../sqlite/tables/attribute-indexes.ts';
import type { CredentialTable } from '../sqlite/tables/credentials.ts';
import type { EndpointRow, EndpointTable } from '../sqlite/tables/endpoints.ts';
import type { GarbageTable } from '../sqlite/tables/garbage.ts';
import type {
  CreateEndpointCommand,
  EndpointCommand,
  UpdateEndpointCommand,
} from '../store/commands.ts';
import {
  type Config,
  configChanges,
  parseEndpointConfig,
  replaceConfig,
} from '../store/endpoint-config.ts';
import { StoreError } from '../store/results.ts';
import type { Applied } from './apply-command.ts';
import { EndpointWatches } from './endpoint-watches.ts';
import { dropIndexes, reconcileIndexes } from './index-reconcile.ts';
import type { Tenants } from './tenants.ts';

/** The tables that commands on endpoints change. */
interface EndpointTables {
  readonly endpoints: EndpointTable;
  readonly garbage: GarbageTable;
  readonly indexes: AttributeIndexTable;
  readonly credentials: CredentialTable;
}

export class EndpointCommandApplier {
  readonly #endpoints: EndpointTable;
  readonly #tables: EndpointTables;
  readonly #tenants: Tenants;
  readonly #nextChange: () => number;
  readonly #watches = new EndpointWatches();

  /** @param nextChange draws from the change sequence of the running transaction */
  constructor(tables: EndpointTables, tenants: Tenants, nextChange: () => number) {
    this.#endpoints = tables.endpoints;
    this.#tables = tables;
    this.#tenants = tenants;
    this.#nextChange = nextChange;
  }

  /**
   * @throws ScimError 400 for a taken name (as the earlier SCIMServer answered), 404 for an unknown
   *   id, 409 for an id that a deleted one still has, and for schemas that stored resources do not fit; StoreError `contended` when somebody has
   *   to look at these first
   */
  apply(command: EndpointCommand): Applied {
    // Forgotten even if the command fails or is rolled back: the next reader reads afresh.
    this.#tenants.forget(command.endpointId);
    this.#carryOut(command);
    return {
      result: {
        created: command.kind === 'createEndpoint' ? (command.created ?? command.now) : command.now,
        lastModified: command.now,
        version: this.#nextChange(),
        changed: true,
        document: undefined,
      },
      warning: undefined,
    };
  }

  /** Something of the endpoint has changed: who is looking at its resources must look again. */
  noteChange(endpointId: string): void {
    this.#watches.note(endpointId);
  }

  #carryOut(command: EndpointCommand): void {
    switch (command.kind) {
      case 'createEndpoint':
        this.#create(command);
        return;
      case 'updateEndpoint':
        this.#update(command);
        return;
      case 'deleteEndpoint': {
        const { row } = this.#living(command.endpointId);
        this.#endpoints.markDeleted(row);
        dropIndexes(this.#tables, row);
        this.#tables.credentials.removeOf(row);
        this.#tables.garbage.add('endpoint', row);
        this.#watches.end(command.endpointId);
      }
    }
  }

  #create({ endpointId, now, created, fields }: CreateEndpointCommand): void {
    const { name, displayName, description, config = {}, active } = fields;
    if (name === undefined) throw badRequest('invalidValue', 'name is required');
    this.#checkName(name);
    this.#checkId(endpointId);
    parseEndpointConfig(config, LIMITS);
    this.#endpoints.insert({
      id: endpointId,
      name,
      display_name: displayName ?? null,
      description: description ?? null,
      config: configText(config),
      active: active === false ? 0 : 1,
      created_at: created ?? now,
      updated_at: now,
    });
    this.#reconcile(endpointId);
  }

  #update(command: UpdateEndpointCommand): void {
    const current = this.#living(command.endpointId);
    const { name, displayName, description, active } = command.fields;
    if (name !== undefined && name !== current.name) this.#checkName(name);
    this.#endpoints.update({
      ...current,
      name: name ?? current.name,
      display_name: displayName === undefined ? current.display_name : displayName,
      description: description === undefined ? current.description : description,
      config: this.#nextConfig(command, current.config),
      active: active === undefined ? current.active : Number(active),
      updated_at: command.now,
    });
    if (command.fields.config !== undefined) this.#reconcile(command.endpointId);
  }

  #reconcile(endpointId: string): void {
    const { row, registry } = this.#tenants.get(endpointId);
    reconcileIndexes(this.#tables, row, registry);
    // Its indexes were read before there were any.
    this.#tenants.forget(endpointId);
  }

  /** As text. What is stored is parsed at every start: a config that cannot be must never get there. */
  #nextConfig({ endpointId, fields, verdict }: UpdateEndpointCommand, current: string): string {
    if (fields.config === undefined) return current;
    const before = parseStoredConfig(current);
    const after = replaceConfig(before, fields.config);
    if (configChanges(before, after, LIMITS).length > 0) {
      if (verdict === undefined || !this.#watches.undisturbed(endpointId)) {
        this.#watches.begin(endpointId);
        throw new StoreError('contended', 'stored resources must be looked at first');
      }
      this.#watches.end(endpointId);
      if (verdict.misfit !== undefined) throw new ScimError(409, verdict.misfit);
    }
    return configText(after);
  }

  #checkName(name: string): void {
    if (this.#endpoints.byName(name) !== undefined) {
      throw badRequest('uniqueness', `name: another endpoint is called ${JSON.stringify(name)}`);
    }
  }

  /** An import brings ids of its own. */
  #checkId(id: string): void {
    if (!this.#endpoints.hasId(id)) return;
    throw uniquenessConflict(
      this.#endpoints.byId(id) === undefined
        ? `id: a deleted endpoint had ${JSON.stringify(id)}, and is being purged, try again`
        : `id: another endpoint has ${JSON.stringify(id)}`,
    );
  }

  #living(id: string): EndpointRow {
    const row = this.#endpoints.byId(id);
    if (row === undefined) throw notFound(`no endpoint has the id ${JSON.stringify(id)}`);
    return row;
  }
}

function configText(config: Config): string {
  const text = JSON.stringify(config);
  if (text.length <= LIMITS.endpointConfigLength) return text;
  throw new ScimError(
    413,
    `config has ${text.length} characters; at most ${LIMITS.endpointConfigLength} are kept`,
  );
}
