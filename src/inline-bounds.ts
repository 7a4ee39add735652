/** What a search may cost where it is asked for, on the main thread; more is for a filter worker. */
import { LIMITS } from './platform/limits.ts';
import type { SearchBounds } from './sqlite/search/run.ts';

/** What the event loop of the main thread is spared. */
export const INLINE_BOUNDS: SearchBounds = {
  scan: false,
  offsetMax: LIMITS.inlineOffsetMax,
  probeRowsMax: LIMITS.probeRowsMax,
  sliceRows: LIMITS.filterSliceRows,
  sortedRowsMax: LIMITS.sortedRowsMax,
  linksMax: LIMITS.inlineLinksMax,
  keepGoing: () => undefined,
};
