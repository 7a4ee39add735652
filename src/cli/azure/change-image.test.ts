import t from 'tap';
import { imageBefore } from './change-image.ts';
import type { Revision } from './revisions.ts';
import { newAzure, type StandInState, wordsOfCall } from './test/az-stand-in.ts';
import { FIRST, runAzureLine } from './test/run-azure.ts';

const UPGRADE = 'upgrade --group rg --image example.io/scimlane:2';

function running(azure: StandInState): string[] {
  return azure.revisions.filter(({ active }) => active).map(({ image }) => image);
}

async function deployed(): Promise<StandInState> {
  const azure = newAzure();
  const ran = await runAzureLine(azure, FIRST);
  if (ran.code !== 0) throw new Error(ran.stderr);
  azure.calls.length = 0;
  return azure;
}

t.test('an upgrade stops what runs, waits until it is gone, and starts the image', async (t) => {
  const azure = await deployed();
  const ran = await runAzureLine(azure, UPGRADE);
  t.equal(ran.code, 0, ran.stderr);
  t.match(
    ran.stdout,
    /runs example\.io\/scimlane:2\n +revision .*\n +before +example\.io\/scimlane:1/,
  );
  t.same(running(azure), ['example.io/scimlane:2']);
  const words = azure.calls.map(wordsOfCall);
  t.same(words.slice(words.indexOf('containerapp revision deactivate')).slice(0, 4), [
    'containerapp revision deactivate',
    'containerapp revision list',
    'containerapp revision list',
    'containerapp update',
  ]);
  azure.calls.length = 0;
  const again = await runAzureLine(azure, `${UPGRADE} --json`);
  t.match(JSON.parse(again.stdout), { changed: false });
  t.notOk(azure.calls.map(wordsOfCall).includes('containerapp update'), 'nothing is done twice');
});

t.test(
  'an upgrade that broke off at any call leaves something running, and is finished',
  async (t) => {
    const whole = await deployed();
    await runAzureLine(whole, UPGRADE);
    const calls = whole.calls.length;
    t.ok(calls > 6);
    for (const failsLate of [false, true]) {
      for (let failAt = 1; failAt <= calls; failAt += 1) {
        const azure = await deployed();
        Object.assign(azure, { failAt, failsLate });
        const what = `${wordsOfCall(whole.calls[failAt - 1] ?? [])}, ${failsLate ? 'late' : 'early'}`;
        const broken = await runAzureLine(azure, UPGRADE);
        t.equal(running(azure).length, 1, `${what}: one runs`);
        azure.failAt = undefined;
        const again = await runAzureLine(azure, UPGRADE);
        t.equal(again.code, 0, `${what}: ${broken.stderr}${again.stderr}`);
        t.same(running(azure), ['example.io/scimlane:2'], what);
        t.equal(azure.revisions.length, 2, `${what}: one revision was made`);
      }
    }
  },
);

t.test('a failed change says whether the app serves', async (t) => {
  const azure = await deployed();
  const words = (
    await deployed().then(async (other) => {
      await runAzureLine(other, UPGRADE);
      return other.calls.map(wordsOfCall);
    })
  ).indexOf('containerapp update');
  azure.failAt = words + 1;
  const ran = await runAzureLine(azure, UPGRADE);
  t.equal(ran.code, 1);
  t.match(ran.stderr, /what ran before was started again\. Run the same command again/);
  t.same(running(azure), ['example.io/scimlane:1']);
});

