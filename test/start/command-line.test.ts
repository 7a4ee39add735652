/**
 * `scimlane` as a process: which words run the server and which a command, from which Node. The
 * commands themselves are tested in `src/cli`.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';

const ROOT = join(import.meta.dirname, '..', '..');
const MAIN = join(ROOT, 'src', 'main.js');
const ENV = { PATH: process.env['PATH'] };

t.test('words run a command, with its exit code, and never the server', (t) => {
  const scimlane = (...words: string[]) =>
    spawnSync(process.execPath, [MAIN, ...words], { encoding: 'utf8', env: ENV });
  const help = scimlane('--help');
  t.equal(help.status, 0);
  t.match(help.stdout, /scimlane backup now/);
  const wrong = scimlane('serve');
  t.equal(wrong.status, 2);
  t.match(wrong.stderr, /^scimlane: there is no command "serve"/);
  t.equal(wrong.stdout, '');
  t.end();
});

t.test('the package has the command that npx runs', (t) => {
  const manifest: unknown = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  t.match(manifest, { bin: { scimlane: 'src/main.js' } });
  t.match(readFileSync(MAIN, 'utf8'), /^#!\/usr\/bin\/env node\n/);
  t.ok((statSync(MAIN).mode & 0o111) !== 0, 'it can be executed');
  t.end();
});

t.test('an old Node hands over to the newer one beside it, and ends as that one does', (t) => {
  const clone = t.testdir({ src: {}, preload: {} });
  const main = join(clone, 'src', 'main.js');
  copyFileSync(MAIN, main);
  writeFileSync(join(clone, 'package.json'), '{"type":"module"}');
  mkdirSync(join(clone, 'node_modules', '.bin'), { recursive: true });
  const newer = join(clone, 'node_modules', '.bin', 'node');
  writeFileSync(newer, '#!/bin/sh\necho "ran: $@"\nexit 7\n');
  chmodSync(newer, 0o755);
  const preload = join(clone, 'preload', 'old.cjs');
  writeFileSync(preload, "Object.defineProperty(process.versions, 'node', { value: '20.20.2' });");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--require', preload, main, 'backup', 'list'],
    { encoding: 'utf8', env: ENV },
  );
  t.equal(status, 7);
  t.equal(stdout, `ran: ${main} backup list\n`);
  t.equal(stderr, '');
  t.end();
});
