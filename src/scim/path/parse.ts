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
  const lexer = new Lexer(text, 'path', 'invalidPath');
  const grammar = new Grammar(lexer, limits);
  const attribute = grammar.path();
  const path = lexer.kind === '[' ? valuePath(attribute.text) : { text, attribute: attribute.text };
  if (lexer.kind !== 'end') throw lexer.fault(`expected the end but found ${lexer.describe()}`);
  return path;

  function valuePath(name: string): PatchPath {
    if (hasSub(name)) throw lexer.fault('a filter in brackets stands before the sub-attribute');
    lexer.scimType = 'invalidFilter';
    const filter = grammar.brackets();
    lexer.scimType = 'invalidPath';
    const sub = grammar.subAttribute()?.text;
    return { text, attribute: name, filter, ...(sub === undefined ? {} : { sub }) };
  }
}

/** A dot within the URN is none of the attribute's. */
function hasSub(attribute: string): boolean {
  return attribute.includes('.', attribute.lastIndexOf(':') + 1);
}
