/**
 * The script of docs/BACKUP_FORMAT.md, run as it stands there against a storage that a server has
 * written: with the tools of this machine, when it has them, and always with stand-ins, so that the
 * script is run everywhere.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import t, { type Test } from 'tap';
import { hashContents, readContents } from '../../src/sqlite/contents.ts';
import { openReader } from '../../src/sqlite/open.ts';
import { backupStats, shipped, startBackedUp } from '../support/backed-up-server.ts';
import type { ScimClient } from '../support/client.ts';
import { temporaryFolder } from '../support/server.ts';

const DOCUMENT = new URL('../../docs/BACKUP_FORMAT.md', import.meta.url);
const STAND_INS = join(import.meta.dirname, '..', 'support', 'restore-tools');
const TOOLS = ['sqlite3', 'zstd'];
const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';

interface Written {
  readonly storage: string;
  readonly databaseFile: string;
  readonly position: number;
  /** A position on the way, and how many users there were. */
  readonly earlier: { readonly position: number; readonly users: number };
}

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly into: string;
}

/** The one shell script of the document. */
function documentedScript(): string {
  const blocks = [...readFileSync(DOCUMENT, 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gm)];
  if (blocks.length !== 1) throw new Error(`the document has ${blocks.length} scripts`);
  return blocks[0]?.[1] ?? '';
}

/** Snapshots, segments before and after each, two processes, and a clean stop. */
async function writeBackups(t: Test): Promise<Written> {
  const { server, scim, admin, storage } = await startBackedUp(t);
  await addUsers(scim, 'first', 30);
  await shipped(admin);
  const { position } = await backupStats(admin);
  await addUsers(scim, 'second', 20);
  t.equal((await admin.post('/trigger', undefined)).status, 201);
  t.equal((await server.stop()).code, 0);
  await server.startAgain();
  await addUsers(scim, 'third', 10);
  const group = { schemas: [GROUP_SCHEMA], displayName: 'all' };
  t.equal((await scim.post('/Groups', group)).status, 201);
  const last = await shipped(admin);
  t.equal((await server.stop()).code, 0);
  const { databaseFile } = server;
  return { storage, databaseFile, position: last.position, earlier: { position, users: 30 } };
}

async function addUsers(scim: ScimClient, label: string, count: number): Promise<void> {
  for (let n = 1; n <= count; n += 1) {
    const user = { schemas: [USER_SCHEMA], userName: `${label}-${n}`, nickName: 'x'.repeat(500) };
    const { status } = await scim.post('/Users', user);
    if (status !== 201) throw new Error(`a user was answered with ${status}`);
  }
}

/** A folder of executables that run the stand-ins. */
function standIns(t: Test): string {
  const folder = t.testdir();
  for (const tool of TOOLS) {
    const path = join(folder, tool);
    const script = join(STAND_INS, `${tool}.ts`);
    writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`);
    chmodSync(path, 0o755);
  }
  return folder;
}

function isOnPath(tool: string): boolean {
  return spawnSync(tool, ['--version'], { stdio: 'ignore' }).error === undefined;
}

function restore(
  t: Test,
  storage: string,
  { tools, upTo = '' }: { readonly tools: string | undefined; readonly upTo?: number | '' },
): Outcome {
  const folder = temporaryFolder(t);
  const into = join(folder, 'restored.db');
  const path = [...(tools === undefined ? [] : [tools]), process.env['PATH']].join(delimiter);
  const { status, stdout, stderr } = spawnSync('sh', ['-s'], {
    input: documentedScript(),
    encoding: 'utf8',
    env: { PATH: path, STORAGE: storage, INTO: into, UPTO: String(upTo) },
  });
  return { status, stdout, stderr, into };
}

function contentsOf(path: string): unknown {
  const db = openReader(path);
  try {
    return { ...readContents(db), hash: hashContents(db) };
  } finally {
    db.close();
  }
}

function usersIn(path: string): number {
  const db = openReader(path);
  try {
    return Number(db.prepare("SELECT count(*) FROM resources WHERE type = 'User'").pluck().get());
  } finally {
    db.close();
  }
}

function restoresEverything(t: Test, written: Written, tools: string | undefined): void {
  const newest = restore(t, written.storage, { tools });
  t.equal(newest.status, 0, newest.stderr);
  t.match(newest.stdout, `is at position ${written.position}\n`);
  t.same(
    contentsOf(newest.into),
    contentsOf(written.databaseFile),
    'and holds what the server did',
  );
}

/** As on a mount without hard links. */
function asFolders(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    const source = join(from, name);
    const target = join(to, name);
    if (statSync(source).isDirectory()) asFolders(source, target);
    else {
      mkdirSync(target);
      cpSync(source, join(target, '.object'));
    }
  }
}

function segmentsOf(storage: string): string[] {
  const names = readdirSync(join(storage, 'wal'), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.wal.zst')).toSorted();
}

t.test('the script of the document restores by hand what the server held', async (t) => {
  const written = await writeBackups(t);
  const missing = TOOLS.filter((tool) => !isOnPath(tool));
  const ownTools = missing.length === 0;
  const stand = standIns(t);

  const skip = !ownTools && `not on this machine: ${missing.join(', ')}`;
  t.test(`with ${TOOLS.join(' and ')} of this machine`, { skip }, async (t) => {
    restoresEverything(t, written, undefined);
  });

  t.test('with stand-ins for them', async (t) => {
    restoresEverything(t, written, stand);
  });

  // The rest is about the script, and quicker with the machine's own.
  const tools = ownTools ? undefined : stand;
  t.comment(ownTools ? 'from here on with the tools of this machine' : 'all with stand-ins');

  t.test('an earlier position', async (t) => {
    const { position, users } = written.earlier;
    const { status, stdout, stderr, into } = restore(t, written.storage, { tools, upTo: position });
    t.equal(status, 0, stderr);
    t.match(stdout, `is at position ${position}\n`);
    t.equal(usersIn(into), users);
  });

  t.test('from folders in place of files', async (t) => {
    const storage = join(temporaryFolder(t), 'mount');
    asFolders(written.storage, storage);
    restoresEverything(t, { ...written, storage }, tools);
  });

  t.test('not with a damaged segment, and not without it', async (t) => {
    const storage = join(temporaryFolder(t), 'storage');
    cpSync(written.storage, storage, { recursive: true });
    const last = join(storage, 'wal', segmentsOf(storage).at(-1) ?? '');
    const bytes = readFileSync(last);
    const middle = bytes.length >> 1;
    bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
    writeFileSync(last, bytes);
    const damaged = restore(t, storage, { tools });
    t.equal(damaged.status, 1);
    t.match(damaged.stderr, /wal\/\d{8}\/\S+ is damaged\n$/);
    rmSync(last);
    const incomplete = restore(t, storage, { tools });
    t.equal(incomplete.status, 1);
    t.match(incomplete.stderr, /^the segment that leads on from position \d+ is missing\n$/);
    for (const { into } of [damaged, incomplete]) t.notOk(existsSync(into), 'and nothing is left');
  });

  t.test('not with a damaged manifest', async (t) => {
    const storage = join(temporaryFolder(t), 'storage');
    cpSync(written.storage, storage, { recursive: true });
    const name = readdirSync(join(storage, 'manifest')).toSorted().at(-1) ?? '';
    const path = join(storage, 'manifest', name);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"sequence":', '"sequence": '));
    const { status, stderr } = restore(t, storage, { tools });
    t.equal(status, 1);
    t.equal(stderr, `manifest/${name} is damaged\n`);
  });
});
