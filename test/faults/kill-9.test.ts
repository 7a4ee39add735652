/**
 * Kill -9 at random moments under concurrent writes. After each restart every acknowledged write is
 * there, every other is whole or absent, and the database is sound. SCIMLANE_KILL_ROUNDS runs other
 * and more rounds, SCIMLANE_SEED the same writes again.
 */
import { copyFileSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import type { Asserts, Scope } from '../support/asserts.ts';
import { ScimClient } from '../support/client.ts';
import { randomFrom, seedOf } from '../support/random.ts';
import { Server, temporaryFolder } from '../support/server.ts';
import { verify, Writer } from './acknowledged-writes.ts';

const ROUNDS = Number(process.env['SCIMLANE_KILL_ROUNDS'] ?? 15);
const WRITERS = 8;
const WRITES_MAX = 200;

const random = randomFrom(seedOf(t));
const server = await Server.start(t);
const scim = ScimClient.of(t, server);
let acknowledged = 0;
let killAt = Infinity;

/** Sends the signal in the middle of the others' writes, and only once a round. */
function onAcknowledged(): void {
  if (++acknowledged !== killAt) return;
  server.signal('SIGKILL');
}

const writers = Array.from(
  { length: WRITERS },
  (_, number) => new Writer(scim, randomFrom(random.below(2 ** 31)), `w${number}`, onAcknowledged),
);

/** On a copy: opening the files themselves would do the recovery that the server must do. */
function checkIntegrity(t: Asserts & Scope, round: number): void {
  const copy = temporaryFolder(t);
  for (const name of readdirSync(server.folder)) {
    if (!name.endsWith('-shm')) copyFileSync(join(server.folder, name), join(copy, name));
  }
  for (const name of readdirSync(copy).filter((file) => file.endsWith('.db'))) {
    const db = new Database(join(copy, name));
    t.equal(db.pragma('integrity_check', { simple: true }), 'ok', `round ${round}: ${name}`);
    t.same(db.pragma('foreign_key_check'), []);
    db.close();
  }
}

t.setTimeout(120_000 + ROUNDS * 30_000);

t.test(`${ROUNDS} rounds`, async (t) => {
  let underWay = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    killAt = acknowledged + 1 + random.below(WRITES_MAX);
    await Promise.all(writers.map((writer) => writer.run()));
    const exit = await server.exit;
    t.equal(exit.signal, 'SIGKILL', exit.stderr);
    checkIntegrity(t, round);
    await server.startAgain();
    underWay += await verify(t, scim, writers);
  }
  t.comment(`${acknowledged} writes acknowledged; ${underWay} more had taken effect`);
  t.equal((await server.stop()).code, 0);
  t.notOk(existsSync(`${server.databaseFile}-wal`), 'a clean stop leaves no WAL');
});
