/** What the writer keeps beside a document, row by row: written, changed and removed with it. */
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import type { JsonObject } from '../scim/json.ts';
import { hashOperations } from '../scim/patch/secrets.ts';
import { toStored } from '../scim/resource/stored.ts';
import { attribute, list, text } from '../scim/schema/define.ts';
import { compileRegistry } from '../scim/schema/registry.ts';
import { migrate } from '../sqlite/migrate.ts';
import { MIGRATIONS } from '../sqlite/schema.ts';
import { EndpointTable } from '../sqlite/tables/endpoints.ts';
import type { Command, CreateCommand, PatchCommand, ReplaceCommand } from '../store/commands.ts';
import { parseEndpointConfig } from '../store/endpoint-config.ts';
import { WriteEngine, type Outcome } from './write-engine.ts';

const NOW = 1_700_000_000_000;
const DEVICE = 'urn:example:schemas:Device';
const UNIQUE = { uniqueness: 'server' } as const;
const DEVICES = {
  schemas: [
    {
      id: DEVICE,
      name: 'Device',
      description: 'A device',
      attributes: [
        attribute('number', 'integer', '', UNIQUE),
        list('ports', '', [text('value', '', UNIQUE)]),
        text('notes', ''),
        text('pin', '', { returned: 'never', mutability: 'immutable' }),
        attribute('place', 'complex', '', {
          subAttributes: [
            text('site', ''),
            text('code', '', { mutability: 'writeOnly', returned: 'never' }),
          ],
        }),
      ],
    },
  ],
  resourceTypes: [
    { name: 'Device', endpoint: '/Devices', description: '', schema: DEVICE, schemaExtensions: [] },
  ],
};

/** As the main thread hashes, in no time. */
function hashOf(clear: string): string {
  return `$scrypt$ln=1,r=8,p=1$c2FsdA$${Buffer.from(clear).toString('hex')}`;
}

class Rig {
  readonly db: Database.Database;
  readonly engine: WriteEngine;
  /** Texts of the statements that ran. */
  readonly statements: string[] = [];
  readonly #type;
  readonly #typeName: string;

