/** A stored resource as statements read it, unparsed. */
import type { LinkedRow } from './link-reader.ts';

export interface ReadRow extends LinkedRow {
  readonly id: string;
  readonly type: string;
  readonly created: number;
  readonly lastModified: number;
  readonly version: number;
  readonly document: string;
}

/** One found by the index of names. */
export interface NamedRow extends ReadRow {
  readonly nameKey: string;
}
