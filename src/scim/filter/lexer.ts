/**
 * Cuts a filter or a PATCH path into tokens (RFC 7644 §3.4.2.2), one at a time and without
 * allocating any. It knows no grammar. Every fault in the text is a ScimError with its position,
 * 1-based as people count.
 */
import { badRequest, type ScimError, type ScimType } from '../errors.ts';

/** A `word` is a path, an operator, a number or a literal: what stands between the other tokens. */
export type TokenKind = 'word' | 'string' | '(' | ')' | '[' | ']' | 'end';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/** What RFC 8259 §7 allows behind a backslash. */
const ESCAPE = /^\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})/;
const ESCAPE_LENGTH = 6;

/** Input is quoted in error texts up to this many characters. */
const QUOTED_LENGTH = 40;

export class Lexer {
  readonly text: string;
  /** First word of every error text: `filter` or `path`. */
  readonly subject: string;
  /** Of every fault. In a PATCH path it is another inside brackets than outside. */
  scimType: ScimType;
  /** The current token, and its offsets. Before the first `advance` there is none. */
  kind: TokenKind = 'end';
  start = 0;
  end = 0;

  constructor(text: string, subject: string, scimType: ScimType) {
    this.text = text;
    this.subject = subject;
    this.scimType = scimType;
  }

  advance(): void {
    let at = this.end;
    while (at < this.text.length && isSpace(this.text.charCodeAt(at))) at += 1;
    this.start = at;
    this.kind = kindAt(this.text, at);
    this.end = this.kind === 'word' ? wordEnd(this.text, at) : at + 1;
    if (this.kind === 'string') this.end = this.stringEnd(at + 1);
    if (this.kind === 'end') this.end = at;
  }

  /** The current token as typed. */
  token(): string {
    return this.text.slice(this.start, this.end);
  }

  /** The value of the current token, which is a string. */
  stringValue(): string {
    const inner = this.text.slice(this.start + 1, this.end - 1);
    if (!inner.includes('\\')) return inner;
    const value: unknown = JSON.parse(this.token());
    return typeof value === 'string' ? value : inner;
  }

  /** The current token for error texts. */
  describe(): string {
    return this.kind === 'end' ? 'the end' : quoted(this.token());
  }

  /** @param at offset of what is wrong */
  fault(what: string, at: number = this.start): ScimError {
    return badRequest(this.scimType, `${this.subject}: ${what} at position ${at + 1}`);
  }

  private stringEnd(from: number): number {
    let at = from;
    while (at < this.text.length) {
      const unit = this.text.charCodeAt(at);
      if (unit === QUOTE) return at + 1;
      if (unit < SPACE) throw this.fault('a control character in quotes must be escaped', at);
      at += unit === BACKSLASH ? this.escapeLength(at) : 1;
    }
    throw this.fault('the quote is never closed that opens');
  }

  private escapeLength(at: number): number {
    const [escape] = ESCAPE.exec(this.text.slice(at, at + ESCAPE_LENGTH)) ?? [];
    if (escape !== undefined) return escape.length;
    const hint = String.raw`\" \\ \/ \b \f \n \r \t or \u and four hex digits`;
    const found = quoted(this.text.slice(at, at + 2));
    throw this.fault(`expected ${hint}, as in JSON, but found ${found}`, at);
  }
}

/** Input for error texts: on one line, in quotes, and not too much of it. */
export function quoted(text: string): string {
  const shown = text.length > QUOTED_LENGTH ? `${text.slice(0, QUOTED_LENGTH)}…` : text;
  return JSON.stringify(shown);
}

function kindAt(text: string, at: number): TokenKind {
  switch (text[at]) {
    case undefined:
      return 'end';
    case '(':
      return '(';
    case ')':
      return ')';
    case '[':
      return '[';
    case ']':
      return ']';
    case '"':
      return 'string';
    default:
      return 'word';
  }
}

function wordEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && isWordUnit(text.charCodeAt(at))) at += 1;
  return at;
}

function isWordUnit(unit: number): boolean {
  switch (unit) {
    case 0x22: // "
    case 0x28: // (
    case 0x29: // )
    case 0x5b: // [
    case 0x5d: // ]
      return false;
    default:
      return !isSpace(unit);
  }
}

/** The RFC's SP, and what JSON text is laid out with. */
function isSpace(unit: number): boolean {
  return unit === SPACE || unit === 0x09 || unit === 0x0a || unit === 0x0d;
}
