/**
 * The form of the small objects that say what a storage holds: one line of JSON, then a line with
 * its SHA-256, so that `head -n 1` and `sha256sum` read and check it by hand. What does not match its
 * hash to the bit is refused by name: no value is ever taken from it.
 */
import { createHash } from 'node:crypto';
import { DamagedObject } from './damaged-object.ts';

const LINE_FEED = 0x0a;
const HASH_LENGTH = 64;
/** The line feed behind the JSON, the hash, and the line feed behind it. */
const TRAILER_LENGTH = 1 + HASH_LENGTH + 1;

/** @param value JSON can hold it; members that are undefined are left out */
export function encodeDocument(value: unknown): Uint8Array {
  // JSON.stringify escapes line feeds, so the JSON is one line whatever it holds.
  const json = Buffer.from(JSON.stringify(value), 'utf8');
  return Buffer.concat([json, Buffer.from(`\n${sha256Of(json)}\n`, 'latin1')]);
}

/**
 * @param name of the object, and the label of the storage it came from: for the error
 * @throws DamagedObject
 */
export function decodeDocument(name: string, bytes: Uint8Array, storage?: string): unknown {
  const jsonLength = bytes.length - TRAILER_LENGTH;
  if (jsonLength < 0)
    throw new DamagedObject(name, `it is cut off at ${bytes.length} bytes`, storage);
  const json = bytes.subarray(0, jsonLength);
  const trailer = Buffer.from(bytes.subarray(jsonLength));
  if (trailer[0] !== LINE_FEED || trailer.at(-1) !== LINE_FEED) {
    throw new DamagedObject(name, 'it does not end with a line that holds its SHA-256', storage);
  }
  if (trailer.toString('latin1', 1, 1 + HASH_LENGTH) !== sha256Of(json)) {
    throw new DamagedObject(name, 'its content does not match its SHA-256', storage);
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch (error) {
    throw new DamagedObject(name, 'it is not JSON', storage, { cause: error });
  }
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
