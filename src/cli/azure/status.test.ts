import t from 'tap';
import { newAzure } from './test/az-stand-in.ts';
import { FIRST, runAzureLine, SECRET } from './test/run-azure.ts';

t.test('status tells what runs; the exit code, whether it is healthy', async (t) => {
  const azure = newAzure();
  await runAzureLine(azure, FIRST);
  const ran = await runAzureLine(azure, 'status --group rg');
  t.equal(ran.code, 0, ran.stderr);
  t.match(ran.stdout, /^scimlane in rg \(Trial\): healthy\n/);
  t.match(ran.stdout, /deployment +succeeded\n/);
  t.match(ran.stdout, /scimlane--0000001 .* example\.io\/scimlane:1 +Running, Healthy\n/);
  t.notOk(ran.stdout.includes(SECRET));
  const [revision] = azure.revisions;
  if (revision !== undefined) revision.active = false;
  const stopped = await runAzureLine(azure, 'status --group rg --json');
  t.equal(stopped.code, 1);
  t.match(JSON.parse(stopped.stdout), { healthy: false, revisions: [{ active: false }] });
});

t.test('logs hands on what the app says', async (t) => {
  const azure = newAzure();
  await runAzureLine(azure, FIRST);
  const ran = await runAzureLine(azure, 'logs --group rg --tail 20 --system');
  t.equal(ran.code, 0, ran.stderr);
  t.equal(ran.stdout, '{"msg":"listening"}\n');
  t.same(azure.calls.at(-1)?.slice(3), [
    ...['--name', 'scimlane', '--resource-group', 'rg', '--tail', '20'],
    ...['--type', 'system', '--format', 'text'],
  ]);
});

t.test('every call names the subscription that was asked for', async (t) => {
  const azure = newAzure();
  await runAzureLine(azure, `${FIRST} --subscription trial`);
  t.ok(azure.calls.length > 8);
  for (const call of azure.calls)
    t.same(call.slice(-2), ['--subscription', 'trial'], call.join(' '));
});

t.test('help is told without asking Azure', async (t) => {
  const azure = newAzure();
  const ran = await runAzureLine(azure, '--help');
  t.equal(ran.code, 0);
  t.match(ran.stdout, /--what-if/);
  t.same(azure.calls, []);
});
