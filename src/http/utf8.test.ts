/** Large and small go different ways, and to the same end. */
import fc from 'fast-check';
import t from 'tap';
import { propertyRuns } from '../../test/support/property-runs.ts';
import { decodeUtf8 } from './utf8.ts';

/** Large alone, whatever stands before or behind. */
const LARGE = 'x'.repeat(64 * 1024);

function reference(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

t.test('texts of any script, short and long', (t) => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom('', LARGE),
      fc.constantFrom('', '\ufeff'),
      (text, padding, mark) => {
        const sent = padding + text.toWellFormed() + padding;
        return decodeUtf8(Buffer.from(mark + sent)) === sent;
      },
    ),
    propertyRuns(t, { seed: 3629, numRuns: 300 }),
  );
  t.end();
});

t.test('bytes that are no UTF-8 are refused, and nothing else', (t) => {
  let refused = 0;
  fc.assert(
    fc.property(
      fc.oneof(fc.uint8Array({ maxLength: 6 }), fc.constant(Uint8Array.of(0xc3, 0xa9))),
      fc.constantFrom('', LARGE),
      (bytes, padding) => {
        const sent = Buffer.concat([Buffer.from(padding), bytes, Buffer.from(padding)]);
        const text = decodeUtf8(sent);
        if (text === undefined) refused += 1;
        return text === reference(sent);
      },
    ),
    propertyRuns(t, { seed: 10646, numRuns: 500 }),
  );
  t.ok(refused > 100 && refused < 500, `${refused} refused`);
  t.end();
});

t.test(
  'a character that is cut off, overlong or a surrogate is no UTF-8, at the end of a large body too',
  (t) => {
    for (const bytes of [
      [0xe2, 0x82],
      [0xc0, 0xaf],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
    ]) {
      t.equal(decodeUtf8(Buffer.concat([Buffer.from(LARGE), Uint8Array.from(bytes)])), undefined);
    }
    t.end();
  },
);
