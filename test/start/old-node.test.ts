/**
 * On a Node that is too old the start stops with one line, before anything native is loaded: there
 * better-sqlite3 would end the process without a word.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.js');

t.test('an old Node is told what is needed, in one line', (t) => {
  const folder = t.testdir();
  mkdirSync(join(folder, 'preload'));
  const preload = join(folder, 'preload', 'old.cjs');
  // The version is what main.js looks at; the machine may have no old Node to try.
  writeFileSync(preload, "Object.defineProperty(process.versions, 'node', { value: '20.20.2' });");
  const { status, stderr, stdout } = spawnSync(process.execPath, ['--require', preload, MAIN], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  t.equal(status, 1);
  t.match(stderr, /^scimlane cannot start: it needs Node 22\.18 or newer, this is 20\.20\.2.*\n$/);
  t.equal(stdout, '');
  t.end();
});
