/**
 * Kill -9 under concurrent writes, and the disk stays: nothing acknowledged is lost, and the backup
 * goes on where it was, without a gap and without a snapshot.
 */
import t from 'tap';
import { backupStats, shipped } from '../support/backed-up-server.ts';
import { CrashRounds, roundsOf } from './crash-rounds.ts';

const ROUNDS = roundsOf(3);

t.setTimeout(120_000 + ROUNDS * 30_000);

t.test(`${ROUNDS} rounds`, async (t) => {
  const rounds = await CrashRounds.start(t, {
    env: {},
    diskLost: false,
    mustBeThere: ({ acknowledged }) => acknowledged,
  });
  const { admin, server } = rounds.backedUp;
  const snapshots = (await backupStats(admin)).storages[0]?.snapshots;
  for (let round = 1; round <= ROUNDS; round += 1) {
    await rounds.round(t);
    const stats = await shipped(admin);
    t.equal(stats.start.choice, 'local', stats.start.explanation);
    t.equal(stats.gaps, 0);
    t.equal(stats.storages[0]?.snapshots, snapshots, 'the chain goes on');
  }
  const { acknowledged, due, lost } = rounds.tally;
  t.equal(due, acknowledged);
  t.equal(lost, 0);
  t.match((await admin.post('/verify', undefined)).body, { ok: true, problems: [] });
  t.equal((await server.stop()).code, 0);
});