  constructor(t: Test, typeName: 'Device' | 'User', config: object) {
    const verbose = (statement: unknown): void => void this.statements.push(String(statement));
    this.db = new Database(':memory:', { verbose });
    t.teardown(() => this.db.close());
    migrate(this.db, MIGRATIONS, NOW);
    new EndpointTable(this.db).insert({
      id: 'e',
      name: 'e',
      display_name: null,
      description: null,
      config: JSON.stringify(config),
      active: 1,
      created_at: NOW,
      updated_at: NOW,
    });
    this.engine = new WriteEngine(this.db);
    this.#typeName = typeName;
    this.#type = compileRegistry(parseEndpointConfig({ ...config }).profile).typesByName.get(
      typeName,
    );
    this.statements.length = 0;
  }

  run(...commands: Command[]): Outcome[] {
    return this.engine.run(commands);
  }

  /** @param body in canonical form, secrets hashed */
  create(id: string, body: JsonObject): CreateCommand {
    return { kind: 'create', ...this.#base(id), ...toStored(this.type, id, body) };
  }

  replace(id: string, body: JsonObject): ReplaceCommand {
    return { ...this.create(id, body), kind: 'replace', ifMatch: undefined };
  }

  async patch(
    id: string,
    op: 'add' | 'replace' | 'remove',
    attribute: string,
    value?: string | number | JsonObject | null,
  ): Promise<PatchCommand> {
    const path = { text: attribute, attribute };
    const operation = value === undefined ? { op, path } : { op, path, value };
    const hash = (clear: string) => Promise.resolve(hashOf(clear));
    const { operations, needsSecrets } = await hashOperations(this.type, [operation], hash);
    const text = JSON.stringify(operations);
    return { kind: 'patch', ...this.#base(id), ifMatch: undefined, operations: text, needsSecrets };
  }

  delete(id: string): Command {
    return { kind: 'delete', ...this.#base(id), ifMatch: undefined };
  }

  get keys(): unknown[] {
    return this.db.prepare('SELECT place, key FROM unique_values ORDER BY place, key').raw().all();
  }

  get secrets(): unknown[] {
    return this.db.prepare('SELECT place, hash FROM secrets ORDER BY place').raw().all();
  }

  get type() {
    if (this.#type === undefined) throw new Error(`no type ${this.#typeName}`);
    return this.#type;
  }

  #base(id: string) {
    return { endpointId: 'e', log: undefined, type: this.#typeName, id, now: NOW };
  }
}

function kinds(outcomes: readonly Outcome[]): (string | boolean)[] {
  return outcomes.map((outcome) => (outcome.ok ? outcome.result.changed : String(outcome.error)));
}

t.test('unique values follow the resource', async (t) => {
  const rig = new Rig(t, 'Device', DEVICES);
  rig.run(rig.create('1', { number: 7, ports: [{ value: 'A' }, { value: 'b' }] }));
  const ports = (...keys: string[]) => keys.map((key) => ['ports.value', key]);
  t.same(rig.keys, [['number', '7'], ...ports('a', 'b')]);
  rig.run(await rig.patch('1', 'replace', 'notes', 'n'));
  t.same(rig.keys, [['number', '7'], ...ports('a', 'b')]);
  rig.run(await rig.patch('1', 'remove', 'number'));
  t.same(rig.keys, ports('a', 'b'));
  rig.run(rig.replace('1', { ports: [{ value: 'B' }, { value: 'c' }] }));
  t.same(rig.keys, ports('b', 'c'));
  rig.run(rig.delete('1'));
  t.same(rig.keys, []);
});

t.test('only what differs is written', async (t) => {
  const rig = new Rig(t, 'Device', DEVICES);
  rig.run(rig.create('1', { number: 7, ports: [{ value: 'a' }, { value: 'b' }] }));
  rig.statements.length = 0;
  rig.run(rig.replace('1', { number: 7, ports: [{ value: 'a' }, { value: 'c' }] }));
  const writes = rig.statements.filter((text) => /(INSERT|DELETE).*unique_values/.test(text));
  t.equal(writes.length, 2, writes.join('\n'));
});

t.test('one batch may pass a value on', async (t) => {
  const rig = new Rig(t, 'Device', DEVICES);
  rig.run(rig.create('1', { number: 7 }));
  const outcomes = rig.run(
    rig.create('2', { number: 7 }),
    await rig.patch('1', 'remove', 'number'),
    rig.create('2', { number: 7 }),
  );
  t.same(kinds(outcomes), ['ScimError: number 7 belongs to another Device', true, true]);
  t.same(rig.keys, [['number', '7']]);
});

t.test('secrets follow the resource, and are never in its document', async (t) => {
  const rig = new Rig(t, 'Device', DEVICES);
  const steps: [Command, unknown[]][] = [
    [rig.create('1', { place: { site: 's', code: hashOf('a') } }), [['place.code', hashOf('a')]]],
    [rig.replace('1', { place: { site: 'r' } }), [['place.code', hashOf('a')]]],
    [rig.replace('1', { notes: 'n' }), [['place.code', hashOf('a')]]],
    [await rig.patch('1', 'replace', 'place.code', 'b'), [['place.code', hashOf('b')]]],
    [await rig.patch('1', 'add', 'place', { code: 'c' }), [['place.code', hashOf('c')]]],
    [await rig.patch('1', 'remove', 'place'), []],
    [await rig.patch('1', 'add', 'place', { site: 't', code: 'd' }), [['place.code', hashOf('d')]]],
    [rig.replace('1', { place: { site: 't', code: '' } }), []],
  ];
  for (const [command, secrets] of steps) {
    t.same(kinds(rig.run(command)), [true], JSON.stringify(command));
    t.same(rig.secrets, secrets);
    t.notMatch(rig.db.prepare('SELECT document FROM resources').pluck().get(), /scrypt|code/);
  }
  rig.run(await rig.patch('1', 'add', 'place.code', 'e'), rig.delete('1'));
  t.same(rig.secrets, []);
});

t.test('an immutable secret is set once', async (t) => {
  const rig = new Rig(t, 'Device', DEVICES);
  const refusal = /ScimError: pin is immutable/;
  t.same(kinds(rig.run(rig.create('1', {}), await rig.patch('1', 'add', 'pin', 'a'))), [
    true,
    true,
  ]);
  t.match(kinds(rig.run(await rig.patch('1', 'replace', 'pin', 'b'))), [refusal]);
  t.match(kinds(rig.run(await rig.patch('1', 'remove', 'pin'))), [refusal]);
  t.match(kinds(rig.run(rig.replace('1', { pin: hashOf('b') }))), [refusal]);
  t.same(kinds(rig.run(rig.replace('1', { notes: 'n' }))), [true]);
  t.same(rig.secrets, [['pin', hashOf('a')]]);
});

t.test('what comes in clear is not stored, whoever sent it', async (t) => {
  const rig = new Rig(t, 'User', {});
  const outcomes = rig.run(rig.create('1', { userName: 'u', password: 'hunter2' }));
  t.same(kinds(outcomes), ['Error: password came to the store in clear']);
  t.same(rig.secrets, []);
  t.equal(rig.db.prepare('SELECT count(*) FROM resources').pluck().get(), 0);
});

t.test(
  'a type without unique values costs no statement, nor a change without secrets',
  async (t) => {
    const rig = new Rig(t, 'User', {});
    const outcomes = rig.run(
      rig.create('1', { userName: 'u' }),
      rig.replace('1', { userName: 'v' }),
      await rig.patch('1', 'replace', 'title', 't'),
    );
    t.same(kinds(outcomes), [true, true, true]);
    t.same(
      rig.statements.filter((text) => /unique_values|secrets/.test(text)),
      [],
    );
  },
);

t.test('a purged endpoint leaves neither', async (t) => {
  const rig = new Rig(t, 'Device', DEVICES);
  const body = { number: 1, ports: [{ value: 'p' }], pin: hashOf('a') };
  rig.run(rig.create('1', body), rig.create('2', { place: { code: hashOf('b') } }));
  t.equal(rig.keys.length + rig.secrets.length, 4);
  rig.run({ kind: 'deleteEndpoint', endpointId: 'e', log: undefined, now: NOW });
  while (rig.engine.purge(1));
  t.same([...rig.keys, ...rig.secrets], []);
});
