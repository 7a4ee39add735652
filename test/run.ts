/**
 * `npm test`: runs test files, each in a process of its own, and prints what they say as one TAP
 * stream; it fails when a file does, or when there is none. Paths as arguments name files or folders,
 * none means all. It is not tap's own runner, which loads a compiler and module hooks into every test
 * and into every server that a test starts: that was more than half of the time of a run. Here a test
 * runs as the product does, on Node's own TypeScript.
 */
import type { ChildProcess } from 'node:child_process';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import t from 'tap';

const ROOT = join(import.meta.dirname, '..');
/** Files that start servers come first, so that none of them is alone at the end. */
const FOLDERS = ['test', 'src'];
/** Most tests wait for a disk, a child process or a clock for about half of their time. */
const JOBS = 2 * availableParallelism();
const FILE_TIMEOUT_S = 300;
const STRIP_CACHE_URL = new URL('../src/strip-cache.js', import.meta.url);

const wanted = process.argv.slice(2).map((path) => join(path, '.'));
const files = FOLDERS.flatMap((folder) =>
  globSync(`${folder}/**/*.test.ts`, { cwd: ROOT }).sort(),
).filter((file) => wanted.length === 0 || wanted.some((path) => isUnder(path, file)));

const failed: string[] = [];
const children: ChildProcess[] = [];
t.on('spawn', (test) => test.on('process', (child) => children.push(child)));
t.jobs = JOBS;
t.setTimeout(0);
if (files.length === 0) t.fail(`no test file under ${wanted.join(', ')}`);
for (const file of files) {
  // tap's spawn sets NODE_OPTIONS to load its hooks; `env` takes them out again.
  const command = ['-u', 'NODE_OPTIONS', process.execPath, '--import', STRIP_CACHE_URL.href, file];
  const ended = t.spawn('env', command, {
    name: file,
    cwd: ROOT,
    buffered: true,
    timeout: FILE_TIMEOUT_S * 1000,
    env: { ...process.env, TAP_TIMEOUT: String(FILE_TIMEOUT_S) },
  });
  void ended.then((results) => results?.ok === true || failed.push(file));
}
// A terminal's Ctrl-C reaches the tests themselves; this is for whoever ends the runner alone.
process.once('SIGTERM', () => {
  for (const child of children) child.kill('SIGTERM');
  process.exit(1);
});
// The stream is long; the last lines of a terminal say what to look for in it.
t.teardown(() => {
  if (failed.length > 0) process.stderr.write(`failed: ${failed.join(' ')}\n`);
});

function isUnder(path: string, file: string): boolean {
  return file === path || file.startsWith(join(path, '/'));
}
