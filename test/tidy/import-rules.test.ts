/**
 * DESIGN.md's table: which folder of `src/` may import which other, and which packages. Without it
 * the protocol would grow a dependency on SQLite one convenient import at a time.
 */
import t from 'tap';
import { importsOf } from './imports.ts';
import type { TextFile } from './repository.ts';
import { filesUnder, isTest } from './repository.ts';

interface FolderRule {
  readonly folders: readonly string[];
  readonly packages: readonly string[];
  /** Single files beyond the folders. */
  readonly files?: readonly string[];
  readonly nodeModules: boolean;
}

const RULES: Readonly<Record<string, FolderRule>> = {
  scim: { folders: [], packages: [], nodeModules: false },
  store: { folders: ['scim'], packages: [], nodeModules: false },
  threads: { folders: ['platform'], packages: [], nodeModules: true },
  sqlite: {
    folders: ['scim', 'store', 'platform'],
    packages: ['better-sqlite3'],
    nodeModules: true,
  },
  'db-worker': {
    folders: ['scim', 'store', 'sqlite', 'threads', 'platform'],
    packages: [],
    nodeModules: true,
  },
  'filter-workers': {
    folders: ['scim', 'store', 'sqlite', 'threads', 'platform'],
    packages: ['piscina'],
    nodeModules: true,
  },
  backup: {
    folders: ['sqlite', 'threads', 'platform'],
    packages: ['@azure/identity', '@azure/storage-blob', '@azure/storage-file-share', 'typebox'],
    files: ['src/db-worker/messages.ts', 'src/db-worker/wal-gate.ts'],
    nodeModules: true,
  },
  import: { folders: ['scim', 'store', 'sqlite', 'platform'], packages: [], nodeModules: true },
  cli: { folders: ['backup', 'import', 'platform', 'sqlite'], packages: [], nodeModules: true },
  postgres: { folders: ['scim', 'store', 'platform'], packages: [], nodeModules: true },
  http: {
    folders: ['scim', 'store', 'platform'],
    packages: ['uWebSockets.js', 'typebox', 'jose'],
    nodeModules: true,
  },
  platform: { folders: [], packages: ['pino', 'prom-client', 'typebox'], nodeModules: true },
};

/** What tests may use beyond their folder's rule; better-sqlite3 to look into files from outside. */
const TEST_PACKAGES = ['tap', 'fast-check', 'better-sqlite3'];

/** @returns one line for each import that the table does not allow */
function forbiddenImports(file: TextFile): string[] {
  const folder = folderOf(file.path);
  if (folder === undefined) return [];
  const rule = RULES[folder];
  if (rule === undefined) return [`${file.path}: DESIGN.md's table has no folder ${folder}`];
  return importsOf(file)
    .filter(({ specifier, path }) =>
      path === undefined
        ? !packageAllowed(rule, specifier, isTest(file.path))
        : !fileAllowed(rule, folder, path, isTest(file.path)),
    )
    .map(({ specifier }) => `${file.path} imports ${specifier}`);
}

/** `http` for `src/http/admin/x.ts`; undefined for the files at the top of `src/`. */
function folderOf(path: string): string | undefined {
  const [src, folder, ...rest] = path.split('/');
  return src === 'src' && rest.length > 0 ? folder : undefined;
}

function packageAllowed(rule: FolderRule, specifier: string, test: boolean): boolean {
  if (specifier.startsWith('node:')) return rule.nodeModules || test;
  const [scope = '', name = ''] = specifier.split('/');
  const packageName = scope.startsWith('@') ? `${scope}/${name}` : scope;
  return rule.packages.includes(packageName) || (test && TEST_PACKAGES.includes(packageName));
}

function fileAllowed(rule: FolderRule, own: string, path: string, test: boolean): boolean {
  if (rule.files?.includes(path) === true || (test && path.startsWith('test/'))) return true;
  const folder = folderOf(path);
  return folder !== undefined && (folder === own || rule.folders.includes(folder));
}

t.test('each folder of src imports only what the table allows', async (t) => {
  const files = filesUnder('src', '.ts');
  t.ok(files.length > 0);
  t.same(files.flatMap(forbiddenImports), []);
});

t.test('the rule sees every kind of import', async (t) => {
  const forbidden = (path: string, text: string) => forbiddenImports({ path, text }).length;
  t.equal(forbidden('src/http/a.ts', `import { open } from '../sqlite/open.ts';`), 1);
  t.equal(forbidden('src/http/a.ts', `import type { A } from '../sqlite/open.ts';`), 1);
  t.equal(forbidden('src/http/a.ts', `export { open } from '../db-worker/client.ts';`), 1);
  t.equal(forbidden('src/http/a.ts', `await import('../threads/frame.ts');`), 1);
  t.equal(forbidden('src/http/scim/a.ts', `import '../../backup/client.ts';`), 1);
  t.equal(forbidden('src/http/a.ts', `type A = import('../sqlite/open.ts').Connection;`), 1);
  t.equal(
    forbidden('src/http/a.ts', `new Worker(new URL('../db-worker/worker.ts', import.meta.url));`),
    1,
  );
  t.equal(forbidden('src/http/a.ts', `import Database from 'better-sqlite3';`), 1);
  t.equal(forbidden('src/scim/a.ts', `import { readFileSync } from 'node:fs';`), 1);
  t.equal(forbidden('src/scim/a.ts', `import { Type } from 'typebox';`), 1);
  t.equal(forbidden('src/scim/a.ts', `import x from '../../bench/users.ts';`), 1);
  t.equal(forbidden('src/scim/a.ts', `import { main } from '../main.ts';`), 1);
  t.equal(forbidden('src/novel/a.ts', ''), 1);
  t.equal(forbidden('src/http/a.ts', `import { fold } from '../scim/fold.ts';`), 0);
  t.equal(forbidden('src/http/a.ts', `// import '../sqlite/open.ts'`), 0);
  t.equal(forbidden('src/backup/a.ts', `import type { M } from '../db-worker/messages.ts';`), 0);
  t.equal(forbidden('src/backup/a.ts', `import { C } from '../db-worker/client.ts';`), 1);
  t.equal(forbidden('src/cli/a.ts', `import { listReport } from '../backup/status.ts';`), 0);
  t.equal(forbidden('src/cli/a.ts', `import { createServer } from '../http/server.ts';`), 1);
  t.equal(forbidden('src/system.ts', `import { C } from './db-worker/client.ts';`), 0);
});
