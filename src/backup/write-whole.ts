/** Writing all of a buffer: the system may take less of it at once. */
import { writeSync } from 'node:fs';

/** @param at where in the file; undefined: where the last write ended */
export function writeWhole(handle: number, bytes: Uint8Array, at?: number): void {
  let done = 0;
  while (done < bytes.length) {
    const place = at === undefined ? null : at + done;
    done += writeSync(handle, bytes, done, bytes.length - done, place);
  }
}
