/**
 * Carries out one command inside the writer's transaction. Whoever calls has set a savepoint: a
 * throw here leaves nothing of the command behind. Preconditions, uniqueness and PATCH are decided
 * here and nowhere else, so that they are exact under any concurrency.
 */
import { notFound, preconditionFailed, uniquenessConflict } from '../scim/errors.ts';
import { applyPatch } from '../scim/patch/apply.ts';
import { decodeOperations } from './decode-operations.ts';
import { checkImmutable } from '../scim/resource/immutable.ts';
import { ifMatchHolds } from '../scim/resource/precondition.ts';
import { toStored, type StoredForm } from '../scim/resource/stored.ts';
import type { ResourceType } from '../scim/schema/attribute.ts';
import type { Connection } from '../sqlite/open.ts';
import { EndpointTable } from '../sqlite/tables/endpoints.ts';
import { GarbageTable } from '../sqlite/tables/garbage.ts';
import { MemberTable } from '../sqlite/tables/members.ts';
import { ResourceTable, type ResourceRow } from '../sqlite/tables/resources.ts';
import type {
  Command,
  CreateCommand,
  DeleteCommand,
  PatchCommand,
  ReplaceCommand,
} from '../store/commands.ts';
import type { WriteResult } from '../store/results.ts';
import { applyEndpointCommand } from './apply-endpoint-command.ts';
import { GroupMembership, named } from './membership.ts';
import { checkSize, unique } from './refusals.ts';
import { parseDocument, sameDocument } from './stored-document.ts';
import { Tenants, typeOf, type Tenant } from './tenants.ts';

/** A result whose transaction has no sequence yet. */
export type AppliedResult = Omit<WriteResult, 'sequence'>;

/** A result, and what the request log should say beside it. */
export interface Applied {
  readonly result: AppliedResult;
  readonly warning: string | undefined;
}

/** Members of a deleted group beyond this are purged after the answer, in slices. */
const INLINE_PURGE_ROWS = 1000;

export class CommandApplier {
  readonly #endpoints: EndpointTable;
  readonly #resources: ResourceTable;
  readonly #members: MemberTable;
  readonly #garbage: GarbageTable;
  readonly #tenants: Tenants;
  readonly #nextChange: () => number;

  /** @param nextChange draws from the change sequence of the running transaction */
  constructor(db: Connection, nextChange: () => number) {
    this.#endpoints = new EndpointTable(db);
    this.#resources = new ResourceTable(db);
    this.#members = new MemberTable(db);
    this.#garbage = new GarbageTable(db);
    this.#tenants = new Tenants(this.#endpoints);
    this.#nextChange = nextChange;
  }

  /** @throws ScimError; SqliteError when the engine fails */
  apply(command: Command): Applied {
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
        // Forgotten even if the command fails or is rolled back: the next reader reads afresh.
        this.#tenants.forget();
        return applyEndpointCommand(command, this.#endpoints, this.#garbage, this.#nextChange);
    }
  }

  /** Something that was applied has been rolled back with its whole transaction. */
  rolledBack(): void {
    this.#tenants.forget();
  }

