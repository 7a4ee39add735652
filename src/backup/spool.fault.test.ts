/** A spool that is full, or that cannot be written: who loses what, and how it comes back. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { spoolFolderOf } from './spool-folder.ts';
import { Lab } from './test/lab.ts';
import { createUser } from '../../test/support/lab-commands.ts';

t.test('a full spool drops the backlog of the storage that is away, and no other', async (t) => {
  const lab = new Lab(t.testdir(), { storages: 2, spoolBytesMax: 30_000, requestTimeoutMs: 500 });
  const [away, healthy] = lab.storages;
  const server = await lab.start();
  await server.snapshot();
  await server.ship();
  if (away !== undefined) away.outage = { kind: 'before', code: 'unavailable' };
  const [awayShipper, healthyShipper] = server.shippers;
  const signal = new AbortController().signal;
  for (let user = 0; user < 12; user += 1) {
    server.writer.commit([createUser(`user-${user}`, 5000)]);
    // The segment is on its way to the healthy one when the next comes.
    server.pass();
    if (user % 3 === 2) t.ok(await healthyShipper?.flush(signal));
  }
  t.equal(healthyShipper?.sequence, 12);
  t.notOk(healthyShipper?.needsSnapshot);
  t.ok(awayShipper?.needsSnapshot);
  t.ok(server.spool.bytes < 30_000);
  t.match(lab.warnings.join('\n'), /the spool is full .* away for too long/);
  t.match(lab.warnings.join('\n'), new RegExp(`${away?.sound.label}: its backlog is given up`));
  t.notMatch(lab.warnings.join('\n'), new RegExp(`${healthy?.sound.label}: its backlog`));
  t.same(server.gaps, [], 'the run goes on');

  away?.recover();
  await server.snapshot();
  server.writer.commit([createUser('last')]);
  await server.ship();
  t.ok(awayShipper?.caughtUp);
  t.equal(awayShipper?.sequence, 13);
  const hash = server.writer.contentHash();
  await server.kill({ disk: 'lost' });
  // What was away is all there is now.
  if (healthy !== undefined) rmSync(`${healthy.folder}/head`, { recursive: true });
  const next = await lab.start();
  t.equal(next.writer.restoredHash(), hash);
  await next.kill({ disk: 'lost' });
});

t.test(
  'a spool that cannot be written lets the WAL go, is told once, and begins anew',
  async (t) => {
    const lab = new Lab(t.testdir());
    const server = await lab.start();
    await server.snapshot();
    await server.ship();
    const folder = spoolFolderOf(lab.databasePath);
    // A file in its place: also a server that is root cannot write into that.
    renameSync(folder, `${folder}.away`);
    writeFileSync(folder, '');
    const commitAndPass = (id: string): void => {
      server.writer.commit([createUser(id, 3000)]);
      server.pass();
      server.writer.housekeeping();
    };
    commitAndPass('one');
    t.ok(server.gate.gated, 'it may be a disk that is full for a moment');
    t.match(lab.warnings, [/the spool cannot be written: ENOTDIR/]);
    commitAndPass('two');
    t.notOk(server.gate.gated, 'the WAL must not fill the disk');
    t.match(server.gaps, [/nothing is spooled behind commit 0/]);
    for (let user = 0; user < 30; user += 1) commitAndPass(`more-${user}`);
    t.equal(server.gaps.length, 1);
    t.equal(lab.warnings.length, 1);
    t.notOk(server.gate.gated);

    rmSync(folder);
    renameSync(`${folder}.away`, folder);
    commitAndPass('back');
    commitAndPass('again');
    t.ok(server.gate.gated);
    t.notOk(server.spooler.closed);
    await server.ship();
    t.ok(server.shippers[0]?.needsSnapshot, 'commits are in no segment');
    await server.snapshot();
    commitAndPass('last');
    await server.ship();
    const hash = server.writer.contentHash();
    await server.kill({ disk: 'lost' });
    const next = await lab.start();
    t.equal(next.writer.restoredHash(), hash);
    await next.kill({ disk: 'lost' });
  },
);

t.test(
  'a position that could not be written leaves no second segment of one beginning',
  async (t) => {
    const lab = new Lab(t.testdir());
    const server = await lab.start();
    await server.snapshot();
    await server.ship();
    const position = `${spoolFolderOf(lab.databasePath)}/position.json`;
    // A folder in its place: the segment's rename succeeds, the position's does not.
    renameSync(position, `${position}.away`);
    mkdirSync(position);
    server.writer.commit([createUser('ada', 2000)]);
    server.pass();
    t.same(server.spool.segments, []);
    rmSync(position, { recursive: true });
    server.writer.commit([createUser('bob', 2000)]);
    await server.ship();
    t.notOk(server.shippers[0]?.needsSnapshot);
    const hash = server.writer.contentHash();
    await server.kill({ disk: 'lost' });
    const next = await lab.start();
    t.equal(next.writer.restoredHash(), hash);
    await next.kill({ disk: 'lost' });
  },
);
