import t from 'tap';
import { newAzure, type StandInState, wordsOfCall } from './test/az-stand-in.ts';
import { FIRST, runAzureLine, SECRET } from './test/run-azure.ts';

/** What changes something in Azure. */
const CHANGES =
  /^(provider register|group create|deployment group create|containerapp (update|revision (de)?activate))$/;

function changesIn(state: StandInState): string[] {
  return state.calls.map(wordsOfCall).filter((words) => CHANGES.test(words));
}

/** What there is, however it came to be. */
function madeIn({ registered, group, accounts, deployed, revisions, secrets }: StandInState) {
  return { registered: registered.toSorted(), group, accounts, deployed, revisions, secrets };
}

t.test('the first deploy makes everything and shows the token once', async (t) => {
  const azure = newAzure();
  const first = await runAzureLine(azure, FIRST);
  t.equal(first.code, 0, first.stderr);
  t.equal(first.stdout.split(SECRET).length, 2, 'once');
  t.match(
    first.stdout,
    /SCIM base +https:\/\/scimlane\.example\.azurecontainerapps\.io\/scim\/v2\n/,
  );
  t.match(first.stdout, /storage +blob scimlane[a-z0-9]{13}\/scimlane\n/);
  t.same(changesIn(azure), [
    'provider register',
    'provider register',
    'provider register',
    'provider register',
    'group create',
    'deployment group create',
  ]);
  t.equal(azure.deployed?.['cpu'], '2', 'the preset of production');

  azure.calls.length = 0;
  const second = await runAzureLine(azure, FIRST);
  t.equal(second.code, 0, second.stderr);
  t.match(second.stdout, /nothing was changed/);
  t.same(changesIn(azure), [], 'a second run changes nothing');
  t.notOk(second.stdout.includes(SECRET), 'the token is not shown again');
  t.notOk(JSON.stringify(azure.calls).includes(SECRET), 'and is in no argument');
});

t.test('a deploy that broke off at any call is finished by the next', async (t) => {
  const whole = newAzure();
  await runAzureLine(whole, FIRST);
  const calls = whole.calls.length;
  t.ok(calls > 10);
  for (const failsLate of [false, true]) {
    for (let failAt = 1; failAt <= calls; failAt += 1) {
      const azure = newAzure({ failAt, failsLate });
      const broken = await runAzureLine(azure, FIRST);
      const what = `call ${failAt}, ${wordsOfCall(whole.calls[failAt - 1] ?? [])}, ${failsLate ? 'late' : 'early'}`;
      // A look at the health of the app is repeated; its failure is none of the deployment.
      if (broken.code === 1) t.match(broken.stderr, /ServiceUnavailable|made to fail/, what);
      else t.equal(broken.code, 0, what);
      t.notOk(broken.stderr.includes(SECRET), `${what}: the token is not in the error`);
      azure.failAt = undefined;
      const again = await runAzureLine(azure, FIRST);
      t.equal(again.code, 0, `${what}: ${again.stderr}`);
      t.same(madeIn(azure), madeIn(whole), `${what}: the same as without`);
      const created = changesIn(azure).filter((words) => words === 'group create');
      t.ok(
        created.length <= (wordsOfCall(whole.calls[failAt - 1] ?? []) === 'group create' ? 2 : 1),
      );
      const shown = `${broken.stdout}${again.stdout}`.split(SECRET).length - 1;
      t.ok(shown <= 1, `${what}: shown once at most`);
      if (shown === 0)
        t.match(broken.stderr, /az containerapp secret show/, `${what}: where it is`);
    }
  }
});

t.test(
  'another setting stops what runs before it deploys, and keeps image and token',
  async (t) => {
    const azure = newAzure();
    await runAzureLine(azure, FIRST);
    await runAzureLine(azure, 'upgrade --group rg --image example.io/scimlane:2');
    azure.calls.length = 0;
    const ran = await runAzureLine(azure, 'deploy --group rg --storage files --json');
    t.equal(ran.code, 0, ran.stderr);
    t.same(changesIn(azure), ['containerapp revision deactivate', 'deployment group create']);
    t.equal(azure.deployed?.['image'], 'example.io/scimlane:2');
    t.equal(azure.deployed?.['sharedSecret'], SECRET);
    t.equal(azure.deployed?.['cpu'], '2', 'what was not named stays');
    t.match(JSON.parse(ran.stdout), { changed: true, image: 'example.io/scimlane:2' });
    t.notMatch(ran.stdout, /sharedSecret/);
  },
);

t.test('a change that needs no new revision starts the stopped one again', async (t) => {
  const azure = newAzure();
  await runAzureLine(azure, FIRST);
  const ran = await runAzureLine(azure, 'deploy --group rg --alert-email ops@example.com');
  t.equal(ran.code, 0, ran.stderr);
  t.equal(changesIn(azure).at(-1), 'containerapp revision activate');
  t.equal(azure.revisions.filter(({ active }) => active).length, 1);
});

t.test('a token that is brought along is taken, and not shown', async (t) => {
  const azure = newAzure();
  const own = '0123456789abcdef'.repeat(3).replace('0', 'q');
  const ran = await runAzureLine(azure, FIRST, { SCIM_SHARED_SECRET: own });
  t.equal(ran.code, 0, ran.stderr);
  t.equal(azure.secrets['scim-shared-secret'], own);
  t.notOk(ran.stdout.includes(own));
  const weak = await runAzureLine(newAzure(), FIRST, { SCIM_SHARED_SECRET: 'short' });
  t.equal(weak.code, 2);
  t.match(weak.stderr, /SCIM_SHARED_SECRET: takes a bearer token of at least 32/);
});

