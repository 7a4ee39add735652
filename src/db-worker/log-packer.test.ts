import t from 'tap';
import { placeContents, unpackContents } from '../sqlite/request-contents.ts';
import type { RequestContent } from '../store/request-content.ts';
import { LogPacker } from './log-packer.ts';

const content = (key: number, endpointId: string | undefined, size: number): RequestContent => ({
  key,
  endpointId,
  requestHeaders: '[]',
  requestBody: `${key} ${'x'.repeat(size)}`,
  responseHeaders: '[]',
  responseBody: undefined,
  responseBytes: key,
});

t.test('contents come to the chunk of their endpoint, in their order, with their keys', (t) => {
  const packer = new LogPacker();
  t.same(packer.take(), []);
  for (let round = 0; round < 2; round += 1) {
    const endpoints = Array.from({ length: 60 }, (_, key) => key % 21 || undefined);
    for (const [key, endpoint] of endpoints.entries()) {
      packer.add(content(key, endpoint === undefined ? undefined : `e${endpoint}`, 100 * key));
    }
    t.equal(packer.count, 60);
    const chunks = packer.take();
    t.equal(packer.count, 0);
    t.equal(packer.bytes, 0);
    t.equal(chunks.length, 21);
    const keys = chunks.flatMap((chunk) => chunk.keys);
    t.same(
      keys.toSorted((a, b) => a - b),
      Array.from(endpoints.keys()),
    );
    for (const chunk of chunks) {
      const found = unpackContents(placeContents(chunk.keys, chunk.packed));
      t.match(
        found,
        chunk.keys
          .map((key) => ({ row: key, content: content(key, undefined, 100 * key) }))
          .map(({ row, content: { requestBody, responseBytes } }) => ({
            row,
            content: { requestBody, responseBytes },
          })),
      );
    }
  }
  t.end();
});

t.test('of many small chunks some are stored as they are; large ones are compressed', (t) => {
  const packer = new LogPacker();
  for (let key = 0; key < 20; key += 1)
    packer.add(content(key, `e${key}`, key === 19 ? 20_000 : 50));
  const sizes = packer.take().map(({ packed }) => packed[0] === 0);
  t.equal(sizes.filter((isStored) => isStored).length, 11);
  t.equal(sizes.at(-1), false);
  t.end();
});
