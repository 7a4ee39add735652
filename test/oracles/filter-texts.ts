/**
 * Filters at random over the whole grammar of RFC 7644 §3.4.2.2: as trees, as texts written loosely
 * (blanks, letter case, parentheses nobody needs), and as texts with a fault or two in them.
 */
import fc from 'fast-check';
import type { CompareNode, FilterNode, PathText } from '../../src/scim/filter/ast.ts';

export const LIMITS = { maxLength: 16_384, maxDepth: 64, maxNodes: 2000 };

const NAME = fc.oneof(
  fc.constantFrom(
    'userName',
    'emails',
    'value',
    'type',
    'pr',
    'eq',
    'and',
    'or',
    'trueish',
    'notes',
  ),
  fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,6}$/),
);
const URN = fc.constantFrom(
  'urn:ietf:params:scim:schemas:core:2.0:User:',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:',
  'URN:example:a.b_c-d:X:',
);

/** `not` begins a negation: an attribute of that name cannot be asked for. */
const PATH: fc.Arbitrary<PathText> = fc
  .tuple(
    rarely(URN),
    NAME.filter((name) => name.toLowerCase() !== 'not'),
    rarely(NAME.map((name) => `.${name}`)),
  )
  .map(([urn, name, sub]) => ({ text: `${urn}${name}${sub}`, at: 0 }));

const TEXT = fc.oneof(
  fc.constantFrom('', 'work', ') or (a pr', 'b pr]', 'not (', ' and ', "O'Malley", 'a.b', ':'),
  fc.string({ maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
);

const NUMBER = fc
  .oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
  .map((number) => (number === 0 ? 0 : number));

/** Trees as parsed ones are: `and` and `or` have two operands or more; all offsets are 0. */
export const anyFilter = filtersOver(fc.oneof(TEXT, NUMBER, fc.boolean(), fc.constant(null)));

/** The same without texts that must be escaped and numbers below zero. */
export const plainFilter = filtersOver(
  fc.oneof(
    fc.stringMatching(/^[ !#-[\]-~é€]{0,8}$/),
    fc.constantFrom(') or (a pr', 'b pr]', 'not (', ' and ', "O'Malley"),
    fc.nat(),
    fc.double({ min: 0.001, max: 1e9, noNaN: true }),
    fc.boolean(),
    fc.constant(null),
  ),
);

function filtersOver(value: fc.Arbitrary<CompareNode['value']>): fc.Arbitrary<FilterNode> {
  const condition: fc.Arbitrary<FilterNode> = fc.oneof(
    fc.record({ kind: fc.constant('present' as const), path: PATH }),
    fc.record({
      kind: fc.constant('compare' as const),
      path: PATH,
      operator: fc.constantFrom(
        ...(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const),
      ),
      value,
      valueAt: fc.constant(0),
    }),
  );
  const valuePath: fc.Arbitrary<FilterNode> = fc.record({
    kind: fc.constant('valuePath' as const),
    path: PATH,
    filter: treeOf(condition),
  });
  return treeOf(fc.oneof(condition, valuePath));
}

function treeOf(leaf: fc.Arbitrary<FilterNode>): fc.Arbitrary<FilterNode> {
  return fc.letrec<{ node: FilterNode }>((tie) => {
    const nodes = fc.array(tie('node'), { minLength: 2, maxLength: 3 });
    return {
      node: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        leaf,
        fc.record({ kind: fc.constant('and' as const), nodes }),
        fc.record({ kind: fc.constant('or' as const), nodes }),
        fc.record({ kind: fc.constant('not' as const), node: tie('node') }),
      ),
    };
  }).node;
}

/** Choices, one after the other and again from the first, of somebody who writes filters by hand. */
export class Handwriting {
  private readonly choices: readonly number[];
  private readonly escapes: boolean;
  private next = 0;

  /** @param escapes whether texts may be escaped where they need not */
  constructor(choices: readonly number[], escapes = true) {
    this.choices = choices;
    this.escapes = escapes;
  }

  /** The same text each time. */
  write(node: FilterNode): string {
    this.next = 0;
    return this.node(node);
  }

  private node(node: FilterNode): string {
    switch (node.kind) {
      case 'present':
        return `${node.path.text}${this.blanks()}${this.cased('pr')}`;
      case 'compare':
        return [node.path.text, this.cased(node.operator), this.literal(node.value)].join(
          this.blanks(),
        );
      case 'valuePath':
        return `${node.path.text}[${this.node(node.filter)}]`;
      case 'not':
        return `${this.cased('not')}${this.pick(['', ' '])}(${this.node(node.node)})`;
      case 'and':
      case 'or': {
        const joint = `${this.blanks()}${this.cased(node.kind)}${this.blanks()}`;
        return node.nodes.map((inner) => this.operand(inner, node.kind)).join(joint);
      }
    }
  }

  private operand(node: FilterNode, within: 'and' | 'or'): string {
    const needed = node.kind === 'or' || node.kind === within;
    const text = this.node(node);
    return needed || this.pick([false, false, true]) ? `(${text})` : text;
  }

  private literal(value: string | number | boolean | null): string {
    const text = JSON.stringify(value);
    // Each character may be escaped (RFC 8259 §7).
    const escaped = text.replace('a', String.raw`\u0061`).replace('/', String.raw`\/`);
    return typeof value === 'string' && this.escapes ? this.pick([text, escaped]) : text;
  }

  private cased(word: string): string {
    return this.pick([
      word,
      word.toUpperCase(),
      `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`,
    ]);
  }

  private blanks(): string {
    return this.pick([' ', ' ', ' ', '  ', '\t', '\r\n']);
  }

  private pick<T>(from: readonly T[]): T {
    const choice = this.choices[this.next++ % this.choices.length] ?? 0;
    const picked = from[choice % from.length];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  }
}

const CHOICES = fc.array(fc.nat(59), { minLength: 1, maxLength: 20 });
export const anyHandwriting = CHOICES.map((choices) => new Handwriting(choices));
export const plainHandwriting = CHOICES.map((choices) => new Handwriting(choices, false));

const PIECE = fc.constantFrom(
  ...[
    '(',
    ')',
    '[',
    ']',
    '"',
    '\\',
    ' ',
    '.',
    ':',
    '-',
    '0',
    '1',
    'e',
    'a',
    '$',
    '\t',
    'é',
    '\u0000',
  ],
  ...[' and ', ' or ', 'not ', 'not (', ' eq ', ' pr', ' "x"', 'true', 'null', '.value', '[a pr]'],
);

export interface Fault {
  /** Where, as a share of the text. */
  readonly place: number;
  readonly removed: number;
  readonly inserted: string;
}

export const anyFault: fc.Arbitrary<Fault> = fc.record({
  place: fc.nat(999),
  removed: fc.constantFrom(0, 0, 1, 1, 2, 5),
  inserted: fc.oneof(fc.constant(''), PIECE),
});

export function withFaults(text: string, faults: readonly Fault[]): string {
  return faults.reduce((before, { place, removed, inserted }) => {
    const at = Math.floor((place * (before.length + 1)) / 1000);
    return before.slice(0, at) + inserted + before.slice(at + removed);
  }, text);
}

/** The tree as JSON text with every offset 0. */
export function withoutPositions(tree: FilterNode): string {
  return JSON.stringify(tree, (key, value: unknown) =>
    key === 'at' || key === 'valueAt' ? 0 : value,
  );
}

function rarely(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant('') }, { weight: 1, arbitrary: text });
}
