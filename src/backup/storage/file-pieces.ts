/** Content in pieces, each in memory of its own: who reads may keep them. */
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
  let at = offset;
  while (at < end) {
    const length = Math.min(LIMITS.storagePieceBytes, end - at);
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(length), 0, length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
