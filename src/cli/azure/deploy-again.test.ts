/** A deploy onto what is there: what it must find out first, keep, and not touch. */
import t from 'tap';
import { newAzure, type StandInState, wordsOfCall } from './test/az-stand-in.ts';
import { FIRST, runAzureLine, SECRET } from './test/run-azure.ts';

const CREATE = 'deployment group create';
const DEACTIVATE = 'containerapp revision deactivate';
const ANOTHER = 'deploy --group rg --image example.io/scimlane:2';

async function deployed(line = FIRST): Promise<StandInState> {
  const azure = newAzure();
  const ran = await runAzureLine(azure, line);
  if (ran.code !== 0) throw new Error(ran.stderr);
  azure.calls.length = 0;
  return azure;
}

function words(azure: StandInState): string[] {
  return azure.calls.map(wordsOfCall);
}

t.test('an app of whose deployment nothing is known is left alone', async (t) => {
  for (const line of [ANOTHER, `${ANOTHER} --storage-account other --discard-data`]) {
    const azure = await deployed();
    azure.forgotten = true;
    const ran = await runAzureLine(azure, line);
    t.equal(ran.code, 1);
    t.match(
      ran.stderr,
      /no record of how this app was deployed.* under the name scimlane-scimlane/,
    );
    t.notOk(words(azure).includes(DEACTIVATE));
  }
});

t.test('the storage account is the one that the app has, whatever a record says', async (t) => {
  const azure = await deployed();
  azure.accountOfApp = 'another';
  const ran = await runAzureLine(azure, ANOTHER);
  t.match(ran.stderr, /the storage account is another, and the backups are there/);
  t.notOk(words(azure).includes(DEACTIVATE));
});

t.test('the same again changes nothing, whether or not Azure tells defaults', async (t) => {
  for (const tellsDefaults of [true, false]) {
    const azure = newAzure({ group: true, tellsDefaults });
    const line = 'deploy --group rg --image example.io/scimlane:1';
    t.equal((await runAzureLine(azure, line)).code, 0);
    t.equal(azure.deployed?.['location'], 'westeurope', 'of the group');
    azure.calls.length = 0;
    for (const again of [line, 'deploy --group rg', `${line} --location westeurope`]) {
      t.match((await runAzureLine(azure, again)).stdout, /nothing was changed/, again);
    }
    t.notOk(words(azure).includes(DEACTIVATE));
  }
});

t.test('a deployment that is under way is waited for', async (t) => {
  const azure = await deployed();
  azure.looksUntilEnd = 3;
  const ran = await runAzureLine(azure, ANOTHER);
  t.equal(ran.code, 0, ran.stderr);
  const looks = words(azure).filter((each) => each === 'deployment group list');
  t.equal(looks.length, 3);
  t.ok(words(azure).lastIndexOf('deployment group list') < words(azure).indexOf(DEACTIVATE));
  azure.looksUntilEnd = 10_000;
  azure.calls.length = 0;
  const endless = await runAzureLine(azure, FIRST);
  t.match(endless.stderr, /is under way and does not end/);
  t.notOk(words(azure).includes(DEACTIVATE));
});

t.test('a first deployment that went on without its az is finished, not begun anew', async (t) => {
  const azure = newAzure({ outlivesItsAz: true });
  const broken = await runAzureLine(azure, FIRST);
  t.equal(broken.code, 1);
  t.match(broken.stderr, /az containerapp secret show/);
  azure.calls.length = 0;
  const again = await runAzureLine(azure, FIRST);
  t.equal(again.code, 0, again.stderr);
  t.match(again.stdout, /nothing was changed/);
  t.equal(azure.secrets['scim-shared-secret'], SECRET);
  t.notOk(words(azure).includes(CREATE));
});

t.test('nothing is started beside a change that goes on without its az', async (t) => {
  const azure = await deployed();
  azure.outlivesItsAz = true;
  const broken = await runAzureLine(azure, ANOTHER);
  t.match(broken.stderr, /the connection was lost; look with scimlane azure status/);
  t.same(
    azure.revisions.filter(({ active }) => active).map(({ image }) => image),
    ['example.io/scimlane:2'],
  );
  t.match((await runAzureLine(azure, ANOTHER)).stdout, /nothing was changed/);
});

t.test('a deployment that failed is made again', async (t) => {
  const azure = await deployed();
  azure.failed = true;
  t.equal((await runAzureLine(azure, FIRST)).code, 0);
  t.ok(words(azure).includes(CREATE));
});

t.test('domains that were bound to the app stay bound', async (t) => {
  const azure = await deployed();
  const domain = { name: 'scim.example.com', bindingType: 'SniEnabled', certificateId: '/c/1' };
  azure.customDomains = [domain];
  t.match((await runAzureLine(azure, FIRST)).stdout, /nothing was changed/);
  t.equal((await runAzureLine(azure, ANOTHER)).code, 0);
  t.same(azure.customDomains, [domain]);
});

t.test('a storage account that is there is taken only with the tags of this app', async (t) => {
  const line = `${FIRST} --storage-account mine`;
  const taken = { name: 'mine', tags: { application: 'else', app: 'scimlane' } };
  const azure = newAzure({ group: true, accounts: [taken] });
  const refused = await runAzureLine(azure, line);
  t.equal(refused.code, 1);
  t.match(refused.stderr, /the storage account mine is there and not of this app/);
  t.notOk(words(azure).includes(CREATE));
  taken.tags.application = 'scimlane';
  t.equal((await runAzureLine(azure, line)).code, 0);
});

t.test('what is not named stays, and a region cannot be changed', async (t) => {
  const azure = await deployed(`${FIRST} --storage files`);
  t.equal((await runAzureLine(azure, 'deploy --group rg --environment prod')).code, 0);
  t.equal(azure.deployed?.['storage'], 'files');
  const moved = await runAzureLine(azure, 'deploy --group rg --location northeurope');
  t.match(moved.stderr, /the app is in westeurope, and cannot move/);
  t.equal(azure.deployed?.['location'], 'westeurope');
});
