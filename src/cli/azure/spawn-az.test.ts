/** The real way: `az` on the path, here the stand-in as a process, with its state in a file. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join, win32 } from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { AzMissing } from './ports.ts';
import { createRunAz, findAz } from './spawn-az.ts';
import { newAzure } from './test/az-stand-in.ts';
import { runCommand } from '../../../test/support/command.ts';

const STAND_IN = pathToFileURL(join(import.meta.dirname, 'test', 'az-process.ts')).href;

/** Puts it on a path of its own. @returns the environment that finds it, and its calls */
function install(folder: string): {
  env: Readonly<Record<string, string>>;
  calls: () => string[][];
} {
  const state = join(folder, 'state.json');
  writeFileSync(state, JSON.stringify(newAzure()));
  const az = join(folder, 'az');
  writeFileSync(az, `#!${process.execPath}\nimport(${JSON.stringify(STAND_IN)});\n`);
  chmodSync(az, 0o755);
  return {
    env: { PATH: folder, AZ_STAND_IN_STATE: state },
    calls: () => (JSON.parse(readFileSync(state, 'utf8')) as { calls: string[][] }).calls,
  };
}

t.test('a deploy with az on the path: every argument arrives, no secret is one', async (t) => {
  const { env, calls } = install(t.testdir());
  const words = 'azure deploy --group rg --location westeurope --image a.io/b:1 --json';
  const { code, stdout, stderr } = await runCommand(words.split(' '), env);
  t.equal(code, 0, stderr);
  const result = JSON.parse(stdout) as { sharedSecret: string; storages: string[] };
  t.match(result.sharedSecret, /^[0-9a-f]{64}$/);
  t.match(result.storages, [/^blob /]);
  t.ok(calls().length > 8);
  t.notOk(JSON.stringify(calls()).includes(result.sharedSecret));
  t.match(calls()[0], ['account', 'show', '--output', 'json']);
});

t.test('no shell stands between: what looks like a command is an argument', async (t) => {
  const { env, calls } = install(t.testdir());
  const run = createRunAz(env, process.platform);
  const odd = ['a;b', '$(c)', '"d', "e'", '%PATH%', 'f\ng', ''];
  const { code, stderr } = await run(odd, { timeoutMs: 30_000 });
  t.equal(code, 2, stderr);
  t.same(calls(), [odd]);
});

t.test('the time limit ends az and what it has started', async (t) => {
  const folder = t.testdir();
  const az = join(folder, 'az');
  // As the script of the Debian package does: no exec, so that a shell waits. Both hold the pipe.
  writeFileSync(az, '#!/bin/sh\n/bin/sleep 1000\necho never\n');
  chmodSync(az, 0o755);
  const run = createRunAz({ PATH: folder }, process.platform);
  const { code, stdout, stderr } = await run(['account', 'show'], { timeoutMs: 50 });
  t.equal(code, 1);
  t.equal(stdout, '');
  t.match(stderr, /az was ended by SIGTERM/);
});

t.test('a signal that ends the command is handed on to az', async (t) => {
  const folder = t.testdir({ told: '' });
  const az = join(folder, 'az');
  const told = join(folder, 'told');
  const lines = [
    `trap 'kill $!; echo ended >>${told}; exit' INT`,
    '/bin/sleep 1000 &',
    'echo up; wait',
  ];
  writeFileSync(az, `#!/bin/sh\n${lines.join('\n')}\n`);
  chmodSync(az, 0o755);
  const watcher = watch(told);
  t.teardown(() => watcher.close());
  const changed = once(watcher, 'change');
  const script = `
    import { createRunAz } from ${JSON.stringify(new URL('./spawn-az.ts', import.meta.url).href)};
    await createRunAz({ PATH: ${JSON.stringify(folder)} }, process.platform)(['x'], {
      timeoutMs: 0,
      onText: (text) => process.stdout.write(text),
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  const closed = once(child, 'close');
  child.stdout.once('data', () => child.kill('SIGINT'));
  await closed;
  t.equal(child.signalCode, 'SIGINT');
  await changed;
});

t.test('without az the line says where to get it', async (t) => {
  const { code, stderr } = await runCommand(['azure', 'status', '--group', 'rg'], {
    PATH: t.testdir(),
  });
  t.equal(code, 1);
  t.match(stderr, /the Azure command line \(az\) is not installed/);
});

t.test('on Windows the Python of az is started, not its batch file', (t) => {
  const find = (files: string[], path: string) =>
    findAz({ Path: path }, 'win32', (file) => files.includes(win32.normalize(file)));
  const wbin = 'C:\\Program Files\\Microsoft SDKs\\Azure\\CLI2\\wbin';
  const python = 'C:\\Program Files\\Microsoft SDKs\\Azure\\CLI2\\python.exe';
  t.same(find([`${wbin}\\az.cmd`, python], `C:\\Windows;${wbin}`), {
    file: python,
    before: ['-IBm', 'azure.cli'],
  });
  t.same(
    find(['D:\\venv\\Scripts\\az.bat', 'D:\\venv\\Scripts\\python.exe'], 'D:\\venv\\Scripts'),
    {
      file: 'D:\\venv\\Scripts\\python.exe',
      before: ['-IBm', 'azure.cli'],
    },
  );
  t.same(find(['C:\\shims\\az.exe'], 'C:\\shims'), { file: 'C:\\shims\\az.exe', before: [] });
  t.throws(() => find([], wbin), AzMissing);
  t.end();
});
