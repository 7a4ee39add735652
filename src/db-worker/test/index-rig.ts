/**
 * A writer with one endpoint, for tests of attribute indexes: commands on users as the main thread
 * makes them, and what the tables of indexes should hold by the documents that there are.
 */
import { indexKeysAt, signatureOf, type IndexKey } from '../../scim/resource/index-keys.ts';
import { toStored } from '../../scim/resource/stored.ts';
import type { JsonObject, JsonValue } from '../../scim/json.ts';
import type { ResourceType } from '../../scim/schema/attribute.ts';
import { CORE_PROFILE } from '../../scim/schema/core.ts';
import { compileRegistry } from '../../scim/schema/registry.ts';
import { IndexReader } from '../../sqlite/index-reader.ts';
import type { Connection } from '../../sqlite/open.ts';
import type { Command, CreateCommand, PatchCommand, ReplaceCommand } from '../../store/commands.ts';
import { parseDocument } from '../stored-document.ts';
import { WriteEngine, type Outcome } from '../write-engine.ts';

const NOW = 1_700_000_000_000;
const ENDPOINT = 'e';

export function userTypeWith(paths: readonly string[]): ResourceType {
  const type = compileRegistry(CORE_PROFILE, paths).typesByName.get('User');
  if (type === undefined) throw new Error('there is a User');
  return type;
}

export class IndexRig {
  readonly db: Connection;
  engine: WriteEngine;

  /** @param db migrated; with the endpoint, or without */
  constructor(db: Connection) {
    this.db = db;
    this.engine = new WriteEngine(db);
  }

  run(...commands: Command[]): Outcome[] {
    return this.engine.run(commands);
  }

  createEndpoint(indexedAttributes: readonly string[]): void {
    const fields = { ...NO_FIELDS, name: ENDPOINT, config: { indexedAttributes } };
    this.run({ kind: 'createEndpoint', endpointId: ENDPOINT, log: undefined, now: NOW, fields });
  }

  /** The command that changes what the endpoint wants indexed. */
  setIndexed(indexedAttributes: readonly string[]): Command {
    const fields = { ...NO_FIELDS, config: { indexedAttributes } };
    return { kind: 'updateEndpoint', endpointId: ENDPOINT, log: undefined, now: NOW, fields };
  }

  deleteEndpoint(): Command {
    return { kind: 'deleteEndpoint', endpointId: ENDPOINT, log: undefined, now: NOW };
  }

  /** @param type what who sends the command takes for the endpoint's */
  create(type: ResourceType, id: string, body: JsonObject): CreateCommand {
    return { kind: 'create', ...base(id), ...toStored(type, id, { userName: id, ...body }) };
  }

  replace(type: ResourceType, id: string, body: JsonObject): ReplaceCommand {
    return { ...this.create(type, id, body), kind: 'replace', ifMatch: undefined };
  }

  patch(id: string, op: 'add' | 'replace' | 'remove', path: string, value?: JsonValue) {
    const parsed = { text: path, attribute: path };
    const operations = JSON.stringify([
      { op, path: parsed, ...(value !== undefined && { value }) },
    ]);
    const command: PatchCommand = {
      kind: 'patch',
      ...base(id),
      ifMatch: undefined,
      operations,
      needsSecrets: false,
    };
    return command;
  }

  delete(id: string): Command {
    return { kind: 'delete', ...base(id), ifMatch: undefined };
  }

  /** Builds and purges until nothing is left to do. @returns slices that were built */
  settle(rows = 1000): number {
    let slices = 0;
    while (this.engine.buildIndexes({ rows, length: 1e6 }) === true) slices += 1;
    while (this.engine.purge(100));
    return slices;
  }

  /** Signatures of what is indexed, complete or not. */
  get signatures(): unknown[] {
    return this.db.prepare('SELECT signature FROM attribute_indexes ORDER BY 1').pluck().all();
  }

  get keyCount(): unknown {
    return this.db.prepare('SELECT count(*) FROM attribute_keys').pluck().get();
  }

  /** Keys and rows of a complete index; undefined where there is none. */
  keysOf(signature: string): [IndexKey, number][] | undefined {
    const number = new IndexReader(this.db).completeIndex(1, 'User', signature);
    return number === undefined ? undefined : this.#keysOfNumber(number);
  }

  /** Keys and rows of an index as they are, and as documents say they should be. */
  compared(paths: readonly string[]): { path: string; is: unknown; should: unknown }[] {
    const compared = [];
    for (const place of userTypeWith(paths).indexed) {
      const is = this.keysOf(signatureOf(place));
      if (is === undefined) continue;
      const should = this.#documents().flatMap(({ row, document }) =>
        indexKeysAt(place, parseDocument(document)).map((key): [IndexKey, number] => [key, row]),
      );
      compared.push({ path: place.key, is: sorted(is), should: sorted(should) });
    }
    return compared;
  }

  #documents(): { row: number; document: string }[] {
    return this.db
      .prepare<[], { row: number; document: string }>(
        "SELECT row, document FROM resources WHERE endpoint = 1 AND type = 'User'",
      )
      .all();
  }

  #keysOfNumber(number: number): [IndexKey, number][] {
    return this.db
      .prepare<[number], [IndexKey, number]>(
        'SELECT key, row FROM attribute_keys WHERE attribute = ? ORDER BY key, row',
      )
      .raw()
      .all(number);
  }
}

const NO_FIELDS = {
  name: undefined,
  displayName: undefined,
  description: undefined,
  config: undefined,
  active: undefined,
};

function base(id: string) {
  return { endpointId: ENDPOINT, log: undefined, type: 'User', id, now: NOW };
}

function sorted(entries: readonly [IndexKey, number][]): string[] {
  return entries.map((entry) => JSON.stringify(entry)).sort();
}
