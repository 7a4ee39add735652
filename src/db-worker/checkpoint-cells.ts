/** What the writer and its checkpoint thread share: one cell that says whose turn it is. */

export interface CheckpointSetup {
  /** The data file. */
  readonly path: string;
  readonly synchronous: 'FULL' | 'NORMAL';
  readonly cells: Int32Array<SharedArrayBuffer>;
}

export const CHECKPOINT_CELLS = 1;
export const STATE_CELL = 0;

/** The writer goes from `idle` to `asked` and to `closing`; the thread makes the other steps. */
export const CHECKPOINT_STATE = {
  starting: 0,
  idle: 1,
  asked: 2,
  closing: 3,
  closed: 4,
} as const;
