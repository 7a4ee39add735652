/** Restores that are interrupted, storages of other versions, clocks that jump, and drills. */
import { readFileSync, writeFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { decodeDocument, encodeDocument } from './document.ts';
import type { Jobs } from './jobs/client.ts';
import { runDrill } from './drill.ts';
import { Lab, type LabServer } from './test/lab.ts';
import { createUser } from '../../test/support/lab-commands.ts';
import type { LabStorage } from './test/lab-storage.ts';

const YEAR_MS = 365 * 24 * 3_600_000;

function commit(server: LabServer, id: string): void {
  server.writer.commit([createUser(id, 500)]);
}

/** One snapshot, two segments; the disk is lost. */
async function stored(t: Test): Promise<{ lab: Lab; storage: LabStorage; hash: string }> {
  const lab = new Lab(t.testdir());
  const [storage] = lab.storages;
  if (storage === undefined) throw new Error('the lab has a storage');
  const server = await lab.start();
  await server.snapshot();
  for (const id of ['ada', 'bob']) {
    commit(server, id);
    await server.ship();
  }
  const hash = server.writer.contentHash();
  await server.kill({ disk: 'lost' });
  return { lab, storage, hash };
}

/** Jobs of which one breaks, as when the process is killed there. */
function breaking(jobs: Jobs, method: 'buildDatabase', after: boolean): Jobs {
  return {
    takeSnapshot: (...args) => jobs.takeSnapshot(...args),
    takeLogSnapshot: (...args) => jobs.takeLogSnapshot(...args),
    inspectDatabase: (...args) => jobs.inspectDatabase(...args),
    close: () => jobs.close(),
    [method]: async (...args: Parameters<Jobs['buildDatabase']>) => {
      if (after) await jobs.buildDatabase(...args);
      throw new Error('the process is killed here');
    },
  };
}

for (const after of [false, true]) {
  t.test(
    `a restore that ends ${after ? 'after' : 'before'} it has built is run again`,
    async (t) => {
      const { lab, hash } = await stored(t);
      const jobs = breaking(lab.jobs, 'buildDatabase', after);
      await t.rejects(lab.start({ jobs }), /killed here/);
      const server = await lab.start();
      t.equal(server.writer.restoredHash(), hash);
      await server.kill({ disk: 'lost' });
    },
  );
}

t.test('a download that broke off for good is begun again by the next start', async (t) => {
  const { lab, storage, hash } = await stored(t);
  const cut = { kind: 'cut', at: 50, code: 'refused' } as const;
  storage.plan({ fault: cut, operation: 'read', prefix: 'snapshots/' });
  await t.rejects(lab.start(), { name: 'StorageError', message: /snapshots\// });
  const server = await lab.start();
  t.equal(server.writer.restoredHash(), hash);
  await server.kill({ disk: 'lost' });
});

for (const prefix of ['head/', 'manifest/']) {
  t.test(`a newer format of ${prefix} is refused by its name`, async (t) => {
    const { lab, storage } = await stored(t);
    const name = await storage.newest(prefix);
    const path = `${storage.folder}/${name}`;
    const fields = decodeDocument(name, readFileSync(path)) as object;
    writeFileSync(path, encodeDocument({ ...fields, format: 2 }));
    await t.rejects(lab.start(), {
      name: 'UnknownFormat',
      message: new RegExp(`^${name} is of format 2, and this version of Scimlane reads format 1`),
    });
  });
}

t.test('a clock that jumps a year ahead, and back, loses nothing', async (t) => {
  const lab = new Lab(t.testdir());
  let server = await lab.start();
  await server.snapshot();
  for (const jump of [0, YEAR_MS, -YEAR_MS, -YEAR_MS, 2 * YEAR_MS]) {
    lab.clock.advance(jump);
    commit(server, `user-${server.writer.sequence}`);
    await server.snapshot();
    commit(server, `user-${server.writer.sequence}`);
    await server.ship();
    const hash = server.writer.contentHash();
    await server.kill({ disk: 'lost' });
    server = await lab.start();
    t.equal(server.writer.restoredHash(), hash);
    t.same(server.gaps, []);
  }
  await server.kill({ disk: 'lost' });
});

function drill(server: LabServer, storage: LabStorage) {
  return runDrill({
    databasePath: server.lab.databasePath,
    storage: storage.sound,
    scratch: `${server.lab.diskFolder}/drill`,
    jobs: server.lab.jobs,
    clock: server.lab.clock,
    signal: new AbortController().signal,
    cutAt: (sequence) => server.spooling.cutAt(sequence),
    shipped: async (sequence) => {
      await server.ship();
      return (server.shippers[0]?.sequence ?? 0) >= sequence;
    },
    warn: server.lab.warn,
  });
}

t.test('a drill of a healthy chain is well, and names its position', async (t) => {
  const { lab, storage } = await stored(t);
  const server = await lab.start();
  commit(server, 'unspooled');
  t.match(await drill(server, storage), { ok: true, sequence: 4, problem: undefined });
  await server.kill({ disk: 'lost' });
});

t.test('a drill finds a damaged segment, by its name', async (t) => {
  const { lab, storage } = await stored(t);
  const server = await lab.start();
  const name = await storage.newest('wal/');
  storage.flipBit(name);
  t.match(await drill(server, storage), { ok: false, problem: new RegExp(name) });
  await server.kill({ disk: 'lost' });
});

t.test('a drill finds content that differs although every object is whole', async (t) => {
  const { lab, storage } = await stored(t);
  const server = await lab.start();
  await server.ship();
  const jobs = lab.jobs;
  // The restored database is another one than was built.
  const other: Jobs = {
    ...breaking(jobs, 'buildDatabase', false),
    buildDatabase: (...args) => jobs.buildDatabase(...args),
    inspectDatabase: async (job, ...rest) => {
      const facts = await jobs.inspectDatabase(job, ...rest);
      return job.path.includes('/drill/') ? { ...facts, contentSha256: 'other' } : facts;
    },
  };
  const result = await runDrill({
    databasePath: lab.databasePath,
    storage: storage.sound,
    scratch: `${lab.diskFolder}/drill`,
    jobs: other,
    clock: lab.clock,
    signal: new AbortController().signal,
    cutAt: (sequence) => server.spooling.cutAt(sequence),
    shipped: () => Promise.resolve(true),
    warn: lab.warn,
  });
  t.match(result, { ok: false, problem: 'the content differs' });
  await server.kill({ disk: 'lost' });
});
