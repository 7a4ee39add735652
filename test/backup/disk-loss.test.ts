/**
 * Kill -9 under concurrent writes, and the disk is gone with the process. The next one restores from
 * the storage: what it holds is exactly the state after so many commits, with every write that the
 * status had said to be stored.
 */
import t from 'tap';
import { backupStats } from '../support/backed-up-server.ts';
import { CrashRounds, roundsOf } from './crash-rounds.ts';

const ROUNDS = roundsOf(5);

t.setTimeout(120_000 + ROUNDS * 30_000);

t.test(`${ROUNDS} rounds`, async (t) => {
  const rounds = await CrashRounds.start(t, {
    env: {},
    diskLost: true,
    mustBeThere: () => false,
  });
  const { admin, server } = rounds.backedUp;
  for (let round = 1; round <= ROUNDS; round += 1) {
    // In the last one, shipping must have come along with the writes before the kill.
    const { startKilled } = await rounds.round(t, { untilStored: round === ROUNDS });
    const { gaps, start, restoredFromSnapshot } = await backupStats(admin);
    // A start that was killed may have come to the end of its restore before.
    const choice = startKilled && start.choice === 'local' ? 'local' : 'restored';
    t.equal(start.choice, choice, start.explanation);
    t.equal(restoredFromSnapshot, choice === 'restored');
    t.equal(gaps, 0, 'the chain goes on from what was restored');
  }
  const { acknowledged, lost, known } = rounds.tally;
  t.comment(`${acknowledged} writes acknowledged, ${known} known to be stored, ${lost} lost`);
  t.ok(known > 0, 'some of the writes were known to be stored before the kill');
  t.equal((await server.stop()).code, 0);
});