  /**
   * Purges a bounded slice of what deleted groups and endpoints left behind.
   * @returns whether it removed anything; then there may be more
   */
  purgeSlice(limit: number): boolean {
    const garbage = this.#garbage.first();
    if (garbage === undefined) return false;
    if (garbage.kind === 'group') {
      if (this.#members.purge(garbage.target, limit)) this.#garbage.remove(garbage.row);
      return true;
    }
    const rows = this.#resources.purge(garbage.target, limit);
    for (const row of rows) {
      this.#members.leaveAll(row);
      this.#dropMembersOf(row);
    }
    if (rows.length > 0) return true;
    this.#resources.purgeCounts(garbage.target);
    this.#endpoints.remove(garbage.target);
    this.#garbage.remove(garbage.row);
    return true;
  }

  #create(command: CreateCommand): Applied {
    const tenant = this.#tenants.get(command.endpointId);
    const type = typeOf(tenant, command.type);
    checkSize(type, command.document);
    const row = this.#nextChange();
    this.#checkExternalId(tenant, type, command.externalId, row);
    unique(type, command.name, () =>
      this.#resources.insert({ ...command, row, endpoint: tenant.row }),
    );
    this.#resources.addToCount(tenant.row, type.name, 1);
    let warning: string | undefined;
    if (command.members !== undefined && command.members.length > 0) {
      const membership = this.#membership(tenant, row);
      membership.add(command.members);
      warning = ignoredWarning(membership);
    }
    return {
      result: {
        created: command.now,
        lastModified: command.now,
        version: row,
        changed: true,
        document: undefined,
      },
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
    const membersChanged =
      command.members === undefined ? false : membership.replace(command.members);
    const result = this.#store(tenant, type, current, command, command.now, membersChanged);
    return { result, warning: ignoredWarning(membership) };
  }

  #patch(command: PatchCommand): Applied {
    const tenant = this.#tenants.get(command.endpointId);
    const type = typeOf(tenant, command.type);
    const current = this.#current(tenant, type, command);
    const { settings } = tenant;
    const membership = this.#membership(tenant, current.row);
    const document = parseDocument(current.document);
    const patched = applyPatch(
      type,
      document,
      decodeOperations(command.operations),
      {
        createsValuePathTarget: settings.patchReplaceCreatesValuePathTarget,
        allowRemoveAllMembers: settings.allowRemoveAllMembers,
        unknownAttributes: settings.unknownAttributes,
      },
      type.membership === undefined ? undefined : membership,
    );
    if (patched.document === document && !patched.membershipChanged) {
      return {
        result: { ...unchanged(current), document: current.document },
        warning: ignoredWarning(membership),
      };
    }
    const next = toStored(type, command.id, patched.document);
    const result = this.#store(tenant, type, current, next, command.now, patched.membershipChanged);
    return { result: { ...result, document: next.document }, warning: ignoredWarning(membership) };
  }

  #delete(command: DeleteCommand): Applied {
    const tenant = this.#tenants.get(command.endpointId);
    const type = typeOf(tenant, command.type);
    const current = this.#current(tenant, type, command);
    for (const group of this.#members.groupsOf(current.row)) {
      this.#resources.touch(group, this.#nextChange(), command.now);
    }
    this.#members.leaveAll(current.row);
    if (type.membership !== undefined) this.#dropMembersOf(current.row);
    this.#resources.remove(current.row);
    this.#resources.addToCount(tenant.row, type.name, -1);
    return {
      result: {
        created: current.created,
        lastModified: command.now,
        version: this.#nextChange(),
        changed: true,
        document: undefined,
      },
      warning: undefined,
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

  /** Writes the next state, unless it is the current one: then version and lastModified stay. */
  #store(
    tenant: Tenant,
    type: ResourceType,
    current: ResourceRow,
    next: Pick<StoredForm, 'document' | 'name' | 'externalId' | 'display'>,
    now: number,
    membersChanged: boolean,
  ): AppliedResult {
    if (!membersChanged && sameDocument(current.document, next.document)) {
      return unchanged(current);
    }
    checkSize(type, next.document);
    if (next.externalId !== (current.external_id ?? undefined)) {
      this.#checkExternalId(tenant, type, next.externalId, current.row);
    }
    const version = this.#nextChange();
    unique(type, next.name, () => this.#resources.update(current, { ...next, version, now }));
    return {
      created: current.created,
      lastModified: now,
      version,
      changed: true,
      document: undefined,
    };
  }

  #checkExternalId(
    tenant: Tenant,
    type: ResourceType,
    externalId: string | undefined,
    row: number,
  ): void {
    if (!tenant.settings.externalIdUnique || externalId === undefined) return;
    if (this.#resources.externalIdTaken(tenant.row, type.name, externalId, row)) {
      throw uniquenessConflict(
        `externalId ${JSON.stringify(externalId)} belongs to another ${type.name}`,
      );
    }
  }

  #dropMembersOf(group: number): void {
    if (!this.#members.purge(group, INLINE_PURGE_ROWS)) this.#garbage.add('group', group);
  }

  #membership(tenant: Tenant, group: number): GroupMembership {
    return new GroupMembership(this.#resources, this.#members, tenant, group);
  }
}

function unchanged(current: ResourceRow): AppliedResult {
  return {
    created: current.created,
    lastModified: current.modified,
    version: current.version,
    changed: false,
    document: undefined,
  };
}

function ignoredWarning(membership: GroupMembership): string | undefined {
  const { ignored } = membership;
  return ignored.length === 0
    ? undefined
    : `warning: ignored members that name no resource: ${named(ignored)}`;
}
