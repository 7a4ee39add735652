/** A stored resource as statements read it, unparsed. */
import type { LinkedRow } from './link-reader.ts';

export interface ReadRow extends LinkedRow {
  readonly id: string;
  readonly type: string;
  readonly created: number;
  readonly lastModified: number;
  readonly version: number;
  /** JSON text as `JSON.stringify` wrote it, in UTF-8. */
  readonly document: Buffer;
}

/** One found by the index of names. */
export interface NamedRow extends ReadRow {
  readonly nameKey: string;
}
