/**
 * With `ACK=remote` a write is answered when the storage has it. Kill -9 under concurrent writes,
 * the disk gone with the process: every acknowledged write is there, none is missing.
 */
import t from 'tap';
import { backupStats } from '../support/backed-up-server.ts';
import { CrashRounds, roundsOf } from './crash-rounds.ts';

const ROUNDS = roundsOf(3);

t.setTimeout(120_000 + ROUNDS * 30_000);

t.test(`${ROUNDS} rounds`, async (t) => {
  const rounds = await CrashRounds.start(t, {
    env: { ACK: 'remote' },
    diskLost: true,
    mustBeThere: ({ acknowledged }) => acknowledged,
  });
  const { admin, server } = rounds.backedUp;
  for (let round = 1; round <= ROUNDS; round += 1) {
    const { startKilled } = await rounds.round(t);
    const { gaps, start } = await backupStats(admin);
    // A start that was killed may have come to the end of its restore before.
    const choice = startKilled && start.choice === 'local' ? 'local' : 'restored';
    t.equal(start.choice, choice, start.explanation);
    t.equal(gaps, 0);
  }
  const { acknowledged, due, lost } = rounds.tally;
  t.ok(acknowledged > ROUNDS);
  t.equal(due, acknowledged);
  t.equal(lost, 0);
  t.equal((await server.stop()).code, 0);
});
