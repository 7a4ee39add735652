/**
 * Bodies as the bytes that leave. They are written into one buffer that every answer uses again: a
 * page of 100 users takes 150 KB, and to get so much from the system and give it back costs more
 * than to write it.
 */
import type { TextPart } from '../scim/text-parts.ts';
import type { Body } from './answer.ts';

const SCRATCH_BYTES = 1024 * 1024;
const scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
/** What a UTF-16 code unit takes at most in UTF-8. */
const BYTES_PER_UNIT_MAX = 3;

/** @returns bytes that hold until the next call: to be sent or copied at once */
export function bodyBytes(body: Body): Uint8Array {
  const parts = typeof body === 'string' ? [body] : body.all;
  let bytesMax = 0;
  for (const part of parts) bytesMax += bytesAtMost(part);
  const target = bytesMax <= SCRATCH_BYTES ? scratch : Buffer.allocUnsafe(bytesMax);
  let length = 0;
  for (const part of parts) length += write(part, target, length);
  return target.subarray(0, length);
}

function bytesAtMost(part: TextPart): number {
  return typeof part === 'string' ? part.length * BYTES_PER_UNIT_MAX : part.length;
}

function write(part: TextPart, target: Buffer, at: number): number {
  if (typeof part === 'string') return target.write(part, at, 'utf8');
  target.set(part, at);
  return part.length;
}
