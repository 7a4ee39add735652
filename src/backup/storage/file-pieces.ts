/**
 * Content in pieces, all in the same memory: each is valid until the next is asked for. Memory of its
 * own for each piece is garbage outside of V8's sight, and made a restore half as large again.
 */
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { LIMITS } from '../../platform/limits.ts';
import { messageOf } from '../../platform/thrown.ts';
import type { ObjectContent } from './storage.ts';

/**
 * What is to be stored, exactly as long as it was announced.
 * @throws Error that is not of the storage: the file is ours
 */
export async function* piecesOf(content: ObjectContent): AsyncIterable<Uint8Array> {
  if (content instanceof Uint8Array) {
    if (content.length > 0) yield content;
    return;
  }
  let bytes = 0;
  try {
    const file = await open(content.path, 'r');
    try {
      for await (const piece of piecesOfFile(file, 0, content.bytes)) {
        bytes += piece.length;
        yield piece;
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    const reason = messageOf(error);
    throw new Error(`cannot read what is to be stored: ${reason}`, { cause: error });
  }
  if (bytes !== content.bytes) {
    throw new Error(`${content.path} has ${bytes} bytes instead of ${content.bytes}`);
  }
}

/** @param end in bytes; the file's own end comes first when it is shorter */
export async function* piecesOfFile(
  file: FileHandle,
  offset: number,
  end: number,
): AsyncIterable<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(LIMITS.storagePieceBytes);
  let at = offset;
  while (at < end) {
    const length = Math.min(buffer.length, end - at);
    const { bytesRead } = await file.read(buffer, 0, length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
