/**
 * Carries out one command inside the writer's transaction. Whoever calls undoes what a throw here
 * leaves behind, and asks `wrote` whether that may be anything. Preconditions, uniqueness and PATCH
 * are decided here and nowhere else, so that they are exact under any concurrency.
 */
import { notFound, preconditionFailed } from '../scim/errors.ts';
import { applyPatch } from '../scim/patch/apply.ts';
import { decodeOperations } from './decode-operations.ts';
import { checkImmutable } from '../scim/resource/immutable.ts';
import type { JsonObject } from '../scim/json.ts';
import { ifMatchHolds } from '../scim/resource/precondition.ts';
import { withSecrets } from '../scim/resource/secrets.ts';
import { toStored, type StoredForm } from '../scim/resource/stored.ts';
import type { ResourceType } from '../scim/schema/attribute.ts';
import type { Connection } from '../sqlite/open.ts';
import { AttributeIndexTable } from '../sqlite/tables/attribute-indexes.ts';
import { AttributeKeyTable } from '../sqlite/tables/attribute-keys.ts';
import { CredentialTable } from '../sqlite/tables/credentials.ts';
import { EndpointTable } from '../sqlite/tables/endpoints.ts';
import { GarbageTable } from '../sqlite/tables/garbage.ts';
import { ListTable } from '../sqlite/tables/lists.ts';
import { MemberTable } from '../sqlite/tables/members.ts';
import { ResourceTable, type ResourceRow } from '../sqlite/tables/resources.ts';
import {
  isCredentialCommand,
  isResourceWrite,
  type Command,
  type CreateCommand,
  type DeleteCommand,
  type PatchCommand,
  type ReplaceCommand,
} from '../store/commands.ts';
import type { CredentialCommand } from '../store/credential-commands.ts';
import type { WriteResult } from '../store/results.ts';
import { CredentialCommandApplier } from './apply-credential-command.ts';
import { EndpointCommandApplier } from './apply-endpoint-command.ts';
import { BesideDocument } from './beside-document.ts';
import { IndexBuilder, type SliceBounds } from './index-build.ts';
import type { KeyedDocument } from './index-upkeep.ts';
import { GroupMembership, ignoredWarning } from './membership.ts';
import { purgeMembers, purgeSlice, type PurgedTables } from './purge.ts';
import { checkCount, checkExternalId, checkSize, unique } from './refusals.ts';
import { changed, parseDocument, sameDocument, unchanged } from './stored-document.ts';
import { Tenants, typeOf, type Tenant } from './tenants.ts';

/** A result whose transaction has no sequence yet. */
export type AppliedResult = Omit<WriteResult, 'sequence'>;

/** A result, and what the request log should say beside it. */
export interface Applied {
  readonly result: AppliedResult;
  readonly warning: string | undefined;
  /** Whom a PATCH or DELETE was about, for the log. */
  readonly about?: string | undefined;
}

export class CommandApplier {
  readonly #resources: ResourceTable;
  readonly #lists: ListTable;
  readonly #members: MemberTable;
  readonly #beside: BesideDocument;
  readonly #tables: PurgedTables;
  readonly #tenants: Tenants;
  readonly #endpointCommands: EndpointCommandApplier;
  readonly #credentialCommands: CredentialCommandApplier;
  readonly #builder: IndexBuilder;
  readonly #nextChange: () => number;
  #wrote = false;

  /** @param nextChange draws from the change sequence of the running transaction */
  constructor(db: Connection, nextChange: () => number) {
    this.#resources = new ResourceTable(db);
    this.#lists = new ListTable(db);
    this.#members = new MemberTable(db);
    const keys = new AttributeKeyTable(db);
    this.#beside = new BesideDocument(db, keys);
    const tables = {
      endpoints: new EndpointTable(db),
      resources: this.#resources,
      members: this.#members,
      beside: this.#beside,
      indexes: new AttributeIndexTable(db),
      keys,
      garbage: new GarbageTable(db),
      credentials: new CredentialTable(db),
    };
    this.#tables = tables;
    this.#tenants = new Tenants(tables.endpoints, tables.indexes);
    this.#endpointCommands = new EndpointCommandApplier(tables, this.#tenants, nextChange);
    this.#credentialCommands = new CredentialCommandApplier(tables, nextChange);
    this.#builder = new IndexBuilder(db, tables, this.#tenants);
    this.#nextChange = nextChange;
  }

