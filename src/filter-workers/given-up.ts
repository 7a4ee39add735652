/** What a job is answered that was not carried out, or not to its end, but for its own deadline. */
import { StoreError } from '../store/results.ts';
import { STOP, type StopReason } from './messages.ts';

export function givenUp(reason: Exclude<StopReason, typeof STOP.deadline>): StoreError {
  switch (reason) {
    case STOP.closing:
      return new StoreError('unavailable', 'the filter workers are stopped');
    case STOP.gone:
      return new StoreError('abandoned', 'nobody waits for the answer any more');
    case STOP.crowded:
      return new StoreError('overloaded', 'too many searches wait for a filter worker');
  }
}
