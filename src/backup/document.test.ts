import { createHash } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { DamagedObject } from './damaged-object.ts';
import { decodeDocument, encodeDocument } from './document.ts';

function isRefused(bytes: Uint8Array): boolean {
  try {
    decodeDocument('head/1.json', bytes, 'folder /backup');
    return false;
  } catch (error) {
    if (!(error instanceof DamagedObject)) throw error;
    return (
      error.object === 'head/1.json' &&
      error.message.startsWith('folder /backup: head/1.json is damaged: ') &&
      !error.message.includes('\n')
    );
  }
}

t.test('a document is a line of JSON and a line with its hash', async (t) => {
  const text = Buffer.from(encodeDocument({ a: 'x\ny', b: undefined })).toString();
  const json = '{"a":"x\\ny"}';
  const sha256 = createHash('sha256').update(json).digest('hex');
  t.equal(text, `${json}\n${sha256}\n`);
});

t.test('any JSON value comes back', async () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const read = decodeDocument('x', encodeDocument(value));
      return JSON.stringify(read) === JSON.stringify(value);
    }),
  );
});

t.test('any one flipped bit is found', async (t) => {
  const bytes = encodeDocument({ format: 1, name: 'größe', list: [1, 2, 3] });
  t.notOk(isRefused(bytes));
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const flipped = Uint8Array.from(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    if (!isRefused(flipped)) t.fail(`bit ${bit} was not found`);
  }
});

t.test('a document that is cut off or goes on is refused', async (t) => {
  const bytes = encodeDocument({ format: 1 });
  for (let length = 0; length < bytes.length; length += 1) {
    if (!isRefused(bytes.subarray(0, length))) t.fail(`${length} bytes were taken`);
  }
  t.ok(isRefused(Buffer.concat([bytes, Buffer.from('\n')])));
  t.ok(isRefused(Buffer.concat([bytes, bytes])));
});

t.test('what is no JSON is refused although its hash is right', async (t) => {
  for (const content of [Buffer.from('{'), Buffer.from([0x22, 0xff, 0x22])]) {
    const sha256 = createHash('sha256').update(content).digest('hex');
    t.ok(isRefused(Buffer.concat([content, Buffer.from(`\n${sha256}\n`)])));
  }
});
