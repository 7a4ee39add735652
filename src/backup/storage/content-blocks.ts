/**
 * An object's content as blocks that can be asked for in any order. A block of a file is read when it
 * is to be sent, into memory that its lane uses again for its next one: so a file of any size costs
 * a block per lane, and does not wait for the garbage collector.
 */
import { open } from 'node:fs/promises';
import type { ObjectContent } from './storage.ts';

/**
 * @param lane from 0; its block is valid until it asks for the next one
 * @returns exactly that many bytes from that offset on
 */
export type BlockReader = (lane: number, offset: number, bytes: number) => Promise<Uint8Array>;

/**
 * Opens the content, hands its reader out, and closes it.
 * @throws Error that is not of the storage, when the file is shorter than was announced: it is ours
 */
export async function withBlocks<T>(
  content: ObjectContent,
  use: (bytes: number, read: BlockReader) => Promise<T>,
): Promise<T> {
  if (content instanceof Uint8Array) {
    return use(content.length, (_lane, offset, bytes) =>
      Promise.resolve(content.subarray(offset, offset + bytes)),
    );
  }
  const { path, bytes: announced } = content;
  const file = await open(path, 'r');
  const memory: Buffer[] = [];
  try {
    return await use(announced, async (lane, offset, bytes) => {
      const block = blockOf(memory, lane, bytes);
      for (let filled = 0; filled < bytes;) {
        const { bytesRead } = await file.read(block, filled, bytes - filled, offset + filled);
        if (bytesRead === 0) throw new Error(`${path} is shorter than ${announced} bytes`);
        filled += bytesRead;
      }
      return block;
    });
  } finally {
    await file.close();
  }
}

function blockOf(memory: Buffer[], lane: number, bytes: number): Buffer {
  let block = memory[lane];
  if (block === undefined || block.length < bytes) {
    block = Buffer.allocUnsafeSlow(bytes);
    memory[lane] = block;
  }
  return block.subarray(0, bytes);
}
