/**
 * A statement fails, whichever it is of a batch: what is stored then is the same without savepoints
 * as with them. So no command writes before `CommandApplier.wrote` says that it may have.
 */
import Database from 'better-sqlite3';
import fc from 'fast-check';
import t from 'tap';
import { propertyRuns } from '../../test/support/property-runs.ts';
import type { JsonObject, JsonValue } from '../scim/json.ts';
import { toStored } from '../scim/resource/stored.ts';
import { attribute, list, text } from '../scim/schema/define.ts';
import { compileRegistry } from '../scim/schema/registry.ts';
import { rebuiltSqliteError } from '../sqlite/error-code.ts';
import { migrate } from '../sqlite/migrate.ts';
import { MIGRATIONS } from '../sqlite/schema.ts';
import type { BulkOperation, Command, PatchCommand, ResourceWrite } from '../store/commands.ts';
import { parseEndpointConfig } from '../store/endpoint-config.ts';
import { WriteEngine, type WriterCommand } from './write-engine.ts';

const NOW = 1_700_000_000_000;
const TEAM = 'urn:example:schemas:Team';
/** All that a resource may have beside its document: unique values, secrets, members, keys of indexes. */
const CONFIG = {
  schemas: [
    {
      id: TEAM,
      name: 'Team',
      description: 'A team',
      attributes: [
        attribute('number', 'integer', '', { uniqueness: 'server' }),
        list('ports', '', [text('value', '', { uniqueness: 'server' })]),
        text('notes', ''),
        text('pin', '', { returned: 'never' }),
        text('seal', '', { returned: 'never', mutability: 'immutable' }),
        list('members', '', [text('value', '', { mutability: 'immutable' })]),
      ],
    },
    {
      id: `${TEAM}:Badge`,
      name: 'Badge',
      description: 'A badge',
      attributes: [
        attribute('number', 'integer', '', { uniqueness: 'server' }),
        text('notes', ''),
        text('pin', '', { returned: 'never' }),
        text('seal', '', { returned: 'never' }),
      ],
    },
  ],
  resourceTypes: [
    { name: 'Team', endpoint: '/Teams', description: '', schema: TEAM, schemaExtensions: [] },
    {
      name: 'Badge',
      endpoint: '/Badges',
      description: '',
      schema: `${TEAM}:Badge`,
      schemaExtensions: [],
    },
  ],
  indexedAttributes: ['notes'],
  externalIdUnique: true,
  unknownMember: 'refuse',
  resourcesMax: 12,
};
const TYPES = compileRegistry(parseEndpointConfig(CONFIG).profile).typesByName;
const BASE = { endpointId: 'e', log: undefined, now: NOW };
/** Fails, changes nothing, and is a command of operators: a batch with it has savepoints. */
const FORCES_SAVEPOINTS: Command = { ...BASE, kind: 'noteCredentialUse', credentialId: 'none' };
/** Not of the commands, or run more often the more has been rolled back: what is kept in memory. */
const UNCOUNTED =
  /^(BEGIN|ROLLBACK|SAVEPOINT|RELEASE)|FROM (endpoints|attribute_indexes|credentials)|id <> /;

