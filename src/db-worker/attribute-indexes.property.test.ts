/** Whatever is written, in whatever order: a complete index holds what the documents say. */
import fc from 'fast-check';
import Database from 'better-sqlite3';
import t from 'tap';
import { propertyRuns } from '../../test/support/property-runs.ts';
import type { JsonObject } from '../scim/json.ts';
import { signatureOf } from '../scim/resource/index-keys.ts';
import { migrate } from '../sqlite/migrate.ts';
import { MIGRATIONS } from '../sqlite/schema.ts';
import type { Command } from '../store/commands.ts';
import { IndexRig, userTypeWith } from './test/index-rig.ts';
import { WriteEngine } from './write-engine.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const PATHS = ['emails.value', 'title', 'active', `${ENTERPRISE}:department`];
const TYPES = PATHS.map((_, count) => userTypeWith(PATHS.slice(0, count + 1)));

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const word = fc.constantFrom('x', 'X', 'y', 'ß', 'ss', '');
// An address may be the name, which is the id.
const email = fc.record({ value: fc.oneof(word, id), type: word }, { requiredKeys: [] });
const body = fc
  .record(
    {
      title: word,
      active: fc.boolean(),
      emails: fc.array(email, { maxLength: 3 }),
      department: word,
    },
    { requiredKeys: [] },
  )
  .map(({ title, active, emails, department }): JsonObject => ({
    ...(title !== undefined && { title }),
    ...(active !== undefined && { active }),
    ...(emails !== undefined && { emails: emails.map((each) => ({ ...each })) }),
    ...(department !== undefined && { [ENTERPRISE]: { department } }),
  }));
const paths = fc.subarray(PATHS);
/** What who sends a command takes for the endpoint's: right, or of another time. */
const type = fc.constantFrom(...TYPES);

type Make = (rig: IndexRig) => Command;
type Step =
  | { readonly do: 'write'; readonly makes: readonly Make[] }
  | { readonly do: 'fail' | 'build' | 'purge' | 'reopen' };

/** Gives a closure its type. */
function made(make: Make): Make {
  return make;
}

const emails = fc.array(email, { maxLength: 2 });
const removable = fc.constantFrom('emails', 'title', 'active');
const command = fc.oneof(
  fc.tuple(id, type, body).map(([of, known, has]) => made((rig) => rig.create(known, of, has))),
  fc.tuple(id, type, body).map(([of, known, has]) => made((rig) => rig.create(known, of, has))),
  fc.tuple(id, type, body).map(([of, known, has]) => made((rig) => rig.replace(known, of, has))),
  fc.tuple(id, emails).map(([of, has]) => made((rig) => rig.patch(of, 'add', 'emails', [...has]))),
  fc.tuple(id, word).map(([of, has]) => made((rig) => rig.patch(of, 'replace', 'title', has))),
  fc.tuple(id, removable).map(([of, path]) => made((rig) => rig.patch(of, 'remove', path))),
  id.map((of) => made((rig) => rig.delete(of))),
  paths.map((wanted) => made((rig) => rig.setIndexed(wanted))),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc
    .array(command, { minLength: 1, maxLength: 4 })
    .map((makes) => ({ do: 'write' as const, makes })),
  fc.constantFrom('build', 'purge', 'fail', 'reopen').map((each) => ({ do: each })),
);

function carryOut(rig: IndexRig, next: Step): void {
  switch (next.do) {
    case 'write':
      rig.run(...next.makes.map((make) => make(rig)));
      return;
    case 'fail':
      // The batch fails as one at its end, with all that was done in it.
      rig.db.exec(
        "CREATE TEMP TRIGGER no_commit BEFORE UPDATE ON state BEGIN SELECT raise(ROLLBACK, 'no'); END",
      );
      rig.run(rig.setIndexed(PATHS), rig.create(userTypeWith(PATHS), 'f', { title: 'never' }));
      rig.db.exec('DROP TRIGGER no_commit');
      return;
    case 'build':
      rig.engine.buildIndexes({ rows: 2, length: 1e6 });
      return;
    case 'purge':
      rig.engine.purge(1);
      return;
    case 'reopen':
      rig.engine = new WriteEngine(rig.db);
  }
}

/** @throws Error when a complete index differs from the documents */
function check(rig: IndexRig): number {
  const compared = rig.compared(PATHS);
  for (const { path, is, should } of compared) {
    if (JSON.stringify(is) !== JSON.stringify(should)) {
      throw new Error(`${path}: ${JSON.stringify(is)} should be ${JSON.stringify(should)}`);
    }
  }
  return compared.length;
}

t.test('random histories', (t) => {
  let looks = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), paths, (steps, last) => {
      const db = new Database(':memory:');
      try {
        migrate(db, MIGRATIONS, 0);
        const rig = new IndexRig(db);
        rig.createEndpoint(PATHS.slice(0, 1));
        for (const next of steps) {
          carryOut(rig, next);
          looks += check(rig);
        }
        rig.run(rig.setIndexed(last));
        rig.settle(3);
        const wanted = userTypeWith(last).indexed.map(signatureOf).sort();
        if (JSON.stringify(rig.signatures) !== JSON.stringify(wanted)) {
          throw new Error(`indexed: ${JSON.stringify(rig.signatures)}`);
        }
        if (check(rig) !== wanted.length) throw new Error('an index was not finished');
        rig.run(rig.deleteEndpoint());
        rig.settle();
        if (rig.keyCount !== 0 || rig.signatures.length > 0) throw new Error('something is left');
      } finally {
        db.close();
      }
    }),
    propertyRuns(t, { seed: 1, numRuns: 150 }),
  );
  t.ok(looks > 500, 'indexes were complete in between');
  t.end();
});
