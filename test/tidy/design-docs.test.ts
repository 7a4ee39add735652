/** Each folder of `src/` says in a DESIGN.md why it is as it is. */
import { existsSync } from 'node:fs';
import t from 'tap';
import { foldersUnder, readText } from './repository.ts';

/** Headings every DESIGN.md has, behind what the folder owns and does not own. */
const SECTIONS = ['Background', 'Failure', 'Decisions'];

function missingSections(text: string): string[] {
  const purpose = /\bowns?\b/i.test(text.split(/^## /m)[0] ?? '') || /^## Purpose/m.test(text);
  return [
    ...(purpose ? [] : ['what it owns']),
    ...SECTIONS.filter((section) => !new RegExp(`^## ${section}`, 'mi').test(text)),
  ];
}

t.test('each folder of src has a DESIGN.md with its sections', async (t) => {
  const folders = foldersUnder('src');
  t.ok(folders.length > 0);
  for (const folder of folders) {
    const path = `src/${folder}/DESIGN.md`;
    const found = existsSync(new URL(`../../${path}`, import.meta.url));
    t.ok(found, path);
    if (found) t.same(missingSections(readText(path)), [], path);
  }
});

t.test('a DESIGN.md without its failure table is seen', async (t) => {
  const whole = `# a\n**Owns** x.\n${SECTIONS.map((section) => `## ${section}\n`).join('')}`;
  t.same(missingSections(whole), []);
  t.same(missingSections(whole.replace('## Failure\n', '')), ['Failure']);
  t.same(missingSections(whole.replace('**Owns** x.', 'It is nice.')), ['what it owns']);
});
