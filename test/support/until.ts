/** Waits for a condition that nobody announces: asks again and again, and gives up late. */
import { setTimeout as pause } from 'node:timers/promises';

const DEADLINE_MS = 45_000;
const POLL_MS = 20;

/**
 * @param what it waits for, to be told when it does not come
 * @param found undefined or false: not yet
 * @returns what was found
 */
export async function until<Found>(
  what: string,
  found: () => Promise<Found | undefined | false> | Found | undefined | false,
): Promise<Found> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const value = await found();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`it did not come: ${what}`);
    await pause(POLL_MS);
  }
}
