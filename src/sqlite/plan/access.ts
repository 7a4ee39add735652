/**
 * How candidates for a filter are found: by a look-up, by a stretch of an index, or by several of
 * these together. Plain data; `search/candidates.ts` carries it out.
 */
import type { Interval } from './intervals.ts';

/** At most one resource has the key. */
interface UniqueProbe {
  readonly kind: 'probe';
  /** `name` is a key as the column holds it; an id compares exactly. */
  readonly by: 'id' | 'name';
  readonly value: string;
}

/** At most one resource has the value at the place: see `tables/unique-values.ts`. */
interface UniqueValueProbe {
  readonly kind: 'probe';
  readonly by: 'unique';
  readonly place: string;
  readonly value: string;
}

/** Few have an externalId, a group many members, a user many groups. */
interface LinkProbe {
  readonly kind: 'probe';
  /** `member`: groups that hold it; `group`: those who are in it, directly or through others. */
  readonly by: 'externalId' | 'member' | 'group';
  readonly value: string;
}

interface AttributeProbe {
  readonly kind: 'probe';
  readonly by: 'attribute';
  /** Number of a complete index. */
  readonly index: number;
  /** The attribute's path, for people. */
  readonly path: string;
  readonly value: string | number;
}

export type Probe = UniqueProbe | UniqueValueProbe | LinkProbe | AttributeProbe;

export type Range =
  | ({
      readonly kind: 'range';
      readonly on: 'id' | 'name' | 'externalId' | 'lastModified';
    } & Interval)
  | ({
      readonly kind: 'range';
      readonly on: 'attribute';
      readonly index: number;
      readonly path: string;
    } & Interval);

/** What any of them finds, each once. */
export interface Union {
  readonly kind: 'union';
  readonly parts: readonly (Probe | Range)[];
}

export type Access = Probe | Range | Union;

/** The most resources that it can find, as far as that is known without a look. */
export function foundAtMost(access: Access): number {
  if (access.kind === 'union')
    return access.parts.reduce((sum, part) => sum + foundAtMost(part), 0);
  if (access.kind === 'range') return Infinity;
  return access.by === 'id' || access.by === 'name' || access.by === 'unique' ? 1 : Infinity;
}

/** Whether what it finds may be of another type: what refers to rows does not say of which. */
export function findsOtherTypes(access: Access): boolean {
  if (access.kind === 'union') return access.parts.some(findsOtherTypes);
  return access.kind === 'probe' && (access.by === 'member' || access.by === 'group');
}

/** False for a range that may lack what it means: the columns have no key of an empty text. */
export function isWhole(access: Access): boolean {
  if (access.kind === 'union') return access.parts.every(isWhole);
  if (access.kind !== 'range' || (access.on !== 'name' && access.on !== 'externalId')) return true;
  return access.low !== '';
}
