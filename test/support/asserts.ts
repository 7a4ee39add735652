/**
 * What the shared assertions need of tap: both the root test and its subtests have it. Kept in one
 * place, so that helpers take either.
 */
import type { TAP } from 'tap';

export type Asserts = Pick<TAP, 'equal' | 'ok' | 'notOk' | 'match' | 'same' | 'fail' | 'comment'>;
export interface Scope {
  teardown(end: () => unknown): unknown;
}