t.test('a secret for tokens is made when it is asked for, once', async (t) => {
  const azure = newAzure();
  await runAzureLine(azure, FIRST);
  t.equal(azure.secrets['jwt-secret'], undefined);
  await runAzureLine(azure, 'deploy --group rg --jwt-secret');
  const made = azure.secrets['jwt-secret'];
  t.match(made, /^[0-9a-f]{64}/);
  azure.calls.length = 0;
  const again = await runAzureLine(azure, 'deploy --group rg --jwt-secret');
  t.same([azure.secrets['jwt-secret'], changesIn(azure)], [made, []]);
  t.notOk(again.stdout.includes(made ?? ''));
});

t.test('what-if changes nothing and shows no secret', async (t) => {
  const empty = newAzure();
  const nothing = await runAzureLine(empty, `${FIRST} --what-if`);
  t.match(nothing.stdout, /would register the resource provider Microsoft.App\n/);
  t.match(nothing.stdout, /would make the resource group rg in westeurope\n/);
  t.same(changesIn(empty), []);
  const azure = newAzure();
  await runAzureLine(azure, FIRST);
  azure.calls.length = 0;
  const ran = await runAzureLine(azure, 'deploy --group rg --storage files --what-if');
  t.equal(ran.code, 0, ran.stderr);
  t.match(ran.stdout, /files/);
  t.notOk(ran.stdout.includes(SECRET));
  t.same(changesIn(azure), []);
});

t.test('what cannot be is refused before anything is changed', async (t) => {
  const refused = async (azure: StandInState, line: string): Promise<string> => {
    azure.calls.length = 0;
    const ran = await runAzureLine(azure, line);
    t.not(ran.code, 0, line);
    t.same(
      changesIn(azure).filter((words) => words !== 'provider register'),
      [],
      line,
    );
    return ran.stderr;
  };
  t.match(await refused(newAzure(), 'deploy --group rg --image a.io/b:1'), /--location/);
  t.match(await refused(newAzure({ group: true }), 'deploy --group rg'), /needs --image/);
  const bare = newAzure();
  t.match(await refused(bare, 'deploy --group rg --location westeurope'), /needs --image/);
  t.notOk(bare.calls.map(wordsOfCall).includes('provider register'));
  t.match(await refused(newAzure({ loggedIn: false }), FIRST), /run az login/);
  t.match(await refused(newAzure(), 'add-storage --group rg'), /no resource group rg/);
  t.match(
    await refused(newAzure({ group: true }), 'add-storage --group rg'),
    /needs --image|deploy/,
  );
  const taken = newAzure({ group: true, takenNames: ['mine'] });
  t.match(
    await refused(taken, `${FIRST} --storage-account mine`),
    /mine is taken: choose another with --storage-account/,
  );
  const azure = newAzure();
  await runAzureLine(azure, FIRST);
  t.match(await refused(azure, 'deploy --group rg --environment dev'), /network of its own/);
  t.match(await refused(azure, 'deploy --group rg --storage-account other'), /backups are there/);
  t.match(await refused(azure, 'deploy --group rg --storage none'), /--discard-data/);
});

t.test('storage is added to an app without, once its data may go', async (t) => {
  const azure = newAzure();
  await runAzureLine(azure, `${FIRST} --storage none`);
  azure.calls.length = 0;
  const refused = await runAzureLine(azure, 'add-storage --group rg');
  t.equal(refused.code, 1);
  t.match(refused.stderr, /has no storage: .* --discard-data/);
  t.same(changesIn(azure), []);
  const added = await runAzureLine(azure, 'add-storage --group rg --discard-data');
  t.equal(added.code, 0, added.stderr);
  t.match(added.stdout, /storage +blob scimlane/);
  t.equal(azure.secrets['scim-shared-secret'], SECRET, 'the token stays');
  azure.calls.length = 0;
  const again = await runAzureLine(azure, 'add-storage --group rg');
  t.match(again.stdout, /nothing was changed/);
  t.same(changesIn(azure), []);
});

t.test('a change that broke off at any call leaves the app running, and is finished', async (t) => {
  const line = 'deploy --group rg --storage files --image example.io/scimlane:2';
  const deployed = async (): Promise<StandInState> => {
    const azure = newAzure();
    await runAzureLine(azure, FIRST);
    azure.calls.length = 0;
    return azure;
  };
  const whole = await deployed();
  t.equal((await runAzureLine(whole, line)).code, 0);
  for (const failsLate of [false, true]) {
    for (let failAt = 1; failAt <= whole.calls.length; failAt += 1) {
      const azure = await deployed();
      Object.assign(azure, { failAt, failsLate });
      const what = `${wordsOfCall(whole.calls[failAt - 1] ?? [])}, ${failsLate ? 'late' : 'early'}`;
      const broken = await runAzureLine(azure, line);
      t.equal(azure.revisions.filter(({ active }) => active).length, 1, `${what}: one runs`);
      azure.failAt = undefined;
      const again = await runAzureLine(azure, line);
      t.equal(again.code, 0, `${what}: ${again.stderr}`);
      t.same(madeIn(azure), madeIn(whole), `${what}: the same as without`);
      t.notOk(`${broken.stdout}${broken.stderr}${again.stdout}`.includes(SECRET), what);
    }
  }
});
