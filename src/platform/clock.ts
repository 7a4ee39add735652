/**
 * Time and fresh ids, as things that are handed in. Ids sort by the time they were
 * made, so that an index over them grows at its end.
 */
import { performance } from 'node:perf_hooks';

/** Milliseconds since 1970, with a fraction. */
export interface Clock {
  now(): number;
}

export interface IdSource {
  /** Lower-case UUID text. Greater than every id this source gave before. */
  next(): string;
}

/** How far the monotonic clock may be from the system's before it is set anew. */
const DRIFT_MAX_MS = 100;

/**
 * The system's time in microseconds' resolution: the monotonic clock, set anew when the system's
 * clock was stepped or the machine slept, so that `meta.lastModified` is right after months.
 */
class SystemClock implements Clock {
  #originMs = performance.timeOrigin;

  now(): number {
    const system = Date.now();
    const time = this.#originMs + performance.now();
    if (Math.abs(system - time) <= DRIFT_MAX_MS) return time;
    this.#originMs += system - time;
    return system;
  }
}

export const systemClock: Clock = new SystemClock();

/** Per id: 8 bytes of `rand_b` and 2 that seed the counter. */
const BLOCK_BYTES = 10;
const BLOCKS = 512;
const COUNTER_MAX = 0xfff;
/** A seed leaves the upper half of the counter free to count in. */
const COUNTER_SEED_MAX = 0x7ff;

/**
 * UUIDv7 (RFC 9562 §5.7): milliseconds, then a counter in `rand_a` that starts at random each
 * millisecond (§6.2 method 1), then 62 random bits. When the counter is full or the clock steps
 * back, the ids run ahead of the clock rather than repeat or go back.
 * @param randomBytes cryptographic randomness, asked for in large pieces
 */
export function uuidV7Source(clock: Clock, randomBytes: (size: number) => Buffer): IdSource {
  let hex = '';
  let seeds: Buffer = Buffer.alloc(0);
  let block = BLOCKS;
  let lastMs = -1;
  let counter = 0;
  let timeText = '';

  const refill = (): void => {
    seeds = randomBytes(BLOCKS * BLOCK_BYTES);
    // The variant bits, so that the text below needs no more than slicing.
    for (let at = 0; at < seeds.length; at += BLOCK_BYTES) {
      seeds.writeUInt8((seeds.readUInt8(at) & 0x3f) | 0x80, at);
    }
    hex = seeds.toString('hex');
    block = 0;
  };

  const startMillisecond = (ms: number): void => {
    lastMs = ms;
    const text = ms.toString(16).padStart(12, '0');
    timeText = `${text.slice(0, 8)}-${text.slice(8)}-7`;
    counter = seeds.readUInt16BE(block * BLOCK_BYTES + 8) & COUNTER_SEED_MAX;
  };

  return {
    next: () => {
      if (block === BLOCKS) refill();
      const ms = Math.floor(clock.now());
      if (ms > lastMs) startMillisecond(ms);
      else if (counter === COUNTER_MAX) startMillisecond(lastMs + 1);
      else counter += 1;
      const at = block * BLOCK_BYTES * 2;
      block += 1;
      const counterText = (counter + 0x1000).toString(16).slice(1);
      return `${timeText}${counterText}-${hex.slice(at, at + 4)}-${hex.slice(at + 4, at + 16)}`;
    },
  };
}
