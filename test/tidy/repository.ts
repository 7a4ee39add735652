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
  return pathsUnder(join(ROOT, folder))
    .filter((path) => endings.length === 0 || endings.some((ending) => path.endsWith(ending)))
    .map((path) => relative(ROOT, path).split(sep).join('/'))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

/** Never looks into what is not tracked: there, other tests make and remove files meanwhile. */
function pathsUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return UNTRACKED.has(entry.name) ? [] : pathsUnder(path);
    return entry.isFile() && !UNTRACKED_FILE.test(entry.name) ? [path] : [];
  });
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
