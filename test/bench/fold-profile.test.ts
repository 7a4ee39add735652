/** A CPU profile becomes a tree of functions: own time, time with what they call, waiting left out. */
import t from 'tap';
import { flamePage } from '../../bench/profile/flame.ts';
import { foldProfile, type Frame, hottest, threadName } from '../../bench/profile/fold.ts';

const node = (id: number, functionName: string, url: string, children: number[] = []) => ({
  id,
  callFrame: { functionName, scriptId: '0', url, lineNumber: 9, columnNumber: 0 },
  children,
});

const SRC = 'file:///somewhere/scimlane/src/';
/** main calls parse, which calls parse; commit is called from main; each sample is 100 µs. */
const PROFILE = JSON.stringify({
  nodes: [
    node(1, '(root)', '', [2, 3]),
    node(2, 'main', `${SRC}main.ts`, [4, 5]),
    node(3, '(idle)', ''),
    node(4, 'parse', `${SRC}scim/parse.ts`, [6]),
    node(5, 'commit <x>', `${SRC}db-worker/worker.ts`),
    node(6, 'parse', `${SRC}scim/parse.ts`),
  ],
  startTime: 1000,
  endTime: 2000,
  samples: [2, 4, 6, 3, 3, 5, 5, 4],
  timeDeltas: [0, 100, 100, 100, 100, 100, 100, 100],
});

function child(of: Frame | undefined, name: string): Frame | undefined {
  return [...(of?.children.values() ?? [])].find((frame) => frame.name === name);
}

t.test('time is that of the sample until the next one, in it and with what it calls', async (t) => {
  const root = foldProfile(PROFILE);
  const main = child(root, 'main');
  t.equal(root.totalUs, 500, 'without the two samples of waiting; the last one has no next');
  t.equal(main?.totalUs, 500);
  t.equal(main?.selfUs, 100);
  t.equal(child(main, 'parse')?.totalUs, 200);
  t.equal(child(main, 'parse')?.selfUs, 100);
  t.equal(child(main, 'commit <x>')?.selfUs, 200);
  t.equal(child(root, '(idle)'), undefined);
  t.equal(main?.place, 'src/main.ts:10', 'from the repository on, lines from 1');
});

t.test('only what lies in the window counts', async (t) => {
  const root = foldProfile(PROFILE, { fromUs: 1500, toUs: 2000 });
  t.equal(root.totalUs, 200);
  t.equal(child(child(root, 'main'), 'parse')?.totalUs, 0);
  t.equal(foldProfile(PROFILE, { fromUs: 5000, toUs: 6000 }).totalUs, 0);
});

t.test('a function that is called from several places is one in the list', async (t) => {
  const [first, second, third] = hottest(foldProfile(PROFILE), 3);
  t.match(first, { name: 'parse', selfUs: 200 });
  t.match(second, { name: 'commit <x>', selfUs: 200 });
  t.match(third, { name: 'main', selfUs: 100 });
});

t.test('the page shows names as text', async (t) => {
  const page = flamePage('create-user: writer thread', foldProfile(PROFILE));
  t.match(page, 'commit &lt;x&gt;');
  t.notMatch(page, 'commit <x>');
  t.notMatch(page, /NaN|undefined|https?:/);
});

t.test('a thread is known by the file it begins with', async (t) => {
  t.equal(threadName(PROFILE), 'writer');
  t.equal(threadName(`{"url":"${SRC}backup/jobs/worker.ts"}`), 'backup-job');
  t.equal(threadName('{}'), 'other');
});