  /**
   * Whether the last command has written, or may have: then a throw has left something in the
   * transaction. A statement that fails leaves nothing of its own, which SQLite sees to.
   */
  get wrote(): boolean {
    return this.#wrote;
  }

  /** @throws ScimError; StoreError `contended`; SqliteError when the engine fails */
  apply(command: Command): Applied {
    this.#wrote = !isResourceWrite(command);
    if (isCredentialCommand(command)) return this.#credentialCommands.apply(command);
    const applied = this.#applied(command);
    if (applied.result.changed) this.#endpointCommands.noteChange(command.endpointId);
    return applied;
  }

  #applied(command: Exclude<Command, CredentialCommand>): Applied {
    switch (command.kind) {
      case 'create':
        return this.#create(command);
      case 'replace':
        return this.#replace(command);
      case 'patch':
        return this.#patch(command);
      case 'delete':
        return this.#delete(command);
      case 'createEndpoint':
      case 'updateEndpoint':
      case 'deleteEndpoint':
        return this.#endpointCommands.apply(command);
    }
  }

  /** A transaction was rolled back. Tenants that it cannot have changed need not be compiled again. */
  rolledBack(endpoints: 'as they were' | 'changed'): void {
    if (endpoints === 'changed') this.#tenants.forgetAll();
    this.#lists.rolledBack();
  }

  /**
   * Gives a bounded slice of resources their keys in indexes that are new.
   * @returns whether it wrote anything; then there may be more
   */
  buildSlice(bounds: SliceBounds): boolean {
    return this.#builder.build(bounds);
  }

  /**
   * Purges a bounded slice of what deleted groups, endpoints and indexes left behind.
   * @returns whether it removed anything; then there may be more
   */
  purgeSlice(limit: number): boolean {
    return purgeSlice(this.#tables, limit);
  }

  #create(command: CreateCommand): Applied {
    const tenant = this.#tenants.get(command.endpointId);
    const type = typeOf(tenant, command.type);
    checkCount(this.#lists, tenant);
    checkSize(type, command.document);
    const row = this.#nextChange();
    checkExternalId(this.#resources, tenant, type, command.externalId, row);
    unique(type, command.name, () =>
      this.#resources.insert(type, { ...command, row, endpoint: tenant.row }),
    );
    this.#wrote = true;
    this.#beside.claim(tenant, type, row, command);
    this.#beside.giveSecrets(type, row, command.secrets);
    this.#lists.added(tenant.row, type.name, command.id, row);
    let warning: string | undefined;
    if (command.members !== undefined && command.members.length > 0) {
      const membership = this.#membership(tenant, row);
      membership.add(command.members);
      warning = ignoredWarning(membership);
    }
    return {
      result: changed(command.created ?? command.now, command.now, row),
      warning,
    };
  }

  #replace(command: ReplaceCommand): Applied {
    const tenant = this.#tenants.get(command.endpointId);
    const type = typeOf(tenant, command.type);
    const current = this.#current(tenant, type, command);
    if (type.hasImmutable) {
      checkImmutable(type, parseDocument(current.document), parseDocument(command.document));
    }
    const membership = this.#membership(tenant, current.row);
    this.#wrote = command.members !== undefined || command.secrets !== undefined;
    const membersChanged =
      command.members === undefined ? false : membership.replace(command.members);
    const secretsChanged = this.#beside.giveSecrets(type, current.row, command.secrets);
    const besideChanged = membersChanged || secretsChanged;
    const result = this.#store(tenant, type, current, command, command.now, besideChanged);
    return { result, warning: ignoredWarning(membership) };
  }

  #patch(command: PatchCommand): Applied {
    const tenant = this.#tenants.get(command.endpointId);
    const type = typeOf(tenant, command.type);
    const current = this.#current(tenant, type, command);
    const membership = this.#membership(tenant, current.row);
    const secrets = command.needsSecrets ? this.#beside.secretsOf(current.row) : undefined;
    const stored = parseDocument(current.document);
    // Members are written as operations come to them, and a later operation may fail.
    this.#wrote = type.membership !== undefined || secrets !== undefined;
    const document = secrets === undefined ? stored : withSecrets(type, stored, secrets);
    const patched = applyPatch(
      type,
      document,
      decodeOperations(command.operations),
      tenant.settings,
      type.membership === undefined ? undefined : membership,
    );
    if (patched.document === document && !patched.membershipChanged) {
      return {
        result: { ...unchanged(current), document: current.document },
        warning: ignoredWarning(membership),
      };
    }
    const next = toStored(type, command.id, patched.document);
    // There are some to be set although the command has not said that it needs them: of two, one may fail.
    this.#wrote ||= next.secrets !== undefined;
    const secretsChanged = this.#beside.changeSecrets(current.row, secrets, next.secrets);
    const besideChanged = patched.membershipChanged || secretsChanged;
    const result = this.#store(tenant, type, current, next, command.now, besideChanged, stored);
    const about = next.name ?? next.externalId;
    const warning = ignoredWarning(membership);
    return { result: { ...result, document: next.document }, warning, about };
  }

  #delete(command: DeleteCommand): Applied {
    const tenant = this.#tenants.get(command.endpointId);
    const type = typeOf(tenant, command.type);
    const current = this.#current(tenant, type, command);
    this.#wrote = true;
    for (const group of this.#members.groupsOf(current.row)) {
      this.#resources.touch(group, this.#nextChange(), command.now);
    }
    this.#members.leaveAll(current.row);
    if (type.membership !== undefined) purgeMembers(this.#tables, current.row);
    this.#beside.remove(tenant, type, current);
    this.#resources.remove(current.row);
    const version = this.#nextChange();
    this.#lists.removed(tenant.row, type.name, version);
    return {
      result: changed(current.created, command.now, version),
      warning: undefined,
      about: current.name_key ?? current.external_id ?? undefined,
    };
  }

  /** The resource a command is about, its precondition met. */
  #current(
    tenant: Tenant,
    type: ResourceType,
    command: ReplaceCommand | PatchCommand | DeleteCommand,
  ): ResourceRow {
    const current = this.#resources.byId(tenant.row, type.name, command.id);
    if (current === undefined) {
      throw notFound(`no ${type.name} has the id ${JSON.stringify(command.id)}`);
    }
    if (command.ifMatch !== undefined && !ifMatchHolds(command.ifMatch, current.version)) {
      throw preconditionFailed(
        `the ${type.name} has changed: its version is W/"${current.version}", If-Match names another; read it again`,
      );
    }
    return current;
  }

  /**
   * Writes the next state, unless it is the current one: then version and lastModified stay.
   * @param besideChanged whether members or secrets have changed
   * @param parsed the current document, where somebody has parsed it
   */
  #store(
    tenant: Tenant,
    type: ResourceType,
    current: ResourceRow,
    next: Pick<StoredForm, 'name' | 'externalId' | 'display'> & KeyedDocument,
    now: number,
    besideChanged: boolean,
    parsed?: JsonObject,
  ): AppliedResult {
    if (!besideChanged && sameDocument(current.document, next.document)) {
      return unchanged(current);
    }
    checkSize(type, next.document);
    if (next.externalId !== (current.external_id ?? undefined)) {
      checkExternalId(this.#resources, tenant, type, next.externalId, current.row);
    }
    const version = this.#nextChange();
    unique(type, next.name, () => this.#resources.update(type, current, { ...next, version, now }));
    this.#wrote = true;
    this.#beside.reclaim(tenant, type, current, next, parsed);
    return changed(current.created, now, version);
  }

  #membership(tenant: Tenant, group: number): GroupMembership {
    return new GroupMembership(this.#resources, this.#members, tenant, group);
  }
}
