/**
 * Writes a filter tree back as text, for logs and error texts. The invariant: the text parses to
 * the same tree, apart from positions.
 */
import type { FilterNode } from './ast.ts';

export function printFilter(node: FilterNode): string {
  switch (node.kind) {
    case 'compare':
      return `${node.path.text} ${node.operator} ${JSON.stringify(node.value)}`;
    case 'present':
      return `${node.path.text} pr`;
    case 'valuePath':
      return `${node.path.text}[${printFilter(node.filter)}]`;
    case 'not':
      return `not (${printFilter(node.node)})`;
    case 'and':
    case 'or':
      return node.nodes.map((inner) => printOperand(inner, node.kind)).join(` ${node.kind} `);
  }
}

/** `and` binds tighter than `or`; an operator within itself was typed with parentheses. */
function printOperand(node: FilterNode, within: 'and' | 'or'): string {
  const grouped = node.kind === 'or' || (node.kind === 'and' && within === 'and');
  return grouped ? `(${printFilter(node)})` : printFilter(node);
}
