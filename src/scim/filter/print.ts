/**
 * Writes a filter tree back as text, for logs and error texts. The invariant: the text parses to
 * the same tree, apart from positions, unless its values are hidden.
 */
import type { CompareNode, FilterNode } from './ast.ts';

type PrintValue = (value: CompareNode['value']) => string;

/** @param printValue of the literals; JSON is what parses */
export function printFilter(node: FilterNode, printValue: PrintValue = JSON.stringify): string {
  switch (node.kind) {
    case 'compare':
      return `${node.path.text} ${node.operator} ${printValue(node.value)}`;
    case 'present':
      return `${node.path.text} pr`;
    case 'valuePath':
      return `${node.path.text}[${printFilter(node.filter, printValue)}]`;
    case 'not':
      return `not (${printFilter(node.node, printValue)})`;
    case 'and':
    case 'or':
      return node.nodes
        .map((inner) => printOperand(inner, node.kind, printValue))
        .join(` ${node.kind} `);
  }
}

/** A filter without its values, which may be personal data: `userName eq ?`. */
export function printFilterShape(node: FilterNode): string {
  return printFilter(node, () => '?');
}

/** `and` binds tighter than `or`; an operator within itself was typed with parentheses. */
function printOperand(node: FilterNode, within: 'and' | 'or', printValue: PrintValue): string {
  const grouped = node.kind === 'or' || (node.kind === 'and' && within === 'and');
  const text = printFilter(node, printValue);
  return grouped ? `(${text})` : text;
}
