/** The image and the trial with compose, as far as can be seen without Docker. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { loadConfig } from '../../src/platform/config.ts';
import { LIMITS } from '../../src/platform/limits.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const dockerfile = text('Dockerfile');
/** Instructions, with the lines that they go on in; no comments. */
const instructions = dockerfile
  .replaceAll(/^\s*#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => ({
    word: line.slice(0, line.indexOf(' ')),
    rest: line.slice(line.indexOf(' ') + 1),
  }));
const rest = (word: string): string[] =>
  instructions.filter((each) => each.word === word).map((each) => each.rest);

t.test('it has two stages of one Debian-slim base with the Node that we run on', async (t) => {
  const bases = rest('FROM').map((line) => line.split(' ')[0]);
  t.equal(bases.length, 2);
  t.match(bases[0], /^node:22-\w+-slim$/);
  t.equal(bases[1], bases[0], 'what is built in one is for the other');
});

t.test('everything that is copied is there, and is let in', async (t) => {
  const allowed = text('.dockerignore')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));
  const copies = rest('COPY').filter((line) => !line.startsWith('--from='));
  t.ok(copies.length >= 3);
  for (const source of copies.flatMap((line) => line.split(' ').slice(0, -1))) {
    t.ok(existsSync(join(ROOT, source)), source);
    t.ok(allowed.includes(source), `${source} is not ignored`);
  }
});

t.test('one native binary stays of each module, under the names that they have', async (t) => {
  const { platform, arch } = process;
  t.match(
    dockerfile,
    /uws_\$\{process\.platform\}_\$\{process\.arch\}_\$\{process\.versions\.modules\}\.node/,
  );
  const uws = `uws_${platform}_${arch}_${process.versions.modules}.node`;
  t.ok(existsSync(join(ROOT, 'node_modules/uWebSockets.js/dist/bin', uws)), uws);
  const sqlite = `${platform}-${arch}.node`;
  const folder = join(ROOT, 'node_modules/better-sqlite3/prebuilds');
  const { globSync } = await import('node:fs');
  t.equal(globSync(`**/${sqlite}`, { cwd: folder }).length, 1, sqlite);
});

t.test('it runs as nobody special, without a shell, and writes to one folder', async (t) => {
  t.same(rest('USER'), ['1000']);
  t.same(rest('VOLUME'), ['/data']);
  const last = instructions.findLastIndex(({ word }) => word === 'RUN');
  t.ok(instructions.findIndex(({ word }) => word === 'USER') > last, 'no step runs after USER');
  t.same(rest('CMD'), []);
  const [entry = ''] = rest('ENTRYPOINT');
  const words: unknown = JSON.parse(entry);
  t.match(words, ['node', '--v8-pool-size=1', '--max-semi-space-size=8', 'src/main.js']);
  t.notMatch(dockerfile, /\bsh -c\b|\bcurl\b|\bwget\b|apt-get/);
  const [health = ''] = rest('HEALTHCHECK');
  t.match(JSON.parse(health.slice(health.indexOf('['))), ['node', '-e', /\/health\/ready/]);
  const [start = ''] = [...text('package.json').matchAll(/"start": "([^"]+)"/g)].map(
    ([, s]) => s ?? '',
  );
  t.equal(Array.isArray(words) ? words.join(' ') : '', start, 'as npm start starts it');
});

/** `environment` of a service of compose.yaml: our own file, in a plain form. */
function environmentOf(service: string): Record<string, string> {
  const compose = text('compose.yaml');
  const block =
    new RegExp(`^ {2}${service}:\\n((?: {4}.*\\n| *#.*\\n|\\n)+)`, 'm').exec(compose)?.[1] ?? '';
  const lines = /^ {4}environment:\n((?: {6}.*\n)+)/m.exec(block)?.[1] ?? '';
  const pairs = [...lines.matchAll(/^ {6}(\w+): '?(.*?)'?$/gm)];
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, value]));
}

t.test(
  'the trial is configured as the server takes it, with the key that Azurite has',
  async (t) => {
    const env = environmentOf('scimlane');
    t.equal(env['SCIM_SHARED_SECRET'], '${SCIM_SHARED_SECRET:-}');
    const config = loadConfig({ ...env, SCIM_SHARED_SECRET: '' });
    const [storage] = config.backup?.storages ?? [];
    t.match(storage, { kind: 'blob', container: 'scimlane' });
    const account = /AccountName=(\w+);AccountKey=([^;]+);/.exec(
      env['BLOB_BACKUP_CONNECTION_STRING'] ?? '',
    );
    t.equal(environmentOf('azurite')['AZURITE_ACCOUNTS'], `${account?.[1]}:${account?.[2]}`);
    const compose = text('compose.yaml');
    t.match(compose, /\n {4}read_only: true\n/);
    const grace = Number(/stop_grace_period: (\d+)s/.exec(compose)?.[1]) * 1000;
    const budget = config.backup?.stopBudgetMs ?? Infinity;
    t.ok(grace >= LIMITS.drainDeadlineMs + budget + LIMITS.backupLastWordMs);
  },
);
