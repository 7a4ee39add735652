/**
 * The backup worker dies under load: another takes over and goes on where the first one was. Writes
 * are acknowledged all the while, and nothing of them is lost with the disk.
 */
import t from 'tap';
import { loseDisk, shipped, startBackedUp, statsWhen } from '../support/backed-up-server.ts';
import { entraUser } from '../support/entra.ts';
import { Inspector } from '../support/inspector.ts';

const WRITERS = 8;
const WRITES_BEFORE = 100;
const WRITES = 400;

for (const [acknowledge, expression] of [
  ['local', 'process.exit(7)'],
  ['remote', 'setImmediate(() => { throw new Error("injected fault"); })'],
] as const) {
  t.test(`with ACK=${acknowledge}`, async (t) => {
    const { server, scim, admin } = await startBackedUp(t, {
      env: { ACK: acknowledge },
      nodeArguments: ['--inspect=127.0.0.1:0'],
    });
    await shipped(admin);
    const inspector = await Inspector.attach(t, server);
    const acknowledged: string[] = [];
    let number = 0;
    let died: Promise<void> | undefined;
    const writers = Array.from({ length: WRITERS }, async () => {
      while (number < WRITES) {
        const answer = await scim.post('/Users', entraUser(`u${number++}`));
        if (answer.status !== 201) t.fail(`${answer.status} ${answer.text}`);
        acknowledged.push(answer.id);
        if (acknowledged.length >= WRITES_BEFORE) {
          died ??= inspector.evaluateInWorker('backup', expression);
        }
      }
    });
    await Promise.all(writers);
    await died;
    await server.printed(/the backup worker died .*another takes over/);
    await statsWhen(admin, 'another worker answers', ({ storages }) => storages[0]?.state === 'ok');
    const stats = await shipped(admin);
    t.equal(stats.gaps, 0, 'the chain goes on');
    // The one that takes over may need one, when the first died between a snapshot and its segments.
    const snapshots = stats.storages[0]?.snapshots ?? 0;
    t.ok(snapshots === 1 || snapshots === 2, `${snapshots} snapshots`);
    await server.kill();
    loseDisk(server);
    await server.startAgain();
    const found = await scim.get('/Users?count=0');
    t.equal(found.body['totalResults'], acknowledged.length);
  });
}
