/** What bulks cost in commits, on a writer in this thread; and what becomes of a slice on a full disk. */
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { systemClock } from '../platform/clock.ts';
import { LIMITS } from '../platform/limits.ts';
import type { BulkUnit, RequestLogEntry, ResourceWrite } from '../store/commands.ts';
import { type BulkResult, StoreError } from '../store/results.ts';
import { startWriterInProcess } from './in-process.ts';
import { openData } from './data-files.ts';
import { logPathOf } from './log-path.ts';
import { WriteEngine } from './write-engine.ts';
import type { Writer } from './writer.ts';

const ENDPOINT = '01890000-0000-7000-8000-00000000ffff';
const LOG: RequestLogEntry = {
  time: 1,
  requestId: 'r',
  endpointId: ENDPOINT,
  method: 'POST',
  target: '/scim/v2/Bulk',
  requestBytes: 7,
  status: 200,
  durationMs: undefined,
  detail: undefined,
};

async function open(t: Test): Promise<{ writer: Writer; path: string }> {
  const path = `${t.testdir()}/data.db`;
  const fail = (fault: unknown): void => void t.fail(String(fault));
  const setup = {
    path,
    synchronous: 'FULL',
    defaultEndpointId: ENDPOINT,
    gate: undefined,
  } as const;
  const events = { warning: fail, damaged: fail, died: fail };
  return { path, writer: await startWriterInProcess(setup, events, systemClock) };
}

function createUser(name: string, title = ''): ResourceWrite {
  return {
    kind: 'create',
    endpointId: ENDPOINT,
    log: undefined,
    type: 'User',
    id: name,
    now: 1,
    document: JSON.stringify({ schemas: [], id: name, userName: name, title }),
    name,
    externalId: undefined,
    display: name,
    members: undefined,
    secrets: undefined,
  };
}

function unitsOf(names: readonly string[]): BulkUnit[] {
  return names.map((name, position) => [
    { position, command: createUser(name), afterwards: undefined, needs: [] },
  ]);
}

function write(
  writer: Writer,
  names: readonly string[],
  log?: RequestLogEntry,
): Promise<BulkResult> {
  return writer.writeBulk({
    kind: 'bulk',
    endpointId: ENDPOINT,
    log,
    count: names.length,
    units: unitsOf(names),
    failOnErrors: undefined,
  });
}

/** How many operations each commit holds. */
function perCommit(results: readonly BulkResult[]): number[] {
  const counts = new Map<number, number>();
  for (const outcome of results.flatMap(({ outcomes }) => [...outcomes.values()])) {
    if (outcome.kind !== 'done') continue;
    const { sequence } = outcome.result;
    counts.set(sequence, (counts.get(sequence) ?? 0) + 1);
  }
  return [...counts.values()];
}

const names = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, at) => `${prefix}${at}`);

t.test('1,000 operations cost a commit for each slice', async (t) => {
  const { writer } = await open(t);
  const commits = perCommit([await write(writer, names('u', 1000))]);
  const { bulkSliceOperations } = LIMITS;
  t.same(commits, [
    ...Array.from({ length: Math.floor(1000 / bulkSliceOperations) }, () => bulkSliceOperations),
    1000 % bulkSliceOperations,
  ]);
  await writer.close();
});

t.test('bulks at once share commits, and none is larger than a commit may be', async (t) => {
  const { writer } = await open(t);
  const results = await Promise.all(
    names('b', 8).map((prefix) => write(writer, names(prefix, LIMITS.bulkSliceOperations))),
  );
  const commits = (8 * LIMITS.bulkSliceOperations) / LIMITS.commitBatchCommands;
  t.same(
    perCommit(results),
    Array.from({ length: commits }, () => LIMITS.commitBatchCommands),
  );
  await writer.close();
});

t.test('the row of a bulk is there with its answer, and says how long it took', async (t) => {
  const { writer, path } = await open(t);
  await write(writer, ['a', 'A'], LOG);
  const db = new Database(logPathOf(path), { readonly: true });
  const rows = db.prepare('SELECT detail, duration_ms AS durationMs FROM request_log').all();
  db.close();
  t.match(rows, [{ detail: '2 operations: 1 done, 1 failed' }]);
  t.ok((rows[0] as { durationMs: number }).durationMs > 0);
  await writer.close();
});

t.test('what a bulk leaves to be purged is purged', async (t) => {
  const { writer, path } = await open(t);
  const members = names('m', 1000);
  await write(writer, [...members, 'one-more']);
  const group = { ...createUser('group'), type: 'Group', members: [...members, 'one-more'] };
  const remove = { ...group, kind: 'delete' as const, ifMatch: undefined };
  for (const command of [group, remove]) {
    const units = [[{ position: 0, command, afterwards: undefined, needs: [] }]];
    const rest = { endpointId: ENDPOINT, log: undefined, count: 1, failOnErrors: undefined };
    const { outcomes } = await writer.writeBulk({ kind: 'bulk', units, ...rest });
    t.match(outcomes.get(0), { kind: 'done' });
  }
  const db = new Database(path, { readonly: true });
  const left = db.prepare('SELECT count(*) FROM garbage').pluck();
  for (let turn = 0; turn < 100 && left.get() !== 0; turn += 1) {
    await new Promise((next) => setImmediate(next));
  }
  t.equal(left.get(), 0);
  db.close();
  await writer.close();
});

t.test('on a full disk a slice fails whole, and with it the batch that it is in', async (t) => {
  const path = `${t.testdir()}/data.db`;
  const db = openData(path, { synchronous: 'FULL' }, 1, ENDPOINT);
  t.teardown(() => db.close());
  const engine = new WriteEngine(db);
  const before = engine.commitSequence;
  db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true })) + 2}`);
  const large = createUser('large', 'x'.repeat(200_000));
  const units = [
    ...unitsOf(['a', 'b']),
    [{ position: 2, command: large, afterwards: undefined, needs: [] }],
  ];
  const slice = { kind: 'bulkSlice' as const, units, failed: [], failuresLeft: undefined };
  for (const outcome of engine.run([createUser('c'), slice])) {
    t.ok(!outcome.ok && outcome.error instanceof StoreError && outcome.error.code === 'full');
  }
  t.equal(engine.commitSequence, before);
  t.equal(db.prepare('SELECT count(*) FROM resources').pluck().get(), 0);
});

t.test('a slice of which nothing is done leaves no commit', async (t) => {
  const path = `${t.testdir()}/data.db`;
  const db = openData(path, { synchronous: 'FULL' }, 1, ENDPOINT);
  t.teardown(() => db.close());
  const engine = new WriteEngine(db);
  engine.run([createUser('taken')]);
  const before = engine.commitSequence;
  const slice = {
    kind: 'bulkSlice' as const,
    units: unitsOf(['TAKEN']),
    failed: [],
    failuresLeft: 1,
  };
  const [outcome] = engine.run([slice]);
  t.match(outcome, { ok: true, operations: [{ outcome: { kind: 'failed' } }] });
  t.equal(engine.commitSequence, before);
});
