/**
 * The grammar of filter expressions (RFC 7644 §3.4.2.2) as a recursive descent, which whole filters
 * and the brackets of PATCH paths share. It resolves no names: that needs a resource type. The
 * invariant: recursion is as deep as `maxDepth` at most, so no text overflows the stack.
 */
import { foldAscii } from '../fold.ts';
import type { CompareOperator, FilterNode, PathText } from './ast.ts';
import { quoted, type Lexer } from './lexer.ts';

export interface FilterLimits {
  /** Characters of the text. */
  readonly maxLength: number;
  /** Parentheses and brackets inside each other. */
  readonly maxDepth: number;
  /** Conditions, and the `and`, `or`, `not` that join them. */
  readonly maxNodes: number;
}

/** RFC 7643 §2.1 allows `$` in names, as in `$ref`. */
const NAME = /^[A-Za-z$][\w$-]*$/;
const PLAIN_PATH = /^[A-Za-z$][\w$-]*(?:\.[A-Za-z$][\w$-]*)?$/;
/** Where the URN ends only a resource type can say: URNs hold colons and dots themselves. */
const URN_PATH = /^urn:[!-~]*[\w$-]$/i;
/** A number as RFC 8259 §6 writes it. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

const OPERATORS: ReadonlyMap<string, CompareOperator> = new Map(
  (['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const).map((name) => [name, name]),
);

export class Grammar {
  private readonly lexer: Lexer;
  private readonly limits: FilterLimits;
  private readonly takesSuffix: boolean;
  private depth = 0;
  private nodes = 0;
  private inBrackets = false;

  /**
   * Takes the lexer to its first token, unless the text is too long to be looked at.
   * @param takesSuffix whether a filter may compare `emails[…].value`, as Entra's do
   */
  constructor(lexer: Lexer, limits: FilterLimits, takesSuffix: boolean) {
    this.lexer = lexer;
    this.limits = limits;
    this.takesSuffix = takesSuffix;
    if (lexer.text.length > limits.maxLength) {
      throw lexer.fault(`longer than ${limits.maxLength} characters`, limits.maxLength);
    }
    lexer.advance();
  }

  /** Conditions joined by `and`, which binds tighter, and `or`. */
  expression(): FilterNode {
    const first = this.conjunction();
    if (!this.isWord('or')) return first;
    const nodes = [first];
    while (this.takeWord('or')) nodes.push(this.conjunction());
    return this.counted({ kind: 'or', nodes });
  }

  /** `attr`, `attr.sub` or `URN:attr.sub`. */
  path(expected = 'an attribute name'): PathText {
    const { lexer } = this;
    const text = lexer.token();
    if (lexer.kind !== 'word' || !(PLAIN_PATH.test(text) || URN_PATH.test(text))) {
      if (text.length > 1 && text.endsWith('.')) {
        throw lexer.fault('expected a sub-attribute name after the dot', lexer.end);
      }
      throw lexer.fault(`expected ${expected} but found ${lexer.describe()}`);
    }
    const path = { text, at: lexer.start };
    lexer.advance();
    return path;
  }

  /** `[filter]`, standing on its bracket. */
  brackets(): FilterNode {
    if (this.inBrackets) throw this.lexer.fault('a value path inside another is not allowed');
    this.inBrackets = true;
    const filter = this.enclosed(']');
    this.inBrackets = false;
    return filter;
  }

  /** `.sub` behind a bracket. */
  subAttribute(): PathText | undefined {
    const { lexer } = this;
    if (lexer.kind !== 'word') return undefined;
    const token = lexer.token();
    if (!token.startsWith('.')) return undefined;
    const sub = { text: token.slice(1), at: lexer.start + 1 };
    if (!NAME.test(sub.text)) {
      throw lexer.fault(`expected a sub-attribute name but found ${quoted(sub.text)}`, sub.at);
    }
    lexer.advance();
    return sub;
  }

  private conjunction(): FilterNode {
    const first = this.term();
    if (!this.isWord('and')) return first;
    const nodes = [first];
    while (this.takeWord('and')) nodes.push(this.term());
    return this.counted({ kind: 'and', nodes });
  }

  private term(): FilterNode {
    if (this.lexer.kind === '(') return this.enclosed(')');
    if (this.takeWord('not')) return this.negation();
    const path = this.path('an attribute name, "not" or "("');
    return this.lexer.kind === '[' ? this.valuePath(path) : this.condition(path);
  }

  private negation(): FilterNode {
    if (this.lexer.kind !== '(') {
      throw this.lexer.fault(`expected "(" after "not" but found ${this.lexer.describe()}`);
    }
    return this.counted({ kind: 'not', node: this.enclosed(')') });
  }

  private valuePath(path: PathText): FilterNode {
    const filter = this.brackets();
    const { start } = this.lexer;
    const sub = this.subAttribute();
    if (sub !== undefined && !this.takesSuffix) throw this.suffix(sub, start);
    if (sub === undefined) return this.counted({ kind: 'valuePath', path, filter });
    const condition = this.condition(sub);
    const nodes = filter.kind === 'and' ? [...filter.nodes, condition] : [filter, condition];
    const both = this.counted({ kind: 'and', nodes });
    return this.counted({ kind: 'valuePath', path, filter: both });
  }

  private suffix({ text }: PathText, at: number): Error {
    return this.lexer.fault(
      `expected "and", "or" or the end but found ${quoted(`.${text}`)} behind brackets (put its condition into them)`,
      at,
    );
  }

  /** What follows a path: `pr`, or an operator and a value. */
  private condition(path: PathText): FilterNode {
    const { lexer } = this;
    const typed = lexer.kind === 'word' ? lexer.token() : '';
    const word = foldAscii(typed);
    if (word === 'pr') {
      lexer.advance();
      return this.counted({ kind: 'present', path });
    }
    const operator = OPERATORS.get(word);
    if (operator === undefined) throw this.noOperator(path);
    lexer.advance();
    const valueAt = lexer.start;
    const value = this.value(typed);
    return this.counted({ kind: 'compare', path, operator, value, valueAt });
  }

  private noOperator(path: PathText): Error {
    const known = [...OPERATORS.keys()].join(', ');
    return this.lexer.fault(
      `expected an operator (pr, ${known}) after ${quoted(path.text)} but found ${this.lexer.describe()}`,
    );
  }

  private value(operator: string): string | number | boolean | null {
    const { lexer } = this;
    if (lexer.kind !== 'string' && lexer.kind !== 'word') throw this.noValue(operator);
    const value = lexer.kind === 'string' ? lexer.stringValue() : literal(lexer.token());
    if (value === undefined) throw this.noValue(operator);
    lexer.advance();
    return value;
  }

  private noValue(operator: string): Error {
    const { lexer } = this;
    const expected = `expected a value after ${quoted(operator)}`;
    if (lexer.kind === 'end') return lexer.fault(expected);
    return lexer.fault(
      `${expected} (text in double quotes, a number, true, false or null) but found ${lexer.describe()}`,
    );
  }

  /** An expression in parentheses or brackets, standing on the one that opens. */
  private enclosed(close: ')' | ']'): FilterNode {
    const { lexer } = this;
    this.depth += 1;
    if (this.depth > this.limits.maxDepth) {
      throw lexer.fault(`nested deeper than ${this.limits.maxDepth} levels`);
    }
    lexer.advance();
    const node = this.expression();
    if (lexer.kind !== close) {
      throw lexer.fault(`expected "and", "or" or "${close}" but found ${lexer.describe()}`);
    }
    lexer.advance();
    this.depth -= 1;
    return node;
  }

  private counted(node: FilterNode): FilterNode {
    this.nodes += 1;
    if (this.nodes > this.limits.maxNodes) {
      throw this.lexer.fault(`more than ${this.limits.maxNodes} conditions`);
    }
    return node;
  }

  private takeWord(word: string): boolean {
    const taken = this.isWord(word);
    if (taken) this.lexer.advance();
    return taken;
  }

  private isWord(word: string): boolean {
    const { lexer } = this;
    return (
      lexer.kind === 'word' &&
      lexer.end - lexer.start === word.length &&
      foldAscii(lexer.token()) === word
    );
  }
}

/** Undefined when the text is no literal. ABNF has `true`, `false` and `null` in any case. */
function literal(text: string): number | boolean | null | undefined {
  if (NUMBER.test(text)) return finite(Number(text));
  switch (foldAscii(text)) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'null':
      return null;
    default:
      return undefined;
  }
}

/** JSON, which carries the tree to other threads, has neither infinities nor a negative zero. */
function finite(value: number): number | undefined {
  if (value === 0) return 0;
  return Number.isFinite(value) ? value : undefined;
}
