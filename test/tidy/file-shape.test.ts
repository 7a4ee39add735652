/** A file is small, says at its top what it owns, and has a name that says what is in it. */
import { posix } from 'node:path';
import t from 'tap';
import type { TextFile } from './repository.ts';
import { filesUnder, isTest } from './repository.ts';

const LINES_USUAL_MAX = 250;
const LINES_MAX = 300;
const TEST_LINES_MAX = 400;
/** How many files may lie between the usual and the hard limit. */
const SHARE_ABOVE_USUAL_MAX = 0.1;
/** Longer for a reason: path → lines it may have. */
const EXCEPTIONS: Readonly<Record<string, number>> = {};

const VAGUE_NAME = /^(utils?|helpers?|common|misc|managers?|index|shared|stuff)(\.test)?\.ts$/;

function lineCount(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

function tooLong({ path, text }: TextFile): string[] {
  const limit = EXCEPTIONS[path] ?? (isTest(path) ? TEST_LINES_MAX : LINES_MAX);
  const lines = lineCount(text);
  return lines > limit ? [`${path} has ${lines} lines; at most ${limit}`] : [];
}

function withoutHeader({ path, text }: TextFile): string[] {
  return text.startsWith('/**') ? [] : [`${path} does not begin with what it owns`];
}

function vaguelyNamed({ path }: TextFile): string[] {
  return VAGUE_NAME.test(posix.basename(path)) ? [`${path} has a name that says nothing`] : [];
}

const files = ['src', 'bench', 'docs', 'test'].flatMap((folder) => filesUnder(folder, '.ts'));

t.test('no file is too long', async (t) => {
  t.same(files.flatMap(tooLong), []);
  t.same(tooLong({ path: 'src/a.ts', text: 'x\n'.repeat(LINES_MAX) }), []);
  t.equal(tooLong({ path: 'src/a.ts', text: 'x\n'.repeat(LINES_MAX + 1) }).length, 1);
  t.same(tooLong({ path: 'src/a.test.ts', text: 'x\n'.repeat(TEST_LINES_MAX) }), []);
  t.equal(tooLong({ path: 'src/a.test.ts', text: 'x\n'.repeat(TEST_LINES_MAX + 1) }).length, 1);
});

t.test('most files of src are well under the limit', async (t) => {
  const product = files.filter(({ path }) => path.startsWith('src/') && !isTest(path));
  const above = product.filter(({ text }) => lineCount(text) > LINES_USUAL_MAX);
  t.ok(
    above.length <= product.length * SHARE_ABOVE_USUAL_MAX,
    `${above.length} of ${product.length} files have more than ${LINES_USUAL_MAX} lines`,
  );
});

t.test('each exception names a file that is there and needs it', async (t) => {
  for (const path of Object.keys(EXCEPTIONS)) {
    const file = files.find((candidate) => candidate.path === path);
    t.ok(file !== undefined && lineCount(file.text) > LINES_MAX, path);
  }
});

t.test('each source file begins with a comment that says what it owns', async (t) => {
  const sources = files.filter(({ path }) => !path.endsWith('.test.ts'));
  t.same(sources.flatMap(withoutHeader), []);
  t.equal(withoutHeader({ path: 'src/a.ts', text: `import 'x';\n/** Late. */` }).length, 1);
});

t.test('no file has a vague name', async (t) => {
  t.same(files.flatMap(vaguelyNamed), []);
  t.equal(vaguelyNamed({ path: 'src/http/utils.ts', text: '' }).length, 1);
  t.equal(vaguelyNamed({ path: 'src/http/index.ts', text: '' }).length, 1);
  t.equal(vaguelyNamed({ path: 'src/http/helper.test.ts', text: '' }).length, 1);
  t.same(vaguelyNamed({ path: 'src/sqlite/index-key.ts', text: '' }), []);
});
