/** A storage that does not answer, and does not even hear that it is left: nobody else waits for it. */
import t from 'tap';
import { fetchDatabase } from './fetch-database.ts';
import { readRemote } from './remote.ts';
import type { Storage } from './storage/storage.ts';
import { Lab, until } from './test/lab.ts';
import { createUser } from '../../test/support/lab-commands.ts';
import { startService } from './test/lab-service.ts';

const DEAF = { kind: 'deaf' } as const;

// The time limits of signals do not keep a process alive; a server's sockets and ports do.
const alive = setInterval(() => undefined, 1000);
t.teardown(() => clearInterval(alive));

t.test('a deaf storage is told in the status; the other has everything', async (t) => {
  const lab = new Lab(t.testdir(), { storages: 2 });
  const running = await startService(lab, 1000);
  const { service, writer } = running;
  await service.snapshotNow();
  const [deaf, healthy] = lab.storages;
  if (deaf !== undefined) deaf.outage = DEAF;
  writer.commit([createUser('ada')]);
  running.pass();
  const status = () => service.status().storages;
  await until(
    () => status()[1]?.sequence === 1 && status()[0]?.state === 'retrying',
    () => JSON.stringify(status()),
  );
  t.match(status()[0], {
    sequence: 0,
    waitingSegments: 1,
    lastError: `${deaf?.sound.label} did not answer within`,
  });
  t.match(await service.snapshotNow(), { sequence: 1 }, 'one storage is enough');
  t.equal(status()[1]?.snapshots, 2);
  t.match(lab.warnings.join('\n'), deaf?.sound.label);
  t.notMatch(lab.warnings.join('\n'), healthy?.sound.label);

  const shipped = await service.finish(200);
  t.equal(shipped, false, 'not everything is everywhere');
  writer.close();
});

t.test('after it answers again it has everything', async (t) => {
  const lab = new Lab(t.testdir());
  const running = await startService(lab, 1000);
  const { service, writer } = running;
  await service.snapshotNow();
  const [storage] = lab.storages;
  if (storage !== undefined) storage.outage = DEAF;
  writer.commit([createUser('ada')]);
  running.pass();
  const status = () => service.status().storages[0];
  await until(
    () => status()?.state === 'retrying',
    () => JSON.stringify(status()),
  );
  storage?.recover();
  t.equal(await service.finish(60_000), true);
  t.equal(status()?.sequence, 1);
  writer.close();
});

t.test('finish keeps its budget when a snapshot waits for a deaf storage', async (t) => {
  const lab = new Lab(t.testdir());
  const { service, writer } = await startService(lab, 60_000);
  const [storage] = lab.storages;
  // The upload comes through; the list does not.
  storage?.plan({ fault: DEAF, operation: 'create', prefix: 'manifest/' });
  const snapshot = t.rejects(service.snapshotNow());
  await until(
    () => service.status().snapshotRunning,
    () => 'no snapshot runs',
  );
  t.equal(await service.finish(100), false);
  await snapshot;
  writer.close();
});

t.test('a deaf storage does not hold up a start for longer than it may', async (t) => {
  const lab = new Lab(t.testdir());
  const [storage] = lab.storages;
  if (storage !== undefined) storage.outage = DEAF;
  await t.rejects(lab.start({ timeoutMs: 100 }), {
    name: 'StorageError',
    message: new RegExp(`^${storage?.sound.label} did not answer within 100 ms`),
  });
  const server = await lab.start({ timeoutMs: 100, required: false });
  t.equal(server.start.choice, 'new');
  t.match(lab.warnings, [/did not answer within 100 ms; the server starts without this storage/]);
  t.match(server.fleet.statuses(), [{ state: 'retrying' }]);
  await server.fleet.stop({ release: true });
  await server.kill({ disk: 'lost' });
});

t.test('a restore from a deaf storage ends with its signal', async (t) => {
  const lab = new Lab(t.testdir());
  const server = await lab.start();
  await server.snapshot();
  await server.kill({ disk: 'lost' });
  for (const prefix of ['head/', 'manifest/', 'wal/', 'snapshots/']) {
    await t.rejects(restoreFrom(lab, prefix), { name: 'TimeoutError' }, prefix);
  }
});

async function restoreFrom(lab: Lab, deafFor: string): Promise<void> {
  const [storage] = lab.storages;
  if (storage === undefined) return;
  storage.recover();
  storage.plan({ fault: DEAF, prefix: deafFor });
  await restore(storage.faulty, lab);
}

async function restore(storage: Storage, lab: Lab): Promise<void> {
  const signal = AbortSignal.timeout(100);
  const remote = await readRemote(storage, signal);
  if (remote === undefined) return;
  await fetchDatabase(remote, {
    target: {},
    into: `${lab.folder}/restored.db`,
    scratch: `${lab.folder}/download`,
    jobs: lab.jobs,
    signal,
    warn: () => undefined,
  });
}

t.test('a flush that is under way when the shipper stops ends, and does not spin', async (t) => {
  const lab = new Lab(t.testdir(), { requestTimeoutMs: 200 });
  const server = await lab.start();
  await server.snapshot();
  const [storage] = lab.storages;
  if (storage !== undefined) storage.outage = { kind: 'before', code: 'unavailable' };
  server.writer.commit([createUser('ada')]);
  server.pass();
  const [shipper] = server.shippers;
  const flushed = shipper?.flush(new AbortController().signal);
  await shipper?.stop({ release: false });
  t.equal(await flushed, false);
  await server.kill({ disk: 'lost' });
});

t.test('a flush of a storage that needs a snapshot leaves the thread to others', async (t) => {
  const lab = new Lab(t.testdir());
  const server = await lab.start();
  const [shipper] = server.shippers;
  t.ok(shipper?.needsSnapshot);
  t.equal(await shipper?.flush(AbortSignal.timeout(20)), false);
  await server.kill({ disk: 'lost' });
});
