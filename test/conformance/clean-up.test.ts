/** What a run creates is removed at the end, also when it was cut short. */
import t from 'tap';
import { rowsOf } from './all-rows.ts';
import { plain } from './described.ts';
import { startOwnServer } from './own-server.ts';
import { runRows } from './run-rows.ts';
import { Target } from './target.ts';

const ROWS = rowsOf('7644-3.7').concat(rowsOf('7644-3.3.1'));
const servers = await startOwnServer(t);

async function left(target: Target): Promise<readonly number[]> {
  const paths = target.resourceTypes.map(({ endpoint }) => plain(endpoint));
  const lists = await Promise.all(paths.map((path) => target.http.send('GET', `${path}?count=0`)));
  return lists.map((list) => list.numberAt('totalResults'));
}

t.test('nothing is left of a whole run', async (t) => {
  const target = await Target.discover(servers.default);
  const before = await left(target);
  await runRows(ROWS, target, { strict: false, lanes: 4 });
  t.ok(target.http.createdCount > 0);
  t.same(await target.http.removeCreated(), []);
  t.same(await left(target), before);
});

t.test('nothing is left of a run that was interrupted', async (t) => {
  const target = await Target.discover(servers['rfc-strict']);
  const before = await left(target);
  const interrupted = new AbortController();
  const results = await runRows(ROWS, target, {
    strict: true,
    lanes: 2,
    signal: interrupted.signal,
    onResult: () => interrupted.abort(),
  });
  t.ok(results.length < ROWS.length);
  t.ok(target.http.createdCount > 0);
  t.same(await target.http.removeCreated(), []);
  t.same(await left(target), before);
});
