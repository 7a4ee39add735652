/** A walk gives the objects of a folder as a sorted list of their names would. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { INNER_FILE, walkFolder } from './folder-walk.ts';

/** Few letters, so that names share their beginnings; `-` and `.` sort before `/`. */
const segment = fc.stringMatching(/^[ab-](?:[ab.-]{0,2}[ab-])?$/);
const name = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));

t.test('any names, any prefix, stored as files or as folders', async (t) => {
  const root = t.testdir();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ name, isFolder: fc.boolean() }), { maxLength: 40 }),
      name,
      fc.nat({ max: 12 }),
      async (wanted, prefixSource, prefixLength) => {
        const objects = wanted.filter(
          (one, at) =>
            // A file cannot be a folder as well, and a name is there once.
            !wanted.some(
              (other, otherAt) =>
                other.name.startsWith(`${one.name}/`) || (other.name === one.name && otherAt < at),
            ),
        );
        const folder = mkdtempSync(join(root, 'walk-'));
        for (const object of objects) {
          const path = join(folder, object.name, object.isFolder ? INNER_FILE : '');
          mkdirSync(dirname(path), { recursive: true });
          writeFileSync(path.replace(/\/$/, ''), object.name);
        }
        const prefix = prefixSource.slice(0, prefixLength);
        const found: string[] = [];
        for await (const { name, bytes } of walkFolder(folder, prefix, AbortSignal.any([]))) {
          found.push(`${name} ${bytes}`);
        }
        const names = objects.map((object) => object.name).filter((n) => n.startsWith(prefix));
        return (
          JSON.stringify(found) ===
          JSON.stringify(names.sort(byCodeUnit).map((n) => `${n} ${n.length}`))
        );
      },
    ),
    { numRuns: 150 },
  );
  t.pass();
});

function byCodeUnit(left: string, right: string): number {
  return left < right ? -1 : 1;
}
