/**
 * The files of the repository as the tidy rules see them: what git would track, read once per
 * test. Rules are functions of path and text, so that each can be shown a bad sample.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

export interface TextFile {
  /** From the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

const ROOT = new URL('../..', import.meta.url).pathname;
/** What `.gitignore` keeps out. */
const UNTRACKED: ReadonlySet<string> = new Set([
  '.git',
  '.tap',
  'coverage',
  'data',
  'node_modules',
  'results',
]);
const UNTRACKED_FILE = /\.(log|cpuprofile)$/;

/** @param endings of file names; none: every file */
export function filesUnder(folder: string, ...endings: string[]): TextFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !UNTRACKED_FILE.test(entry.name))
    .filter(({ name }) => endings.length === 0 || endings.some((ending) => name.endsWith(ending)))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !path.split('/').some((part) => UNTRACKED.has(part)))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

export function foldersUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

/** Tests, and what only tests use. */
export function isTest(path: string): boolean {
  return (
    path.endsWith('.test.ts') ||
    path.startsWith('test/') ||
    path.startsWith('src/store/contract/') ||
    /^src\/.+\/test\//.test(path)
  );
}