const IDS = ['a1', 'a2', 'a3', 'a4', 'a5'];
const type = fc.constantFrom('Team', 'Badge');
const id = fc.constantFrom(...IDS, 'a8', 'a9');
const ifMatch = fc.constantFrom(undefined, undefined, undefined, 'W/"1"');
const hash = fc.constantFrom('one', 'two').map(hashOf);
const member = fc.constantFrom(...IDS, 'a8', 'nobody');
const few = fc.array(member, { maxLength: 3 });
const body = fc.record(
  {
    number: fc.nat(9),
    ports: fc.uniqueArray(fc.constantFrom('x', 'y', 'z'), { maxLength: 3 }),
    notes: fc.constantFrom('n', 'm'),
    externalId: fc.constantFrom('e1', 'e2'),
    pin: hash,
    seal: hash,
    members: few,
  },
  { requiredKeys: [] },
);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  few.map((ids) => ({ op: 'add', on: 'members', value: elements(ids) })),
  few.map((ids) => ({ op: 'replace', on: 'members', value: elements(ids) })),
  fc.constantFrom('pin', 'seal').map((on) => ({ op: 'remove', on })),
  fc.tuple(fc.constantFrom('pin', 'seal'), hash).map(([on, value]) => ({ op: 'add', on, value })),
  fc.nat(7).map((value) => ({ op: 'replace', on: 'number', value })),
  fc.constantFrom('n', 'm', 7).map((value) => ({ op: 'replace', on: 'notes', value })),
  fc.constant({ op: 'add', on: 'ports', value: elements(['z']) }),
  fc.constant({ op: 'replace', on: 'nothing', value: 'x' }),
);
const patch: fc.Arbitrary<PatchCommand> = fc
  .tuple(type, id, ifMatch, fc.array(operation, { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([type, id, ifMatch, operations, needsSecrets]) =>
    patchWith({ type, id, ifMatch, operations, needsSecrets }),
  );
const write: fc.Arbitrary<ResourceWrite> = fc.oneof(
  { weight: 2, arbitrary: patch },
  {
    weight: 2,
    arbitrary: fc
      .tuple(type, id, body)
      .map(([type, id, has]) => ({ ...BASE, kind: 'create' as const, ...stored(type, id, has) })),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(type, id, body, ifMatch).map(([type, id, has, ifMatch]) => ({
      ...BASE,
      kind: 'replace' as const,
      ifMatch,
      ...stored(type, id, has),
    })),
  },
  fc
    .tuple(type, id, ifMatch)
    .map(([type, id, ifMatch]) => ({ ...BASE, kind: 'delete' as const, type, id, ifMatch })),
);
const bulkOperation = fc.record({
  command: fc.option(write, { nil: undefined, freq: 9 }),
  afterwards: fc.option(patch, { nil: undefined, freq: 2 }),
  needs: fc.constantFrom([], [], [0], [1]),
});
const slice: fc.Arbitrary<WriterCommand> = fc
  .tuple(
    fc.array(fc.array(bulkOperation, { minLength: 1, maxLength: 2 }), { maxLength: 3 }),
    fc.constantFrom(undefined, 2),
  )
  .map(([shapes, failuresLeft]) => {
    let position = 0;
    const units = shapes.map((unit) =>
      unit.map((rest): BulkOperation => ({ position: position++, ...rest })),
    );
    return { kind: 'bulkSlice', units, failed: [], failuresLeft };
  });
const batch = fc.array(fc.oneof({ weight: 4, arbitrary: write }, slice), {
  minLength: 1,
  maxLength: 4,
});
const fault = fc.record({
  /** Counted from BEGIN; 0: none. */
  at: fc.nat(20),
  code: fc.constantFrom('SQLITE_ERROR', 'SQLITE_ERROR', 'SQLITE_ERROR', 'SQLITE_FULL'),
  /** It does not fail when the batch is done again. */
  once: fc.boolean(),
});

interface Fault {
  readonly at: number;
  readonly code: string;
  readonly once: boolean;
}

const NO_FAULT: Fault = { at: 0, code: '', once: true };

interface Operation {
  readonly op: string;
  readonly on: string;
  readonly value?: JsonValue;
}

function patchWith({
  operations,
  ...rest
}: Pick<PatchCommand, 'type' | 'id' | 'ifMatch' | 'needsSecrets'> & {
  operations: readonly Operation[];
}): PatchCommand {
  const paths = operations.map(({ on, ...op }) => ({ ...op, path: { text: on, attribute: on } }));
  return { ...BASE, kind: 'patch', ...rest, operations: JSON.stringify(paths) };
}

/** As the main thread hashes, in no time. */
function hashOf(clear: string): string {
  return `$scrypt$ln=1,r=8,p=1$c2FsdA$${Buffer.from(clear).toString('hex')}`;
}

function elements(ids: readonly string[]): JsonObject[] {
  return ids.map((value) => ({ value }));
}

function stored(
  type: string,
  id: string,
  { ports, members, ...rest }: { ports?: string[]; members?: string[] } & JsonObject,
) {
  const compiled = TYPES.get(type);
  if (compiled === undefined) throw new Error(`no type ${type}`);
  const canonical: JsonObject = { ...rest };
  if (type === 'Team' && ports !== undefined) canonical['ports'] = elements(ports);
  if (type === 'Team' && members !== undefined) canonical['members'] = elements(members);
  return { type, id, ...toStored(compiled, id, canonical) };
}

/** Five teams in a row, each a member of the next, and five badges. */
const EMPTY = emptyFile();

function emptyFile(): Buffer {
  const db = new Database(':memory:');
  migrate(db, MIGRATIONS, NOW);
  const fields = {
    name: 'e',
    displayName: undefined,
    description: undefined,
    config: CONFIG,
    active: true,
  };
  const engine = new WriteEngine(db);
  const teams = IDS.map((id, at) => {
    const members = IDS.slice(Math.max(0, at - 1), at);
    const has = { number: at, pin: hashOf('first'), notes: 'n', members };
    return { ...BASE, kind: 'create' as const, ...stored('Team', id, has) };
  });
  const badges = IDS.map((id, at) => ({
    ...BASE,
    kind: 'create' as const,
    ...stored('Badge', id, { number: at, seal: hashOf('first') }),
  }));
  const outcomes = engine.run([{ ...BASE, kind: 'createEndpoint', fields }, ...teams, ...badges]);
  for (const outcome of outcomes) if (!outcome.ok) throw outcome.error;
  return db.serialize();
}

class Side {
  readonly db: Database.Database;
  readonly engine: WriteEngine;
  /** How often the last batch was begun, and at which of these a statement was last made to fail. */
  tries = 0;
  failedAt = 0;
  #fault = NO_FAULT;
  #statements = 0;
  #commits = 0;
  readonly #commitsBefore: number;

  constructor() {
    const verbose = (sql: unknown): void => {
      this.#noted(String(sql));
    };
    this.db = new Database(EMPTY, { verbose });
    this.engine = new WriteEngine(this.db);
    this.#commitsBefore = this.engine.commitSequence;
  }

  run(commands: readonly WriterCommand[], fault: Fault): string[] {
    this.tries = 0;
    this.failedAt = 0;
    this.#fault = fault;
    const outcomes = this.engine.run(commands).map(told);
    this.#fault = NO_FAULT;
    return outcomes;
  }

  /** What is stored. @throws Error when a list is out of the order that it tells of */
  content(): string {
    if (this.engine.commitSequence !== this.#commitsBefore + this.#commits) {
      throw new Error(`${this.#commits} commits are not counted as such`);
    }
    const lists = this.db
      .prepare<[], string>('SELECT type FROM resource_counts WHERE scrambled = 0')
      .pluck()
      .all();
    for (const list of lists) {
      const ids = this.db
        .prepare<[string], string>('SELECT id FROM resources WHERE type = ? ORDER BY row')
        .pluck()
        .all(list);
      if (ids.join() !== ids.toSorted().join()) throw new Error(`${list}: ${ids.join()}`);
    }
    const tables = ['resources', 'members', 'unique_values', 'secrets', 'attribute_keys'];
    return JSON.stringify([
      ...tables.map((table) => this.db.prepare(`SELECT * FROM ${table}`).all()),
      this.db.prepare('SELECT endpoint, type, count FROM resource_counts').all(),
      this.db.prepare('SELECT kind, target FROM garbage').all(),
      this.db.prepare('SELECT commit_sequence, change_sequence FROM state').all(),
    ]);
  }

  /** Told of each statement before it runs: what is thrown here, it throws, and does nothing. */
  #noted(sql: string): void {
    if (sql.startsWith('BEGIN')) {
      this.#statements = 0;
      this.tries += 1;
    }
    if (UNCOUNTED.test(sql)) return;
    this.#statements += 1;
    const { at, code, once } = this.#fault;
    if (this.#statements === at && !(once && this.failedAt > 0)) {
      this.failedAt = this.tries;
      throw rebuiltSqliteError(code, 'made to fail');
    }
    if (sql === 'COMMIT') this.#commits += 1;
  }
}

function told(outcome: unknown): string {
  return JSON.stringify(outcome, (_key, value: unknown) =>
    value instanceof Error ? `${value.name}: ${value.message}` : value,
  );
}

/** Secrets of which the second fails, by a caller who has not said that there are any. */
const SECOND_SECRET: [WriterCommand[], Fault, WriterCommand[]] = [
  [patchOf('Badge', 'a1', 'pin', 'seal'), patchOf('Badge', 'a2', 'pin')],
  { at: 3, code: 'SQLITE_ERROR', once: false },
  [],
];

function patchOf(type: string, id: string, ...secrets: string[]): PatchCommand {
  const operations = secrets.map((on) => ({ op: 'add', on, value: hashOf('new') }));
  return patchWith({ type, id, ifMatch: undefined, operations, needsSecrets: false });
}

t.test('a statement fails, any of a batch', (t) => {
  const seen = { again: 0, alone: 0, whole: 0, done: 0 };
  fc.assert(
    fc.property(batch, fault, batch, (commands, fault, next) => {
      const bare = new Side();
      const careful = new Side();
      try {
        compare(commands, fault);
        compare(next, NO_FAULT);
      } finally {
        bare.db.close();
        careful.db.close();
      }

      function compare(commands: readonly WriterCommand[], fault: Fault): void {
        const is = bare.run(commands, fault);
        const isUndone = bare.failedAt > 0 && bare.failedAt < bare.tries;
        const expected = fault.once && isUndone ? NO_FAULT : fault;
        const [, ...should] = careful.run([FORCES_SAVEPOINTS, ...commands], expected);
        if (is.join('\n') !== should.join('\n')) {
          throw new Error(`${is.join('\n')}\nshould be\n${should.join('\n')}`);
        }
        const content = bare.content();
        const right = careful.content();
        if (content !== right) throw new Error(`${content}\nshould be\n${right}`);
        count(is, bare);
      }
    }),
    { ...propertyRuns(t, { seed: 9, numRuns: 300 }), examples: [SECOND_SECRET] },
  );
  for (const [what, times] of Object.entries(seen)) t.ok(times > 5, `${what}: ${times}`);
  t.end();

  function count(outcomes: readonly string[], { tries, failedAt }: Side): void {
    const isWhole = outcomes.every((outcome) => outcome.startsWith('{"ok":false'));
    seen.done += outcomes.filter((outcome) => outcome.startsWith('{"ok":true')).length;
    if (failedAt === 0) return;
    if (tries === 2) seen.again += 1;
    else if (isWhole) seen.whole += 1;
    else seen.alone += 1;
  }
});
