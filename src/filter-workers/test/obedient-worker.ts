/** A filter worker whose every job lasts until it is told to stop, and then says why. */
import { STOP, type Reply, type Task } from '../messages.ts';

export function run({ stop }: Task): Reply {
  Atomics.wait(stop, 0, STOP.no, 60_000);
  const code = Atomics.load(stop, 0) === STOP.closing ? 'unavailable' : 'overloaded';
  return { kind: 'failed', error: { code, message: `stopped by ${Atomics.load(stop, 0)}` } };
}
