/**
 * How a process goes on from what a storage holds already: whether the spool leads on from there, and
 * whether the chain that does so follows without a gap. Pure.
 */
import type { Backlog } from './backlog.ts';
import type { RemoteEnd } from './remote.ts';

/** A chain that leads on from what a storage holds. */
export interface Onward {
  readonly from: number;
  readonly continues: boolean;
  /** Everything up to this commit is stored, */
  readonly sequence: number;
  /** which was current at this time. */
  readonly at: number;
}

/** @returns undefined when only a snapshot leads on */
export function onwardFrom(
  backlog: Backlog,
  { sequence, at, segmentsTo }: RemoteEnd,
): Onward | undefined {
  if (backlog.beginBehind(segmentsTo, sequence) === segmentsTo) {
    return { from: segmentsTo, continues: true, sequence, at };
  }
  // The end is a snapshot's: what leads on from it leaves out the segments that never came.
  const from = segmentsTo < sequence ? backlog.beginBehind(sequence) : undefined;
  return from === undefined ? undefined : { from, continues: false, sequence, at };
}
