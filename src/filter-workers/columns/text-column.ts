/**
 * Texts by element: a code for each into the different ones. A comparison is made once for all that
 * are alike, by a loop over the bytes of all.
 */
import type { CompareNode } from '../../scim/filter/ast.ts';
import { comparisonKey, compileKeyComparison } from '../../scim/filter/compare.ts';
import type { Attribute } from '../../scim/schema/attribute.ts';
import { SORT_KEY_LENGTH, compareKeys, textKey, type SortKey } from '../../scim/sort/key.ts';
import { CodeRanks, type Ordered } from './code-ranks.ts';
import {
  ABSENT,
  markByCode,
  type Column,
  type Evaluation,
  type Ranking,
  type Scalar,
} from './column.ts';
import type { Mask, MaskPool } from './mask.ts';
import { IntList } from './numbers.ts';
import { findTexts } from './text-search.ts';
import { TextValues } from './text-values.ts';

/** Of an element whose value is no text: it is there, and no comparison holds of it. */
const NO_TEXT = -2;

export class TextColumn implements Column {
  readonly #attribute: Attribute;
  readonly #codes = new IntList();
  readonly #texts = new TextValues();
  readonly #ranks = new CodeRanks();

  /** @param attribute whose values they are: it tells how they compare */
  constructor(attribute: Attribute) {
    this.#attribute = attribute;
  }

  get bytes(): number {
    return this.#codes.bytes + this.#texts.memoryBytes + this.#ranks.bytes;
  }

  get effort(): number {
    return this.#texts.size;
  }

  push(value: Scalar | undefined): void {
    if (value === undefined) this.#codes.push(ABSENT);
    else if (typeof value !== 'string') this.#codes.push(NO_TEXT);
    else this.#codes.push(this.#texts.add(comparisonKey(this.#attribute, value)));
  }

  compare(
    node: CompareNode,
    ofAbsent: boolean,
    mask: Mask,
    on: Evaluation,
    among: Mask | undefined,
  ): void {
    const { pool } = on;
    const hits = pool.takeEmpty(this.#texts.size);
    // Other comparisons look at little of each text.
    const codes =
      node.operator === 'co' && among !== undefined ? this.#codesOf(among, pool) : undefined;
    this.#find(node, hits, codes, on.keepGoing);
    if (codes !== undefined) pool.give(codes);
    markByCode(this.#codes.data, this.#codes.length, hits, ofAbsent, mask);
    pool.give(hits);
    if (ofAbsent) this.#markNoText(0, mask);
  }

  presence(mask: Mask, { pool }: Evaluation): void {
    const { size } = this.#texts;
    const hits = pool.take(size);
    for (let code = 0; code < size; code += 1) hits[code] = this.#texts.lengthOf(code) > 0 ? 1 : 0;
    markByCode(this.#codes.data, this.#codes.length, hits, false, mask);
    pool.give(hits);
    this.#markNoText(1, mask);
  }

  ranking(): Ranking {
    return this.#ranks.over(orderOf(this.#texts), this.#codes.data);
  }

  /** @param among elements */
  #codesOf(among: Mask, pool: MaskPool): Mask {
    const mask = pool.takeEmpty(this.#texts.size);
    const codes = this.#codes.data;
    for (let at = 0; at < this.#codes.length; at += 1) {
      const code = codes[at] ?? ABSENT;
      if (among[at] === 1 && code >= 0) mask[code] = 1;
    }
    return mask;
  }

  #find(node: CompareNode, hits: Mask, among: Mask | undefined, keepGoing: () => void): void {
    const { operator, value } = node;
    const test = compileKeyComparison(this.#attribute, node);
    const texts = this.#texts;
    if (typeof value === 'string' && value.isWellFormed() && texts.isWellFormed) {
      findTexts(texts, operator, comparisonKey(this.#attribute, value), hits, among, keepGoing);
      return;
    }
    for (let code = 0; code < texts.size; code += 1) if (test(texts.textOf(code))) hits[code] = 1;
  }

  #markNoText(as: 0 | 1, mask: Mask): void {
    const codes = this.#codes.data;
    for (let at = codes.indexOf(NO_TEXT); at !== -1; at = codes.indexOf(NO_TEXT, at + 1)) {
      mask[at] = as;
    }
  }
}

/** They are folded already. */
function orderOf(texts: TextValues): Ordered {
  const keyOf = (code: number): SortKey | undefined => textKey(texts.textOf(code), true);
  // Of longer ones a sort looks at the beginning only.
  const isByBytes = texts.longestBytes <= SORT_KEY_LENGTH;
  return {
    size: texts.size,
    compare: isByBytes ? (a, b) => texts.compare(a, b) : (a, b) => compareKeys(keyOf(a), keyOf(b)),
    keyOf,
    hasKey: (code) => texts.lengthOf(code) > 0,
  };
}
