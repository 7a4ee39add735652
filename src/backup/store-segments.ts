/** Segments of the spool on their way into a chain, all at once; none of them counts before a head says so. */
import { segmentName } from './object-names.ts';
import type { SpooledSegment } from './spool.ts';
import { createOnce } from './storage/create-once.ts';
import type { Storage } from './storage/storage.ts';

export interface StoredSegment {
  readonly name: string;
  readonly to: number;
  readonly at: number;
}

/** @throws StorageError; some of them may be stored then, and are found so the next time */
export function storeSegments(
  storage: Storage,
  chain: number,
  segments: readonly SpooledSegment[],
  signal: AbortSignal,
): Promise<StoredSegment[]> {
  return Promise.all(
    segments.map(async (segment) => {
      const name = segmentName({ ...segment, chain });
      await createOnce(storage, name, segment, signal);
      return { name, to: segment.to, at: segment.at };
    }),
  );
}
