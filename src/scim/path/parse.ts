/**
 * Parses the path of a PATCH operation (RFC 7644 §3.5.2, figure 7): an attribute with an optional
 * URN and sub-attribute, a value path with an optional sub-attribute, or an extension's URN alone.
 * What the names mean, and whether the target may be changed, is decided where it is applied.
 */
import { Grammar, type FilterLimits } from '../filter/grammar.ts';
import { Lexer } from '../filter/lexer.ts';
import type { PatchPath } from '../patch/operation.ts';

/**
 * @throws ScimError 400 invalidPath with the position, from 1, and what was expected there; inside
 *   brackets 400 invalidFilter, which RFC 7644 §3.12 has for the filters of paths
 */
export function parsePatchPath(text: string, limits: FilterLimits): PatchPath {
  return parsePath(new Lexer(text, 'path', 'invalidPath'), limits);
}

/**
 * A name in `attributes` or `excludedAttributes` that has brackets.
 * @throws ScimError 400 invalidValue with the position; inside brackets 400 invalidFilter
 */
export function parseNamePath(text: string, limits: FilterLimits): PatchPath {
  return parsePath(new Lexer(text, 'attributes', 'invalidValue'), limits);
}

/** @param lexer before its first token; its scimType is that of faults outside brackets */
function parsePath(lexer: Lexer, limits: FilterLimits): PatchPath {
  const { text, scimType } = lexer;
  const grammar = new Grammar(lexer, limits, false);
  const attribute = grammar.path();
  const path = lexer.kind === '[' ? valuePath(attribute.text) : { text, attribute: attribute.text };
  if (lexer.kind !== 'end') throw lexer.fault(`expected the end but found ${lexer.describe()}`);
  const blank = blankAt(text);
  if (blank !== -1) throw lexer.fault('a path has no blanks outside brackets', blank);
  return path;

  function valuePath(name: string): PatchPath {
    if (hasSub(name)) throw lexer.fault('a filter in brackets stands before the sub-attribute');
    const empty = /^\s*\]/.exec(text.slice(lexer.end));
    if (empty !== null) throw lexer.fault('expected a filter in the brackets', lexer.end);
    lexer.scimType = 'invalidFilter';
    const filter = grammar.brackets();
    lexer.scimType = scimType;
    const sub = grammar.subAttribute()?.text;
    return { text, attribute: name, filter, ...(sub === undefined ? {} : { sub }) };
  }
}

/** Of a text that is a path; -1 when it has none. What stands in brackets may have some. */
function blankAt(text: string): number {
  if (!/\s/.test(text)) return -1;
  const open = text.indexOf('[');
  const head = open === -1 ? text.length : open;
  const tail = open === -1 ? text.length : text.lastIndexOf(']');
  const before = text.slice(0, head).search(/\s/);
  const behind = text.slice(tail).search(/\s/);
  return before !== -1 || behind === -1 ? before : tail + behind;
}

/** A dot within the URN is none of the attribute's. */
function hasSub(attribute: string): boolean {
  return attribute.includes('.', attribute.lastIndexOf(':') + 1);
}
