/** What must not be left in a tracked file: notes to oneself, registry hosts, this machine's paths. */
import t from 'tap';
import type { TextFile } from './repository.ts';
import { filesUnder } from './repository.ts';

/** Written in parts, so that this file is no leftover itself. */
const NOTES = new RegExp(
  `\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|')})\\b`,
);
const REGISTRY = new RegExp(['registry', '(npmjs|yarnpkg|npmmirror)'].join('\\.'));
/** Home and work folders; not the paths of a container, which the Dockerfile decides. */
const MACHINE_PATH = new RegExp(['(^|[\\s"\'`(=:])/', '(work|home|root)/[a-z]'].join(''), 'm');
const RESOLVED = new RegExp(`"${'resol' + 'ved'}":`);

function leftovers({ path, text }: TextFile): string[] {
  return [
    ...(NOTES.test(text) ? [`${path}: a note to oneself`] : []),
    ...(REGISTRY.test(text) ? [`${path}: a registry host`] : []),
    ...(MACHINE_PATH.test(text) ? [`${path}: a path of somebody's machine`] : []),
    ...(path.endsWith('package-lock.json') && RESOLVED.test(text)
      ? [`${path}: URLs of packages; npm finds them by itself`]
      : []),
  ];
}

t.test('no tracked file has leftovers', async (t) => {
  const files = filesUnder('.');
  t.ok(files.some(({ path }) => path === 'package-lock.json'));
  t.same(files.flatMap(leftovers), []);
});

t.test('each leftover is seen', async (t) => {
  const seen = (text: string, path = 'a.md') => leftovers({ path, text }).length;
  t.equal(seen('// TO' + 'DO: later'), 1);
  t.equal(seen('see https://registry.' + 'npmjs.org/tap'), 1);
  t.equal(seen('run /wo' + 'rk/main/x'), 1);
  t.equal(seen(`"/ho` + `me/me/x"`), 1);
  t.equal(seen(`{"resol` + `ved": "x"}`, 'package-lock.json'), 1);
  t.equal(seen('A mastodon works in its home/garden, path /Users/{id}'), 0);
});
