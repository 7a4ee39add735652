/**
 * What the backup counts on: the commit frames of the WAL and the commit sequence grow together,
 * one by one, whatever the batches do. Otherwise a segment would look like a gap, or hide one.
 */
import fc from 'fast-check';
import t from 'tap';
import { propertyRuns } from '../../test/support/property-runs.ts';
import type { PatchOperation, PatchPath } from '../scim/patch/operation.ts';
import { parsePatchPath } from '../scim/path/parse.ts';
import { Checkpointer } from './checkpoint.ts';
import { openData } from './data-files.ts';
import { commitFrames } from './test/wal-file.ts';
import { WriteEngine } from './write-engine.ts';
import type { Command } from '../store/commands.ts';

const NOW = 1_700_000_000_000;
const FIRST_ENDPOINT = 'e0';
const NO_FIELDS = {
  displayName: undefined,
  description: undefined,
  config: undefined,
  active: undefined,
};

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** Few ids and few names, so that commands meet each other: conflicts, repeats, absent resources. */
const id = fc.constantFrom('1', '2', '3', '4', '5');
const name = fc.constantFrom('ada', 'Ada', 'bob', 'cyd');
const endpointId = fc.constantFrom(FIRST_ENDPOINT, FIRST_ENDPOINT, 'e1', 'e2');
const members = fc.option(fc.uniqueArray(fc.constantFrom('1', '2', '3', 'nobody')), {
  nil: undefined,
});

const user = fc
  .record({ endpointId, id, name, size: fc.constantFrom(0, 0, 9000) })
  .map(({ endpointId, id, name, size }) => ({
    endpointId,
    log: undefined,
    type: 'User',
    id,
    now: NOW,
    document: JSON.stringify({ schemas: [USER], id, userName: name, title: 'x'.repeat(size) }),
    name,
    externalId: undefined,
    display: name,
    members: undefined,
    secrets: undefined,
  }));
const group = fc
  .record({ endpointId, id, name, members })
  .map(({ endpointId, id, name, members }) => ({
    endpointId,
    log: undefined,
    type: 'Group',
    id: `g${id}`,
    now: NOW,
    document: JSON.stringify({ schemas: [GROUP], id: `g${id}`, displayName: name }),
    name: undefined,
    externalId: undefined,
    display: name,
    members,
    secrets: undefined,
  }));
const target = fc
  .record({ endpointId, type: fc.constantFrom('User', 'Group'), id })
  .map(({ endpointId, type, id }) => ({
    endpointId,
    log: undefined,
    type,
    id: type === 'User' ? id : `g${id}`,
    now: NOW,
    ifMatch: undefined,
  }));
const operations: fc.Arbitrary<PatchOperation[]> = fc.constantFrom(
  [{ op: 'replace', path: path('displayName'), value: 'dora' }],
  [{ op: 'replace', path: path('displayName'), value: 'ada' }],
  [{ op: 'add', path: path('members'), value: [{ value: '1' }] }],
  // Undone by its own second half, and refused at its second half.
  [
    { op: 'add', path: path('members'), value: [{ value: '2' }] },
    { op: 'remove', path: path('members[value eq "2"]') },
  ],
  [
    { op: 'add', path: path('members'), value: [{ value: '3' }] },
    { op: 'add', path: path('members'), value: [{ value: 'nobody' }] },
  ],
);
/** Undefined: it stays. Others have their indexes built, or dropped and purged. */
const config = fc.constantFrom(undefined, ...[[], ['title'], ['title', 'active']].map(indexing));
const endpoint = fc.record({ endpointId, name: fc.option(name, { nil: undefined }) });
const kind = <Kind extends Command['kind']>(kind: Kind) => ({ kind });

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: user.map((rest) => ({ ...kind('create'), ...rest })) },
  { weight: 2, arbitrary: group.map((rest) => ({ ...kind('create'), ...rest })) },
  user.map((rest) => ({ ...kind('replace'), ...rest, ifMatch: undefined })),
  group.map((rest) => ({ ...kind('replace'), ...rest, ifMatch: undefined })),
  fc.tuple(target, operations).map(([rest, list]) => ({
    ...kind('patch'),
    ...rest,
    operations: JSON.stringify(list),
    needsSecrets: false,
  })),
  target.map((rest) => ({ ...kind('delete'), ...rest })),
  endpoint.map(({ endpointId, name }) => ({
    ...kind('createEndpoint'),
    endpointId,
    log: undefined,
    now: NOW,
    fields: { name, ...NO_FIELDS },
  })),
  fc.tuple(endpoint, config).map(([{ endpointId, name }, config]) => ({
    ...kind('updateEndpoint'),
    endpointId,
    log: undefined,
    now: NOW,
    fields: { name, ...NO_FIELDS, config },
  })),
  endpoint.map(({ endpointId }) => ({
    ...kind('deleteEndpoint'),
    endpointId,
    log: undefined,
    now: NOW,
  })),
);

