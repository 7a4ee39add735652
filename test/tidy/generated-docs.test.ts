/** Documents that are made from code stand in the tree as the code would write them now. */
import t from 'tap';
import type { GeneratedDocument } from '../../docs/generate.ts';
import { generatedDocuments } from '../../docs/generate.ts';
import { readText } from './repository.ts';

/** @param stored text of a document by its path */
function stale(
  documents: readonly GeneratedDocument[],
  stored: (path: string) => string,
): string[] {
  const root = new URL('../../', import.meta.url).pathname;
  return documents
    .map(({ url, text }) => ({ path: url.pathname.slice(root.length), text }))
    .filter(({ path, text }) => stored(path) !== text)
    .map(({ path }) => `${path} is stale: npm run docs`);
}

t.test('no generated document is stale', async (t) => {
  const documents = await generatedDocuments();
  t.ok(documents.length > 0);
  t.same(stale(documents, readText), []);
});

t.test('a document that differs by a word is stale', async (t) => {
  const documents = await generatedDocuments();
  t.equal(stale(documents, (path) => `${readText(path)}word`).length, documents.length);
});
