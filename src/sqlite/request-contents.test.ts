import fc from 'fast-check';
import t from 'tap';
import { zstdCompressSync } from 'node:zlib';
import {
  ContentsBuffer,
  NO_ROW,
  packContents,
  placeContents,
  unpackContents,
} from './request-contents.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constant('ж'.repeat(9000)),
);
const optional = fc.option(text, { nil: undefined });
const content = fc.record({
  requestHeaders: text,
  requestBody: optional,
  responseHeaders: text,
  responseBody: optional,
  responseBytes: fc.option(fc.nat(), { nil: undefined }),
});
const asBytes = (part: string | undefined): Uint8Array | undefined =>
  part === undefined ? undefined : Buffer.from(part);

t.test('what is packed comes back with its rows, whether it was text or bytes', (t) => {
  const buffer = new ContentsBuffer();
  fc.assert(
    fc.property(fc.array(content, { maxLength: 30 }), fc.boolean(), (contents, inBytes) => {
      buffer.clear();
      for (const each of contents) {
        const { requestBody, responseBody } = each;
        buffer.append(
          inBytes
            ? { ...each, requestBody: asBytes(requestBody), responseBody: asBytes(responseBody) }
            : each,
        );
      }
      const rows = contents.map((_, at) => (at % 5 === 4 ? NO_ROW : 2 ** 40 + at));
      const packed = packContents(buffer.part(0, buffer.length));
      t.same(
        unpackContents(placeContents(rows, packed)),
        contents.map((each, at) => ({ row: rows[at], content: each })),
      );
    }),
    { numRuns: 100 },
  );
  t.end();
});

t.test('chunks of the older form are read', (t) => {
  const older = zstdCompressSync('7 11 2 -1 2 3 9 -1 2 2 2 -1\n[][]{é}[]{}[]');
  t.same(unpackContents(older), [
    {
      row: 7,
      content: {
        requestHeaders: '[]',
        requestBody: undefined,
        responseHeaders: '[]',
        responseBody: '{é}',
        responseBytes: 11,
      },
    },
    {
      row: 9,
      content: {
        requestHeaders: '[]',
        requestBody: '{}',
        responseHeaders: '[]',
        responseBody: undefined,
        responseBytes: undefined,
      },
    },
  ]);
  t.end();
});

t.test('what is no chunk is no content', (t) => {
  for (const data of [
    Uint8Array.of(),
    Uint8Array.of(2),
    Uint8Array.of(2, 1, 0, 0, 0),
    Buffer.from('none'),
  ]) {
    t.throws(() => unpackContents(data));
  }
  t.end();
});