/** A batch, or a slice of a purge or of new indexes. */
const step = fc.oneof(
  { weight: 5, arbitrary: fc.array(command, { minLength: 1, maxLength: 6 }) },
  fc.constantFrom('purge' as const, 'build' as const),
);

function path(text: string): PatchPath {
  return parsePatchPath(text, { maxLength: 100, maxDepth: 1, maxNodes: 1 });
}

function indexing(indexedAttributes: readonly string[]) {
  return { indexedAttributes };
}

t.test('the WAL grows by one commit frame when the sequence grows by one, else not', async (t) => {
  const folder = t.testdir();
  let file = 0;
  const seen = { changed: 0, unchanged: 0, refusedAlone: 0, built: 0, patched: 0, repeated: 0 };
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 40 }), (steps) => {
      file += 1;
      const path = `${folder}/${file}.db`;
      const db = openData(path, { synchronous: 'NORMAL' }, NOW, FIRST_ENDPOINT);
      try {
        const engine = new WriteEngine(db);
        const warn = (): void => undefined;
        const options = { duePages: 1, resetPages: 1e9, alarmPages: 1e9, warn };
        const checkpointer = new Checkpointer(db, options);
        for (const step of steps) {
          const before = look();
          const outcomes = typeof step === 'string' ? [] : engine.run(step);
          const removed = step === 'purge' && engine.purge(2);
          const built = step === 'build' && engine.buildIndexes({ rows: 2, length: 1e6 }) === true;
          const after = look();
          const changed = removed || built || outcomes.some((o) => o.ok && o.result.changed);
          const grown = changed ? 1 : 0;
          t.equal(after.sequence - before.sequence, grown);
          t.equal(after.commits - before.commits, grown);
          if (!changed) t.equal(after.pages, before.pages);
          for (const outcome of outcomes) {
            if (outcome.ok) t.equal(outcome.result.sequence, after.sequence);
            // What no other answer has.
            if (outcome.ok && outcome.result.document !== undefined) seen.patched += 1;
          }
          if (built) seen.built += 1;
          if (changed) seen.changed += 1;
          else seen.unchanged += 1;
          if (outcomes.length > 0 && outcomes.every(({ ok }) => !ok)) seen.refusedAlone += 1;
        }
        t.equal(
          db.prepare('SELECT commit_sequence FROM state').pluck().get(),
          engine.commitSequence,
        );
        seen.repeated += engine.repeatedBatches;

        function look(): { sequence: number; pages: number; commits: number } {
          const { pages } = checkpointer.status();
          return { sequence: engine.commitSequence, pages, commits: commitFrames(path, pages) };
        }
      } finally {
        db.close();
      }
    }),
    propertyRuns(t, { seed: 1, numRuns: 30 }),
  );
  for (const [what, times] of Object.entries(seen)) t.ok(times > 0, `${what} came up`);
});
