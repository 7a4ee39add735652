/** Links between our own documents lead somewhere. */
import { existsSync } from 'node:fs';
import t from 'tap';
import type { TextFile } from './repository.ts';
import { filesUnder } from './repository.ts';

/** @returns one line for each relative link or picture whose file is not there */
function brokenLinks({ path, text }: TextFile): string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '');
  const targets = [
    ...[...prose.matchAll(/\]\(([^)\s]+)[^)]*\)/g)].map(([, target]) => target ?? ''),
    ...[...prose.matchAll(/\b(?:src|srcset|href)="([^"]+)"/g)].map(([, target]) => target ?? ''),
  ];
  return targets
    .filter((target) => !/^([a-z]+:|#)/.test(target))
    .filter((target) => {
      const [file = ''] = target.split('#');
      return !existsSync(new URL(file, new URL(`../../${path}`, import.meta.url)));
    })
    .map((target) => `${path}: ${target}`);
}

t.test('links to files resolve', async (t) => {
  const files = filesUnder('.', '.md');
  t.ok(files.some(({ path }) => path === 'README.md'));
  t.same(files.flatMap(brokenLinks), []);
});

t.test('a broken link and a missing picture are seen', async (t) => {
  const broken = (text: string) => brokenLinks({ path: 'docs/A.md', text });
  t.same(broken('[a](NOWHERE.md)'), ['docs/A.md: NOWHERE.md']);
  t.same(broken('<img src="nowhere.svg">'), ['docs/A.md: nowhere.svg']);
  t.same(broken('[a](../package.json) [b](https://example.com) [c](#d)'), []);
});
