/**
 * Makes the calling thread yield to others when cores are scarce. Linux keeps a priority per thread;
 * elsewhere the call would slow the whole server, so it is not made.
 */
import { access } from 'node:fs/promises';
import { getPriority, setPriority } from 'node:os';

/**
 * Lasts until the thread ends. Never throws: a thread at normal priority is right too. On an idle
 * machine a thread of low priority takes no longer.
 * @param nice beside a busy thread at 0, one at 5 gets a quarter of a core, at 10 a tenth, at 15 a
 *   thirtieth
 */
export async function lowerThreadPriority(nice: number): Promise<void> {
  if (process.platform !== 'linux') return;
  try {
    // libuv's threads, which serve the whole process, would inherit the priority of the thread
    // that needs them first: so they are there before it is lowered.
    await access('.');
    if (getPriority() < nice) setPriority(nice);
  } catch {
    // A sandbox may forbid it.
  }
}
