/** No file of `src/` reaches itself through its imports; `import type` does not count. */
import t from 'tap';
import { importsOf } from './imports.ts';
import type { TextFile } from './repository.ts';
import { filesUnder } from './repository.ts';

/** @returns each circle once, as a line of paths */
function circles(files: readonly TextFile[]): string[] {
  const graph = new Map(
    files.map((file) => [
      file.path,
      importsOf(file).flatMap(({ path, typeOnly }) =>
        path === undefined || typeOnly ? [] : [path],
      ),
    ]),
  );
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start !== -1) {
      found.push([...trail.slice(start), path].join(' → '));
      return;
    }
    if (done.has(path)) return;
    for (const next of graph.get(path) ?? []) walk(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) walk(path, []);
  return found;
}

t.test('imports of src have no circle', async (t) => {
  t.same(circles(filesUnder('src', '.ts')), []);
});

t.test('the rule finds a circle of two and of three', async (t) => {
  const file = (path: string, target: string) => ({ path, text: `import './${target}';` });
  t.same(circles([file('src/a.ts', 'b.ts'), file('src/b.ts', 'a.ts')]), [
    'src/a.ts → src/b.ts → src/a.ts',
  ]);
  t.equal(
    circles([file('src/a.ts', 'b.ts'), file('src/b.ts', 'c.ts'), file('src/c.ts', 'a.ts')]).length,
    1,
  );
  t.same(
    circles([
      file('src/a.ts', 'b.ts'),
      { path: 'src/b.ts', text: `import type {} from './a.ts';` },
    ]),
    [],
  );
});
