/** A filter worker whose every job lasts until it is told to stop, and then says why. */
import { STOP, type Done, type Task } from '../messages.ts';
import { stoppedReply } from './done.ts';

const bell = new Int32Array(new SharedArrayBuffer(4));

export function run({ stop }: Task): Done {
  // The pool sets the flag without waking anybody: a scan looks at it between slices.
  while (Atomics.load(stop, 0) === STOP.no) Atomics.wait(bell, 0, 0, 5);
  return stoppedReply(Atomics.load(stop, 0));
}