t.test(
  'a rollback that broke off at any call is finished, and goes back one step only',
  async (t) => {
    const prepared = async (): Promise<StandInState> => {
      const azure = await deployed();
      for (const tag of [2, 3]) {
        await runAzureLine(azure, `upgrade --group rg --image example.io/scimlane:${tag}`);
      }
      azure.calls.length = 0;
      return azure;
    };
    const whole = await prepared();
    const ran = await runAzureLine(whole, 'rollback --group rg');
    t.equal(ran.code, 0, ran.stderr);
    t.same(running(whole), ['example.io/scimlane:2']);
    for (const failsLate of [false, true]) {
      for (let failAt = 1; failAt <= whole.calls.length; failAt += 1) {
        const azure = await prepared();
        Object.assign(azure, { failAt, failsLate });
        const broken = await runAzureLine(azure, 'rollback --group rg');
        azure.failAt = undefined;
        // A look at the app's health that fails is repeated by the same run.
        if (broken.code !== 0) await runAzureLine(azure, 'rollback --group rg');
        const what = wordsOfCall(whole.calls[failAt - 1] ?? []);
        t.same(running(azure), ['example.io/scimlane:2'], what);
      }
    }
    await runAzureLine(whole, 'rollback --group rg');
    t.same(running(whole), ['example.io/scimlane:1'], 'twice goes back two steps');
    const none = await runAzureLine(whole, 'rollback --group rg');
    t.match(none.stderr, /no other image ran before/);
    const named = await runAzureLine(whole, 'rollback --group rg --revision scimlane--0000003');
    t.equal(named.code, 0, named.stderr);
    t.same(running(whole), ['example.io/scimlane:3']);
    const unknown = await runAzureLine(whole, 'rollback --group rg --revision scimlane--9');
    t.match(unknown.stderr, /there is no revision scimlane--9; there are scimlane--/);
  },
);

t.test('a deployment that is under way is waited for', async (t) => {
  for (const line of [UPGRADE, 'rollback --group rg --revision scimlane--0000001']) {
    const azure = await deployed();
    azure.looksUntilEnd = 2;
    t.equal((await runAzureLine(azure, line)).code, 0, line);
    t.equal(azure.looksUntilEnd, 0);
  }
});

t.test('an upgrade asks what runs, not what was last asked for', async (t) => {
  const azure = await deployed();
  await runAzureLine(azure, UPGRADE);
  const [old, wanted] = azure.revisions;
  if (old === undefined || wanted === undefined) throw new Error('two were made');
  Object.assign(old, { active: true });
  Object.assign(wanted, { active: false });
  azure.calls.length = 0;
  const ran = await runAzureLine(azure, `${UPGRADE} --json`);
  t.match(JSON.parse(ran.stdout), { changed: true, before: 'example.io/scimlane:1' });
  t.same(running(azure), ['example.io/scimlane:2']);
  t.equal(azure.revisions.length, 2, 'its revision was there already');
});

t.test('a failed change of an app that was left stopped starts what is there', async (t) => {
  const stopped = async (): Promise<StandInState> => {
    const azure = await deployed();
    for (const revision of azure.revisions) revision.active = false;
    return azure;
  };
  const whole = await stopped();
  await runAzureLine(whole, UPGRADE);
  const azure = await stopped();
  azure.failAt = whole.calls.map(wordsOfCall).indexOf('containerapp update') + 1;
  const ran = await runAzureLine(azure, UPGRADE);
  t.match(ran.stderr, /what ran before was started again/);
  t.same(running(azure), ['example.io/scimlane:1']);
});

t.test('a rollback that does not serve yet is gone on with', (t) => {
  const revision = (image: string, health: string): Revision => ({
    name: `r-${image}`,
    image,
    createdAt: '',
    active: true,
    health,
    running: 'Running',
    replicas: 1,
  });
  const history = ['a', 'b', 'c', 'b'].map((image) => revision(image, 'Healthy')).toReversed();
  t.equal(imageBefore(history), 'a');
  t.equal(imageBefore([revision('b', 'Unhealthy'), ...history.slice(1)]), 'b');
  t.end();
});

t.test('without a storage nothing is changed, unless the data may go', async (t) => {
  const azure = newAzure();
  await runAzureLine(azure, `${FIRST} --storage none`);
  const refused = await runAzureLine(azure, UPGRADE);
  t.equal(refused.code, 1);
  t.match(refused.stderr, /goes with it in any change/);
  t.same(running(azure), ['example.io/scimlane:1']);
  t.equal((await runAzureLine(azure, `${UPGRADE} --discard-data`)).code, 0);
});

t.test('what-if of an upgrade, and an app that is not there', async (t) => {
  const azure = await deployed();
  const ran = await runAzureLine(azure, `${UPGRADE} --what-if`);
  t.equal(ran.stdout, 'would stop example.io/scimlane:1 and start example.io/scimlane:2\n');
  t.same(running(azure), ['example.io/scimlane:1']);
  const none = await runAzureLine(newAzure({ group: true }), UPGRADE);
  t.equal(none.code, 1);
  t.match(none.stderr, /no container app scimlane in the resource group rg/);
});
