/** What stops the start says so in one line that names the variable, and exits non-zero. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { runToExit, SECRET, Server, temporaryFolder } from '../support/server.ts';

type Env = Readonly<Record<string, string | undefined>>;

const STRONG = 'h3yV0nqkR7u2bX9sLw5tZc8mPd4aJf6g';
const folder = temporaryFolder(t);
const aFile = join(folder, 'a-file');
writeFileSync(aFile, 'in the way');

const REFUSED: readonly (readonly [string, Env, RegExp])[] = [
  [
    'production without a secret',
    { NODE_ENV: 'production', SCIM_SHARED_SECRET: undefined },
    /SCIM_SHARED_SECRET.*32/,
  ],
  [
    'production with an empty secret',
    { NODE_ENV: 'production', SCIM_SHARED_SECRET: '' },
    /SCIM_SHARED_SECRET.*32/,
  ],
  [
    'production with a short secret',
    { NODE_ENV: 'production', SCIM_SHARED_SECRET: 'short' },
    /SCIM_SHARED_SECRET.*32/,
  ],
  [
    'production with a guessable secret',
    { NODE_ENV: 'production', SCIM_SHARED_SECRET: 'changeme'.repeat(5) },
    /SCIM_SHARED_SECRET/,
  ],
  [
    'production with one letter',
    { NODE_ENV: 'production', SCIM_SHARED_SECRET: 'a'.repeat(64) },
    /SCIM_SHARED_SECRET/,
  ],
  [
    'a data folder under a file',
    { DATABASE_URL: `file:${join(aFile, 'data', 'scimlane.db')}` },
    /DATABASE_URL/,
  ],
  ['a folder as database', { DATABASE_URL: `file:${folder}` }, /DATABASE_URL/],
  [
    'a database URL of another kind',
    { DATABASE_URL: 'mysql://localhost/scim' },
    /DATABASE_URL.*file:/,
  ],
  ['a misspelt variable', { SCIM_SHARED_SECRT: 'x' }, /SCIM_SHARED_SECRT.*SCIM_SHARED_SECRET/],
  [
    'an unknown variable with our prefix',
    { SCIMLANE_SYNCRONOUS: 'FULL' },
    /SCIMLANE_SYNCRONOUS.*SCIMLANE_SYNCHRONOUS/,
  ],
  ['a port that is none', { PORT: 'eighty' }, /PORT.*eighty/],
  ['a port out of range', { PORT: '70000' }, /PORT.*70000/],
  ['an environment that is none', { NODE_ENV: 'prod' }, /NODE_ENV.*production/],
  ['a public URL that is none', { PUBLIC_URL: 'scim.example' }, /PUBLIC_URL/],
];

for (const [name, env, line] of REFUSED) {
  t.test(name, async (t) => {
    const exit = await runToExit(t, { env });
    t.ok(exit.code !== null && exit.code > 0, `exit code ${String(exit.code)}`);
    const said = (exit.stdout + exit.stderr).trim();
    t.match(said, line);
    t.equal(said.split('\n').length, 1, said);
    const secret = env['SCIM_SHARED_SECRET'];
    if (secret !== undefined && secret !== '') t.notMatch(said, secret, 'the secret is not shown');
  });
}

t.test('a file that is no database is left as it is', async (t) => {
  const data = join(folder, 'not-a-database');
  mkdirSync(data);
  const text = 'These are my notes, not a database.'.repeat(200);
  writeFileSync(join(data, 'scimlane.db'), text);
  const exit = await runToExit(t, { folder: data });
  t.ok(exit.code !== null && exit.code > 0);
  const said = (exit.stdout + exit.stderr).trim();
  t.equal(said.split('\n').length, 1, said);
  t.equal(readFileSync(join(data, 'scimlane.db'), 'utf8'), text);
});

t.test('a port in use', async (t) => {
  const server = await Server.start(t);
  const exit = await runToExit(t, { env: { PORT: String(server.port) } });
  t.ok(exit.code !== null && exit.code > 0);
  const said = (exit.stdout + exit.stderr).trim();
  t.match(said, new RegExp(`PORT.*${server.port}|${server.port}.*in use`));
  t.equal(said.split('\n').length, 1, said);
});

t.test('production with a strong secret and a new folder starts', async (t) => {
  const data = join(temporaryFolder(t), 'new', 'data');
  const server = await Server.start(t, {
    folder: data,
    env: { NODE_ENV: 'production', SCIM_SHARED_SECRET: STRONG },
  });
  t.ok(existsSync(server.databaseFile));
  t.notMatch(server.stdout + server.stderr, STRONG);
  t.notMatch(server.stdout + server.stderr, SECRET);
  t.equal((await server.stop()).code, 0);
});
