/**
 * Stands in for `zstd -d -c` where there is none: stdin to stdout. Of the format it knows what a
 * backup holds: one frame, or frames behind skippable ones that tell their length.
 */
import { readFileSync } from 'node:fs';
import { zstdDecompressSync } from 'node:zlib';

const SKIPPABLE_MAGIC = 0x184d2a50;
const PREFIX_BYTES = 12;

const input = readFileSync(0);
if (process.argv.slice(2).join(' ') !== '-d -c') throw new Error('only zstd -d -c is known here');
for (let at = 0; at < input.length;) {
  const behindPrefix = input.readUInt32LE(at) === SKIPPABLE_MAGIC;
  const begin = behindPrefix ? at + PREFIX_BYTES : at;
  const end = behindPrefix ? begin + input.readUInt32LE(at + 8) : input.length;
  process.stdout.write(zstdDecompressSync(input.subarray(begin, end)));
  at = end;
}
