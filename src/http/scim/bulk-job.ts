/**
 * The operations of one bulk on their way to the store: references resolved, order found, commands
 * made, one unit after the other as they are asked for. Whatever is wrong with an operation is kept
 * here and is its own failure; nothing here fails the request.
 */
import { badRequest } from '../../scim/errors.ts';
import { foldAscii } from '../../scim/fold.ts';
import { bulkOrder } from '../../scim/messages/bulk-order.ts';
import { type BulkTarget, resolveReferences } from '../../scim/messages/bulk-references.ts';
import type { BulkMessageOperation } from '../../scim/messages/bulk-request.ts';
import { PATCH_SCHEMA } from '../../scim/patch/parse.ts';
import { quoted } from '../../scim/resource/wording.ts';
import type { ResourceType } from '../../scim/schema/attribute.ts';
import type {
  BulkOperation,
  BulkUnit,
  CreateCommand,
  PatchCommand,
  ResourceWrite,
} from '../../store/commands.ts';
import { typeOf } from '../tenant.ts';
import {
  type Made,
  createCommand,
  deleteCommand,
  patchCommand,
  replaceCommand,
} from './commands.ts';
import { requiredIfMatch } from './precondition-header.ts';
import type { ScimRequest } from './request.ts';

/** Units that are made while the first of them waits for its secrets to be hashed. */
const UNITS_AHEAD = 4;

/** One operation, with what is known of it before it is carried out. */
export interface JobOperation {
  readonly position: number;
  /** References resolved. */
  readonly message: BulkMessageOperation;
  /** Undefined when the endpoint serves none at its path. */
  readonly type: ResourceType | undefined;
  /** Of the resource that it makes or changes. */
  readonly id: string;
  readonly needs: readonly number[];
  /** A bulkId that it refers to and that no POST has. */
  readonly unknown: string | undefined;
}

export class BulkJob {
  readonly operations: readonly JobOperation[];
  /** Why an operation could not be made into a command, by position. */
  readonly wrong = new Map<number, unknown>();
  /** Whether time was up before every unit was made. */
  outOfTime = false;
  readonly #request: ScimRequest;
  readonly #endMs: number;

  constructor(request: ScimRequest, messages: readonly BulkMessageOperation[]) {
    this.#request = request;
    this.#endMs = request.clock.now() + request.limits.bulkBudgetMs;
    const drafts = messages.map((message) => ({ message, newId: request.ids.next() }));
    const targets = new Map<string, BulkTarget>();
    for (const [position, { message, newId }] of drafts.entries()) {
      if (message.method === 'POST') targets.set(message.bulkId, { position, id: newId });
    }
    this.operations = drafts.map((draft, position) => {
      const { operation: message, needs, unknown } = resolveReferences(draft.message, targets);
      const type = request.tenant.registry.typesByEndpoint.get(foldAscii(message.endpoint));
      const id = message.method === 'POST' ? draft.newId : message.id;
      return { position, message, type, id, needs, unknown };
    });
  }

  /** In the order of carrying out. To be asked for once. */
  async *units(): AsyncGenerator<BulkUnit> {
    const ahead: Promise<BulkUnit>[] = [];
    for (const positions of bulkOrder(this.operations.map(({ needs }) => needs))) {
      this.outOfTime = this.#request.clock.now() >= this.#endMs;
      if (this.outOfTime) break;
      ahead.push(this.#unit(positions));
      const first = ahead.length > UNITS_AHEAD ? ahead.shift() : undefined;
      if (first !== undefined) yield await first;
    }
    yield* ahead;
  }

  /** Never rejects. */
  async #unit(positions: readonly number[]): Promise<BulkUnit> {
    const operations = positions.flatMap((position) => this.operations[position] ?? []);
    const inUnit = new Set(positions);
    const unborn = new Set(operations.map(({ id }) => id));
    const unit: BulkOperation[] = [];
    for (const operation of operations) {
      const { position, id } = operation;
      unborn.delete(id);
      const needs = operation.needs.filter((need) => !inUnit.has(need));
      unit.push({ position, needs, ...(await this.#commands(operation, unborn)) });
    }
    return unit;
  }

  /** @param unborn ids of resources that the unit makes later */
  async #commands(
    operation: JobOperation,
    unborn: ReadonlySet<string>,
  ): Promise<Pick<BulkOperation, 'command' | 'afterwards'>> {
    try {
      const command = await this.#command(operation);
      if (unborn.size === 0 || command.kind !== 'create') return { command, afterwards: undefined };
      return await this.#withoutUnborn(operation, command, unborn);
    } catch (error) {
      this.wrong.set(operation.position, error);
      return { command: undefined, afterwards: undefined };
    }
  }

  /** @throws ScimError as for a single request, and 400 for a reference to nothing */
  #command({ message, type, id, unknown }: JobOperation): Made<ResourceWrite> {
    const request = this.#request;
    if (unknown !== undefined) {
      throw badRequest('invalidValue', `no POST of this bulk has the bulkId ${quoted(unknown)}`);
    }
    const target = type ?? typeOf(request.tenant, message.endpoint);
    const aim = { type: target, id, log: undefined };
    if (message.method === 'POST') return createCommand(request, aim, message.data);
    const ifMatch = requiredIfMatch(request.endpoint, message.version, 'version');
    const change = { ...aim, ifMatch };
    switch (message.method) {
      case 'PUT':
        return replaceCommand(request, change, message.data);
      case 'PATCH':
        return patchCommand(request, change, message.data);
      case 'DELETE':
        return deleteCommand(request, change);
    }
  }

  /** In a circle of groups each but the last has members that are not there yet: they join later. */
  async #withoutUnborn(
    { type, id }: JobOperation,
    command: CreateCommand,
    unborn: ReadonlySet<string>,
  ): Promise<{ command: CreateCommand; afterwards: PatchCommand | undefined }> {
    const late = command.members?.filter((member) => unborn.has(member)) ?? [];
    if (type?.membership === undefined || late.length === 0)
      return { command, afterwards: undefined };
    const members = command.members?.filter((member) => !unborn.has(member));
    const path = type.membership.name;
    const value = late.map((member) => ({ value: member }));
    const afterwards = await patchCommand(
      this.#request,
      { type, id, ifMatch: undefined, log: undefined },
      { schemas: [PATCH_SCHEMA], Operations: [{ op: 'add', path, value }] },
    );
    return { command: { ...command, members }, afterwards };
  }
}
