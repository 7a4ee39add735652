/** A batch without savepoints, done again where need be, ends like one that had them from the start. */
import Database from 'better-sqlite3';
import fc from 'fast-check';
import t from 'tap';
import { propertyRuns } from '../../test/support/property-runs.ts';
import { ScimError } from '../scim/errors.ts';
import type { PatchOperation, PatchPath } from '../scim/patch/operation.ts';
import { migrate } from '../sqlite/migrate.ts';
import { MIGRATIONS } from '../sqlite/schema.ts';
import type { Command } from '../store/commands.ts';
import { insertEndpoint } from './test/endpoint-row.ts';
import { WriteEngine, type Outcome } from './write-engine.ts';

const NOW = 1_700_000_000_000;
const BASE = { endpointId: 'e', log: undefined, now: NOW };
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
/** Fails, changes nothing, and is a command of operators: a batch with it has savepoints. */
const FORCES_SAVEPOINTS: Command = {
  ...BASE,
  kind: 'noteCredentialUse',
  credentialId: 'none',
};

const id = fc.constantFrom('g1', 'g2', 'g3', 'g4');
const name = fc.constantFrom('One', 'ONE', 'two', 'three');
/** `nobody` is refused, after those before it have joined. */
const members = fc.array(fc.constantFrom('g1', 'g2', 'g3', 'nobody'), { maxLength: 3 });
const ifMatch = fc.constantFrom(undefined, undefined, undefined, 'W/"1"');

function stored(of: string, displayName: string) {
  const document = JSON.stringify({ schemas: [GROUP], id: of, displayName });
  return { document, name: displayName, display: displayName, externalId: undefined };
}

function at(attribute: string): PatchPath {
  return { text: attribute, attribute };
}

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.tuple(id, name, fc.option(members, { nil: undefined })).map(([of, named, has]) => ({
    ...BASE,
    ...stored(of, named),
    kind: 'create' as const,
    type: 'Group',
    id: of,
    members: has,
    secrets: undefined,
  })),
  fc
    .tuple(id, name, fc.option(members, { nil: undefined }), ifMatch)
    .map(([of, named, has, when]) => ({
      ...BASE,
      ...stored(of, named),
      kind: 'replace' as const,
      type: 'Group',
      id: of,
      ifMatch: when,
      members: has,
      secrets: undefined,
    })),
  fc.tuple(id, members, name, ifMatch).map(([of, has, named, when]) => ({
    ...BASE,
    kind: 'patch' as const,
    type: 'Group',
    id: of,
    ifMatch: when,
    needsSecrets: false,
    operations: JSON.stringify([
      { op: 'add', path: at('members'), value: has.map((value) => ({ value })) },
      { op: 'replace', path: at('displayName'), value: named },
    ] satisfies PatchOperation[]),
  })),
  fc.tuple(id, ifMatch).map(([of, when]) => ({
    ...BASE,
    kind: 'delete' as const,
    type: 'Group',
    id: of,
    ifMatch: when,
  })),
);
const batches = fc.array(fc.array(command, { minLength: 1, maxLength: 6 }), { maxLength: 8 });

class Side {
  readonly db = new Database(':memory:');
  readonly engine: WriteEngine;

  constructor() {
    migrate(this.db, MIGRATIONS, NOW);
    insertEndpoint(this.db, 'e', NOW, { preset: 'rfc-strict' });
    this.engine = new WriteEngine(this.db);
  }

  run(commands: readonly Command[]): string[] {
    return this.engine.run(commands).map(told);
  }

  /** What is stored. */
  content(): unknown {
    const tables = ['resources', 'members', 'attribute_keys'];
    return [
      ...tables.map((table) => this.db.prepare(`SELECT * FROM ${table}`).all()),
      // The shape of a list is drawn with more or less caution: a rollback forgets where it ended.
      this.db.prepare('SELECT endpoint, type, count FROM resource_counts').all(),
      this.db.prepare('SELECT commit_sequence, change_sequence FROM state').all(),
    ];
  }
}

function told(outcome: Outcome): string {
  if (outcome.ok) return JSON.stringify(outcome);
  const { error } = outcome;
  if (!(error instanceof ScimError)) throw error;
  return `${error.status} ${error.message}`;
}

t.test('random batches', (t) => {
  let repeated = 0;
  let refused = 0;
  fc.assert(
    fc.property(batches, (history) => {
      const bare = new Side();
      const careful = new Side();
      try {
        for (const batch of history) {
          const ended = bare.run(batch);
          const [, ...should] = careful.run([FORCES_SAVEPOINTS, ...batch]);
          if (JSON.stringify(ended) !== JSON.stringify(should)) {
            throw new Error(`${ended.join('\n')}\nshould be\n${should.join('\n')}`);
          }
          refused += ended.filter((each) => !each.startsWith('{')).length;
        }
        const is = JSON.stringify(bare.content());
        const should = JSON.stringify(careful.content());
        if (is !== should) throw new Error(`${is}\nshould be\n${should}`);
        if (careful.engine.repeatedBatches > 0) throw new Error('a batch with savepoints repeated');
        repeated += bare.engine.repeatedBatches;
      } finally {
        bare.db.close();
        careful.db.close();
      }
    }),
    propertyRuns(t, { seed: 22, numRuns: 300 }),
  );
  t.ok(repeated > 30, `${repeated} batches were done again`);
  t.ok(refused > 100, `${refused} commands were refused`);
  t.end();
});
