/** What holds of every filter of the grammar (RFC 7644 §3.4.2.2), however it is written, and of every fault in one. */
import fc from 'fast-check';
import t from 'tap';
import {
  anyFault,
  anyFilter,
  anyHandwriting,
  LIMITS,
  withFaults,
  withoutPositions,
} from '../../../test/oracles/filter-texts.ts';
import { agree, oracleRuns } from '../../../test/oracles/runs.ts';
import { LENIENT, STRICT } from '../dialect.ts';
import { ScimError } from '../errors.ts';
import type { FilterNode } from './ast.ts';
import { parseFilter } from './parse.ts';
import { printFilter } from './print.ts';

const faulty = fc
  .tuple(anyFilter, anyHandwriting, fc.array(anyFault, { minLength: 1, maxLength: 3 }))
  .map(([tree, hand, faults]) => withFaults(hand.write(tree), faults));

t.test('however a filter is written, it parses to its tree and prints in one way', (t) => {
  const property = fc.property(anyFilter, anyHandwriting, (tree, hand) => {
    const text = hand.write(tree);
    const parsed = parseFilter(text, LIMITS, STRICT);
    agree(withoutPositions(parsed), withoutPositions(tree), text);
    agree(printFilter(parsed), printFilter(tree), text);
    agree(withoutPositions(parseFilter(printFilter(tree), LIMITS)), withoutPositions(tree), text);
  });
  fc.assert(property, oracleRuns(t, 3000));
  t.end();
});

t.test('every offset in the tree is where its path or value stands', (t) => {
  const property = fc.property(anyFilter, anyHandwriting, (tree, hand) => {
    const text = hand.write(tree);
    for (const [at, expected] of offsetsOf(parseFilter(text, LIMITS))) {
      const there = text.slice(at, at + expected.length);
      agree(there.startsWith('"') ? '"' : there, expected, text);
    }
  });
  fc.assert(property, oracleRuns(t, 1000));
  t.end();
});

t.test('what is accepted in spite of its faults prints in one way too', (t) => {
  let accepted = 0;
  const runs = oracleRuns(t, 4000);
  const property = fc.property(faulty, (text) => {
    const parsed = parsedOr400(text);
    if (parsed instanceof ScimError) return;
    accepted += 1;
    const printed = printFilter(parsed);
    const again = parseFilter(printed, LIMITS, STRICT);
    agree(withoutPositions(again), withoutPositions(parsed), text);
    agree(printFilter(again), printed, text);
  });
  fc.assert(property, runs);
  t.ok(accepted > runs.numRuns / 20, `${accepted} of ${runs.numRuns} were accepted`);
  t.end();
});

t.test('a fault is told at the first place that no filter could have', (t) => {
  let refused = 0;
  const runs = oracleRuns(t, 4000);
  const property = fc.property(faulty, (text) => {
    const fault = parsedOr400(text);
    if (!(fault instanceof ScimError)) return;
    refused += 1;
    const at = positionOf(fault);
    agree(at <= text.length, true, text);
    // What is before the fault is the beginning of some filter: cut there, only more is missing.
    const before = parsedOr400(text.slice(0, at));
    if (!(before instanceof ScimError) || /quote is never closed/.test(before.message)) return;
    agree(positionOf(before), at, text);
  });
  fc.assert(property, runs);
  t.ok(refused > runs.numRuns / 4, `${refused} of ${runs.numRuns} were refused`);
  t.end();
});

/** Each offset, and what stands there: the path as typed, a value as JSON writes it, `"` for text. */
function offsetsOf(node: FilterNode): (readonly [number, string])[] {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.nodes.flatMap(offsetsOf);
    case 'not':
      return offsetsOf(node.node);
    case 'valuePath':
      return [[node.path.at, node.path.text], ...offsetsOf(node.filter)];
    case 'present':
      return [[node.path.at, node.path.text]];
    case 'compare': {
      const value = typeof node.value === 'string' ? '"' : JSON.stringify(node.value);
      return [
        [node.path.at, node.path.text],
        [node.valueAt, value],
      ];
    }
  }
}

function parsedOr400(text: string): FilterNode | ScimError {
  try {
    return parseFilter(text, LIMITS, LENIENT);
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    agree([error.status, error.scimType], [400, 'invalidFilter'], text);
    return error;
  }
}

/** The offset that a fault names. */
function positionOf({ message }: ScimError): number {
  const [, position = ''] = / at position (\d+)$/.exec(message) ?? [];
  if (position === '') throw new Error(`no position in "${message}"`);
  return Number(position) - 1;
}
