/**
 * What a column is: the values of one attribute path over all elements, in whatever form suits them.
 * It answers of all its elements at once.
 */
import type { CompareNode } from '../../scim/filter/ast.ts';
import type { SortKey } from '../../scim/sort/key.ts';
import type { Mask, MaskPool } from './mask.ts';

export type Scalar = string | number | boolean;

/** Code of an element without a value. */
export const ABSENT = -1;

/** What evaluations need besides. */
export interface Evaluation {
  readonly pool: MaskPool;
  /** Called now and then; throws to end the evaluation. */
  readonly keepGoing: () => void;
}

export interface Column {
  /** About what it takes in memory. */
  readonly bytes: number;
  /** How much a comparison has to look at: what is little is asked first. */
  readonly effort: number;

  push(value: Scalar | undefined): void;

  /**
   * Writes for each element whether a comparison holds of its value.
   * @param node which `compileFilter` has taken, not with null
   * @param ofAbsent whether it holds of an element without a value
   * @param among the elements that matter, each 1: of others anything may be written; undefined for all
   */
  compare(
    node: CompareNode,
    ofAbsent: boolean,
    mask: Mask,
    on: Evaluation,
    among: Mask | undefined,
  ): void;

  /** Writes for each element whether there is something. */
  presence(mask: Mask, on: Evaluation): void;

  /** The order of its values, until the next `push`. */
  ranking(): Ranking;
}

/** The different sort keys of a column, in order. */
export interface Ranking {
  /** How many there are: ranks are 0 to below it. */
  readonly count: number;
  /** Of an element; `count` when it has no key. */
  rankOf(element: number): number;
  keyOf(rank: number): SortKey | undefined;
}

/** Of an element, what holds of its value. @param hits by code */
export function markByCode(
  codes: Int32Array,
  length: number,
  hits: Mask,
  ofAbsent: boolean,
  mask: Mask,
): void {
  const absent = ofAbsent ? 1 : 0;
  for (let at = 0; at < length; at += 1) {
    const code = codes[at] ?? ABSENT;
    mask[at] = code < 0 ? absent : (hits[code] ?? 0);
  }
}
