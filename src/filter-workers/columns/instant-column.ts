/**
 * Points in time by element, as the store keeps them: `meta.created` and `meta.lastModified`. They are
 * shown as dateTimes, to the millisecond; as numbers they compare as those do.
 */
import { assert } from '../../platform/assert.ts';
import { LENIENT } from '../../scim/dialect.ts';
import type { CompareNode, CompareOperator } from '../../scim/filter/ast.ts';
import { compileComparison } from '../../scim/filter/compare.ts';
import { parseInstant } from '../../scim/filter/instant.ts';
import { dateTimeText } from '../../scim/resource/date-time-text.ts';
import type { Attribute } from '../../scim/schema/attribute.ts';
import type { Column, Ranking, Scalar } from './column.ts';
import type { Mask } from './mask.ts';
import { FloatList, lowerBound } from './numbers.ts';

export class InstantColumn implements Column {
  readonly #attribute: Attribute;
  /** NaN for none. */
  readonly #times = new FloatList();

  constructor(attribute: Attribute) {
    this.#attribute = attribute;
  }

  get bytes(): number {
    return this.#times.bytes;
  }

  get effort(): number {
    return this.#times.length / 10;
  }

  /** @param value milliseconds since 1970 */
  push(value: Scalar | undefined): void {
    this.#times.push(typeof value === 'number' ? value : NaN);
  }

  compare(node: CompareNode, _ofAbsent: boolean, mask: Mask): void {
    const { operator, value } = node;
    assert(typeof value === 'string', 'a time is compared with a text');
    if (operator === 'co' || operator === 'sw' || operator === 'ew') {
      this.#compareText(node, mask);
      return;
    }
    const wanted = parseInstant(value);
    const { length } = this.#times;
    const times = this.#times.data;
    const { below, equal, above } = HOLDS[operator];
    for (let at = 0; at < length; at += 1) {
      const time = times[at] ?? NaN;
      mask[at] = time < wanted ? below : time > wanted ? above : time === wanted ? equal : 0;
    }
  }

  presence(mask: Mask): void {
    const { length } = this.#times;
    const times = this.#times.data;
    for (let at = 0; at < length; at += 1) mask[at] = Number.isNaN(times[at]) ? 0 : 1;
  }

  ranking(): Ranking {
    const { length } = this.#times;
    const times = this.#times.data;
    const keys = different(this.#times.all);
    return {
      count: keys.length,
      rankOf: (element) => {
        const time = element < length ? (times[element] ?? NaN) : NaN;
        return Number.isNaN(time) ? keys.length : lowerBound(keys, keys.length, time);
      },
      keyOf: (rank) => keys[rank],
    };
  }

  /** Of the text that is shown. */
  #compareText(node: CompareNode, mask: Mask): void {
    const test = compileComparison(this.#attribute, node, LENIENT);
    for (const [at, time] of this.#times.all.entries()) {
      mask[at] = !Number.isNaN(time) && test(dateTimeText(time)) ? 1 : 0;
    }
  }
}

type Bit = 0 | 1;
type Holds = { readonly below: Bit; readonly equal: Bit; readonly above: Bit };

const HOLDS: Readonly<Record<Exclude<CompareOperator, 'co' | 'sw' | 'ew'>, Holds>> = {
  eq: { below: 0, equal: 1, above: 0 },
  ne: { below: 1, equal: 0, above: 1 },
  gt: { below: 0, equal: 0, above: 1 },
  ge: { below: 0, equal: 1, above: 1 },
  lt: { below: 1, equal: 0, above: 0 },
  le: { below: 1, equal: 1, above: 0 },
};

/** In order, each once; NaN is left out. */
function different(times: Float64Array): Float64Array {
  const sorted = times.slice().sort();
  let count = 0;
  for (const time of sorted) {
    if (Number.isNaN(time) || (count > 0 && sorted[count - 1] === time)) continue;
    sorted[count] = time;
    count += 1;
  }
  return sorted.slice(0, count);
}
