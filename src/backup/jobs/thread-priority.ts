/**
 * Makes the calling thread yield to all others when cores are scarce. Linux keeps a priority per
 * thread; elsewhere the call would slow the whole server, so it is not made.
 */
import { access } from 'node:fs/promises';
import { getPriority, setPriority } from 'node:os';

/**
 * Nice 15 weighs a thirtieth of a thread at 0: beside a saturated server the job gets what is left
 * over, some percent of a core at least, and takes as long as that takes; on an idle machine it
 * takes no longer.
 */
const NICE = 15;

/** Lasts until the thread ends. Never throws: a job at normal priority is right too. */
export async function lowerThreadPriority(): Promise<void> {
  if (process.platform !== 'linux') return;
  try {
    // libuv's threads, which serve the whole process, would inherit the priority of the thread
    // that needs them first: so they are there before it is lowered.
    await access('.');
    if (getPriority() < NICE) setPriority(NICE);
  } catch {
    // A sandbox may forbid it.
  }
}
