/** The writer beside a backup, through its client: when the WAL is kept, across stop and start. */
import { existsSync } from 'node:fs';
import t, { type Test } from 'tap';
import { systemClock } from '../platform/clock.ts';
import { openReader } from '../sqlite/open.ts';
import type { Command } from '../store/commands.ts';
import type { WriterEvents } from './client.ts';
import { startWriterThread } from './client.ts';
import { startWriterInProcess } from './in-process.ts';
import { commitFrames, salts } from './test/wal-file.ts';
import { WalGate } from './wal-gate.ts';
import type { Writer } from './writer.ts';

const ENDPOINT = '01890000-0000-7000-8000-00000000ffff';

interface Started {
  readonly writer: Writer;
  readonly gate: WalGate;
}

async function start(t: Test, path: string, place: 'thread' | 'in process'): Promise<Started> {
  const fail = (fault: unknown): void => void t.fail(String(fault));
  const events: WriterEvents = { warning: fail, damaged: fail, died: fail };
  const gate = WalGate.create();
  gate.allowOpen();
  const setup = {
    path,
    synchronous: 'NORMAL' as const,
    defaultEndpointId: ENDPOINT,
    gate: gate.buffer,
  };
  const writer =
    place === 'thread'
      ? await startWriterThread(setup, events)
      : await startWriterInProcess(setup, events, systemClock);
  return { writer, gate };
}

async function startSpooling(t: Test, path: string, place: 'thread' | 'in process') {
  const started = await start(t, path, place);
  started.gate.setGated(true);
  await started.writer.beginSpooling();
  return started;
}

function createUser(number: number, size = 0): Command {
  const id = `user-${number}`;
  return {
    kind: 'create',
    endpointId: ENDPOINT,
    log: undefined,
    type: 'User',
    id,
    now: 1,
    document: JSON.stringify({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      id,
      userName: id,
      title: 'x'.repeat(size),
    }),
    name: id,
    externalId: undefined,
    display: id,
    members: undefined,
    secrets: undefined,
  };
}

for (const place of ['thread', 'in process'] as const) {
  t.test(
    `${place}: each write is published, with the sequence that its result names`,
    async (t) => {
      const { writer, gate } = await startSpooling(t, `${t.testdir()}/data.db`, place);
      t.equal(gate.committed().generation, 1);
      for (let number = 1; number <= 5; number += 1) {
        const { sequence } = await writer.write(createUser(number));
        t.equal(sequence, number);
        t.equal(gate.committed().sequence, number);
      }
      await writer.close();
    },
  );
}

t.test('what is not spooled outlives a stop, and the next start goes on from it', async (t) => {
  const path = `${t.testdir()}/data.db`;
  const first = await startSpooling(t, path, 'in process');
  for (let number = 1; number <= 5; number += 1) await first.writer.write(createUser(number));
  const { frames } = first.gate.committed();
  const before = salts(path);
  await first.writer.close();
  t.equal(salts(path), before);

  const second = await startSpooling(t, path, 'in process');
  t.same(second.gate.committed(), { generation: 1, frames, sequence: 5 });
  await second.writer.write(createUser(6));
  t.equal(salts(path), before, 'the frames of the first process are still there');
  const committed = second.gate.committed();
  t.equal(commitFrames(path, committed.frames) - commitFrames(path, frames), 1);
  second.gate.publishSpooled(committed);
  await second.writer.close();
  t.notOk(existsSync(`${path}-wal`), 'now all of it is spooled');
});

t.test('until spooling begins, a start leaves the WAL of the last process alone', async (t) => {
  const path = `${t.testdir()}/data.db`;
  const first = await startSpooling(t, path, 'in process');
  for (let number = 1; number <= 12; number += 1) {
    await first.writer.write(createUser(number, 400_000));
  }
  await first.writer.close();
  const before = salts(path);

  const second = await start(t, path, 'in process');
  await second.writer.ping();
  await new Promise(setImmediate);
  const reader = openReader(path);
  t.teardown(() => reader.close());
  const [status] = reader.pragma('wal_checkpoint(NOOP)') as [{ log: number; checkpointed: number }];
  t.ok(status.log > 1000, 'a checkpoint is more than due');
  t.equal(status.checkpointed, 0);
  second.gate.setGated(true);
  await second.writer.beginSpooling();
  await second.writer.write(createUser(13));
  t.equal(salts(path), before);
  await second.writer.close();
});

t.test('a gate that is set while the writer runs takes hold at the next commit', async (t) => {
  const path = `${t.testdir()}/data.db`;
  const { writer, gate } = await start(t, path, 'in process');
  await writer.write(createUser(1));
  t.equal(gate.committed().generation, 0);
  gate.setGated(true);
  await writer.write(createUser(2));
  t.equal(gate.committed().sequence, 2);
  gate.setGated(false);
  await writer.write(createUser(3));
  t.equal(gate.committed().sequence, 2);
  await writer.close();
  t.notOk(existsSync(`${path}-wal`), 'nothing waits for a spool');
});

t.test('spooling does not begin before the gate is set', async (t) => {
  const { writer } = await start(t, `${t.testdir()}/data.db`, 'in process');
  await t.rejects(writer.beginSpooling(), { message: /the gate is not set/ });
  await writer.close();
});
