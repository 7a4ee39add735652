/**
 * Values of any simple type by element: a code for each into the different ones. For flags, numbers and
 * times, which are few or asked for rarely; texts have `TextColumn`.
 */
import type { CompareNode } from '../../scim/filter/ast.ts';
import { comparisonKey, compileKeyComparison } from '../../scim/filter/compare.ts';
import { isPresent } from '../../scim/filter/target.ts';
import type { Attribute } from '../../scim/schema/attribute.ts';
import { sortKey } from '../../scim/sort/compile.ts';
import { compareKeys, type SortKey } from '../../scim/sort/key.ts';
import { CodeRanks } from './code-ranks.ts';
import {
  ABSENT,
  markByCode,
  type Column,
  type Evaluation,
  type Ranking,
  type Scalar,
} from './column.ts';
import type { Mask } from './mask.ts';
import { IntList } from './numbers.ts';

/** About what an entry of a map, two slots of arrays and a boxed value take. */
const VALUE_BYTES = 110;

export class ScalarColumn implements Column {
  readonly #attribute: Attribute;
  readonly #codes = new IntList();
  readonly #values: Scalar[] = [];
  /** By code. */
  readonly #keys: (SortKey | undefined)[] = [];
  readonly #codeOf = new Map<Scalar, number>();
  readonly #ranks = new CodeRanks();
  #textLength = 0;

  /** @param attribute whose values they are: it tells how they compare */
  constructor(attribute: Attribute) {
    this.#attribute = attribute;
  }

  get bytes(): number {
    const values = this.#values.length * VALUE_BYTES + this.#textLength;
    return this.#codes.bytes + values + this.#ranks.bytes;
  }

  get effort(): number {
    return this.#values.length;
  }

  push(value: Scalar | undefined): void {
    if (value === undefined) this.#codes.push(ABSENT);
    else if (typeof value !== 'string') this.#codes.push(this.#code(value));
    else this.#codes.push(this.#code(comparisonKey(this.#attribute, value)));
  }

  compare(node: CompareNode, ofAbsent: boolean, mask: Mask, on: Evaluation): void {
    this.#mark(compileKeyComparison(this.#attribute, node), ofAbsent, mask, on);
  }

  presence(mask: Mask, on: Evaluation): void {
    this.#mark(isPresent, false, mask, on);
  }

  ranking(): Ranking {
    const keys = this.#keys;
    const { length: size } = keys;
    const order = {
      size,
      compare: (a: number, b: number) => compareKeys(keys[a], keys[b]),
      keyOf: (code: number) => keys[code],
      hasKey: (code: number) => keys[code] !== undefined,
    };
    return this.#ranks.over(order, this.#codes.data);
  }

  #mark(
    test: (value: Scalar) => boolean,
    ofAbsent: boolean,
    mask: Mask,
    { pool }: Evaluation,
  ): void {
    const hits = pool.take(this.#values.length);
    for (const [code, value] of this.#values.entries()) hits[code] = test(value) ? 1 : 0;
    markByCode(this.#codes.data, this.#codes.length, hits, ofAbsent, mask);
    pool.give(hits);
  }

  #code(value: Scalar): number {
    const known = this.#codeOf.get(value);
    if (known !== undefined) return known;
    const code = this.#values.push(value) - 1;
    this.#keys.push(sortKey(this.#attribute, value));
    this.#codeOf.set(value, code);
    if (typeof value === 'string') this.#textLength += value.length;
    return code;
  }
}
