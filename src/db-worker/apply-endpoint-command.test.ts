/** When the writer takes a new config, and when it wants stored resources looked at first. */
import Database from 'better-sqlite3';
import t from 'tap';
import { LIMITS } from '../platform/limits.ts';
import { ScimError } from '../scim/errors.ts';
import { migrate } from '../sqlite/migrate.ts';
import { MIGRATIONS } from '../sqlite/schema.ts';
import { EndpointTable } from '../sqlite/tables/endpoints.ts';
import type { Command, Verdict } from '../store/commands.ts';
import { StoreError } from '../store/results.ts';
import { WriteEngine } from './write-engine.ts';

const NOW = 1_700_000_000_000;
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const NAME = { name: 'userName', required: true, uniqueness: 'server' };
/** Everything but names of users is gone. */
const NARROW = { schemas: [{ id: USER, attributes: [NAME] }] };
const FITS: Verdict = { misfit: undefined };

/** A writer of its own, with endpoints `e` and `f`. */
class Writer {
  readonly engine: WriteEngine;
  readonly endpoints: EndpointTable;
  #users = 0;

  constructor() {
    const db = new Database(':memory:');
    migrate(db, MIGRATIONS, NOW);
    this.endpoints = new EndpointTable(db);
    this.engine = new WriteEngine(db);
    for (const endpointId of ['e', 'f']) {
      this.run({
        kind: 'createEndpoint',
        endpointId,
        now: NOW,
        log: undefined,
        fields: fields({}, endpointId),
      });
    }
  }

  /** `done`, or why not. */
  run(command: Command): string {
    const [outcome] = this.engine.run([command]);
    if (outcome?.ok === true) return 'done';
    const error = outcome?.error;
    if (error instanceof StoreError) return error.code;
    if (error instanceof ScimError) return `${error.status} ${error.message}`;
    throw error;
  }

  update(config: object, verdict?: Verdict): string {
    return this.run({
      kind: 'updateEndpoint',
      endpointId: 'e',
      now: NOW,
      log: undefined,
      fields: fields(config),
      ...(verdict === undefined ? {} : { verdict }),
    });
  }

  createUser(endpointId = 'e', userName?: string): string {
    this.#users += 1;
    const name = userName ?? `user ${this.#users}`;
    const id = String(this.#users);
    const document = JSON.stringify({ schemas: [USER], id, userName: name });
    const absent = {
      log: undefined,
      externalId: undefined,
      members: undefined,
      secrets: undefined,
    };
    return this.run({
      kind: 'create',
      endpointId,
      type: 'User',
      id,
      now: NOW,
      document,
      name,
      display: name,
      ...absent,
    });
  }

  config(): unknown {
    return JSON.parse(this.endpoints.byId('e')?.config ?? 'null');
  }
}

function fields(config: object, name?: string) {
  return {
    name,
    displayName: undefined,
    description: undefined,
    config: { ...config },
    active: undefined,
  };
}

t.test('what only adds, and what concerns settings, is taken at once', (t) => {
  const writer = new Writer();
  writer.createUser();
  t.equal(writer.update({ requireIfMatch: true }), 'done');
  t.equal(writer.update({ preset: 'okta' }), 'done');
  t.same(writer.config(), { preset: 'okta' });
  t.equal(writer.update({ requireIfMatch: true }), 'done');
  t.same(writer.config(), { preset: 'okta', requireIfMatch: true });
  t.end();
});

t.test('what resources could be at odds with is taken when nothing changed since the look', (t) => {
  const writer = new Writer();
  t.equal(writer.update(NARROW, FITS), 'contended', 'nobody has told since when');
  t.equal(writer.update(NARROW, FITS), 'done');
  t.same(writer.config(), NARROW);
  t.equal(writer.update({}), 'done', 'that only adds');
  t.equal(writer.update(NARROW), 'contended');
  t.equal(writer.createUser(), 'done');
  t.equal(writer.update(NARROW, FITS), 'contended', 'a user came');
  t.equal(writer.createUser('f'), 'done', 'of another endpoint');
  t.match(writer.createUser('e', 'user 1'), /^409/, 'one that was refused');
  t.equal(writer.update(NARROW, { misfit: 'User 1 does not fit' }), '409 User 1 does not fit');
  t.same(writer.config(), {}, 'as before');
  t.equal(writer.update(NARROW, FITS), 'contended', 'a verdict serves once');
  t.equal(writer.update({ requireIfMatch: true }), 'done');
  t.equal(writer.update(NARROW, FITS), 'contended', 'the config itself has changed');
  t.equal(writer.update(NARROW, FITS), 'done');
  t.end();
});

t.test('a config is checked again where it is stored', (t) => {
  const writer = new Writer();
  t.match(writer.update({ schemas: 7 }), /^400 config.schemas: takes an array/);
  t.match(writer.update({ preset: 'nope' }), /^400 config.preset takes one of/);
  const name = 'x'.repeat(LIMITS.profileTextLength);
  const attributes = Array.from({ length: 300 }, (_, n) => ({ name: `a${n}`, description: name }));
  const long = { schemas: [{ id: 'urn:example:schemas:Long', attributes }] };
  t.match(writer.update(long), /^413 config has \d+ characters/);
  t.same(writer.config(), {});
  t.end();
});

t.test('what is written next goes by the new schemas', (t) => {
  const writer = new Writer();
  writer.createUser();
  t.equal(writer.update({ preset: 'users-only' }), 'contended');
  t.equal(writer.update({ preset: 'users-only' }, FITS), 'done');
  const remove = { kind: 'delete', endpointId: 'e', type: 'Group', id: 'g', now: NOW } as const;
  const outcome = writer.run({ ...remove, log: undefined, ifMatch: undefined });
  t.match(outcome, '404 this endpoint has no resource type Group');
  t.end();
});
