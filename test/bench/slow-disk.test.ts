/** Servers whose syncs take longer: what they are, what is skipped where that cannot be had. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import t from 'tap';
import { chosenScenarios } from '../../bench/catalogue.ts';
import { parseOptions } from '../../bench/options.ts';
import { createUserSlowDisk } from '../../bench/scenarios/create-user-slow-disk.ts';
import { createUser } from '../../bench/scenarios/create-user.ts';
import { runnable, slowDiskPrefix, whyNoSlowDisk } from '../../bench/slow-disk.ts';

t.test('without a delay nothing stands before the command', async (t) => {
  t.same(slowDiskPrefix(0), []);
  t.match(slowDiskPrefix(2).at(-1), /:delay_exit=2000$/, 'microseconds');
});

const cannot = whyNoSlowDisk(2) ?? false;

t.test('what is started is the process itself, not its tracer', { skip: cannot }, async (t) => {
  const [program = '', ...args] = slowDiskPrefix(2);
  const child = spawn(program, [...args, process.execPath, '-p', 'process.pid'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  t.equal((await text(child.stdout)).trim(), String(child.pid));
  t.same(await ended, [0, null]);
});

t.test('a scenario that cannot run here is skipped, with why', async (t) => {
  const said: string[] = [];
  const say = (line: string): void => void said.push(line);
  const both = [createUser, createUserSlowDisk];
  t.same(
    runnable(both, () => undefined, say),
    both,
  );
  t.same(said, []);
  t.same(
    runnable(both, () => 'no strace', say),
    [createUser],
  );
  t.same(said, ['create-user-slow-disk is skipped: no strace']);
});

t.test('it belongs to the full session, not to the main table', async (t) => {
  t.ok(chosenScenarios(parseOptions(['--full']))?.includes(createUserSlowDisk));
  t.notOk(chosenScenarios(parseOptions([]))?.includes(createUserSlowDisk));
});
