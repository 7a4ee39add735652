/**
 * Kill -9 under concurrent writes, and the disk is gone with the process. The next one restores from
 * the storage: what it holds is exactly the state after so many commits, with every write that the
 * status had said to be stored, and every one that was old enough.
 */
import t from 'tap';
import { backupStats } from '../support/backed-up-server.ts';
import { CrashRounds, roundsOf } from './crash-rounds.ts';

/**
 * A commit waits for the next pass (the ship interval), then for one segment and one head to be
 * written. The rest of this second and a half is for a machine that does a dozen other things.
 */
const SHIPPED_WITHIN_MS = 100 + 1500;
const ROUNDS = roundsOf(5);
/** The last round writes so much that most of it is older than that at the kill. */
const LAST_ROUND_WRITES = 2000;

t.test(`${ROUNDS} rounds`, { timeout: 60_000 + ROUNDS * 10_000 }, async (t) => {
  const rounds = await CrashRounds.start(t, {
    env: {},
    diskLost: true,
    mustBeThere: ({ acknowledgedAt }, killedAt) =>
      (acknowledgedAt ?? Infinity) < killedAt - SHIPPED_WITHIN_MS,
  });
  const { admin, server } = rounds.backedUp;
  for (let round = 1; round <= ROUNDS; round += 1) {
    await rounds.round(t, round === ROUNDS ? { writes: LAST_ROUND_WRITES } : {});
    const { gaps, start, restoredFromSnapshot } = await backupStats(admin);
    t.equal(start.choice, 'restored', start.explanation);
    t.equal(restoredFromSnapshot, true);
    t.equal(gaps, 0, 'the chain goes on from what was restored');
  }
  const { acknowledged, due, lost, known } = rounds.tally;
  t.comment(
    `${acknowledged} writes acknowledged, ${due} old enough, ${known} known to be stored, ${lost} lost`,
  );
  t.ok(known > 0, 'some of the writes were known to be stored before the kill');
  t.equal((await server.stop()).code, 0);
});
