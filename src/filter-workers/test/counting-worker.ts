/**
 * A filter worker that answers with how many jobs it has done. A job of endpoint 0 lasts until it is
 * told to stop, so that a test can let others wait meanwhile.
 */
import { STOP, type Done, type Task } from '../messages.ts';
import { statsReply, stoppedReply } from './done.ts';

const bell = new Int32Array(new SharedArrayBuffer(4));
let jobs = 0;

export function run({ job, stop }: Task): Done {
  if (job.ask.endpoint !== 0) return statsReply(++jobs);
  while (Atomics.load(stop, 0) === STOP.no) Atomics.wait(bell, 0, 0, 5);
  return stoppedReply(Atomics.load(stop, 0));
}
