/** Dependencies are pinned to one version, and docs/dependencies.md says why each is here. */
import t from 'tap';
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';
import { isObject } from '../../src/scim/json.ts';
import { readText } from './repository.ts';

/** `name version` of each dependency in package.json. */
function declared(packageText: string): string[] {
  const root = JSON.parse(packageText) as JsonObject;
  const list = (value: JsonValue | undefined): string[] =>
    isObject(value)
      ? Object.entries(value).map(([name, version]) => `${name} ${text(version)}`)
      : [];
  return [...list(root['dependencies']), ...list(root['devDependencies'])].sort();
}

function text(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `name version` of each table row: | `name` | version | … */
function documented(markdown: string): string[] {
  return [...markdown.matchAll(/^\| `([^`]+)` +\| ([^|]+?) +\|/gm)]
    .map(([, name, version]) => `${name ?? ''} ${version ?? ''}`)
    .sort();
}

function unpinned(line: string): boolean {
  return !/ (npm:[\w./@-]+@)?\d+\.\d+\.\d+$/.test(line);
}

t.test('docs/dependencies.md lists what package.json declares', async (t) => {
  t.same(documented(readText('docs/dependencies.md')), declared(readText('package.json')));
});

t.test('every version is pinned', async (t) => {
  t.same(declared(readText('package.json')).filter(unpinned), []);
});

t.test('a package left out, a stale version and a range are seen', async (t) => {
  const sample = JSON.stringify({
    dependencies: { pino: '1.0.0' },
    devDependencies: { tap: '^2' },
  });
  t.same(declared(sample), ['pino 1.0.0', 'tap ^2']);
  t.same(declared(sample).filter(unpinned), ['tap ^2']);
  t.same(documented('| package | version |\n|---|---|\n| `pino` | 0.9.0 | log |'), ['pino 0.9.0']);
});
