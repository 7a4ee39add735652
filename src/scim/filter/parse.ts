/**
 * Parses the text of a filter into its tree (RFC 7644 §3.4.2.2). What the names in it mean is not
 * its business: a filter that parses may still be refused for a resource type.
 */
import { LENIENT, type FilterDialect } from '../dialect.ts';
import type { FilterNode } from './ast.ts';
import { Grammar, type FilterLimits } from './grammar.ts';
import { Lexer } from './lexer.ts';

export type { FilterLimits } from './grammar.ts';

/**
 * @throws ScimError 400 invalidFilter that names the position, from 1, and what was expected there
 */
export function parseFilter(
  text: string,
  limits: FilterLimits,
  dialect: Pick<FilterDialect, 'valuePathSuffix'> = LENIENT,
): FilterNode {
  const lexer = new Lexer(text, 'filter', 'invalidFilter');
  const filter = new Grammar(lexer, limits, dialect.valuePathSuffix).expression();
  if (lexer.kind !== 'end') {
    throw lexer.fault(`expected "and", "or" or the end but found ${lexer.describe()}`);
  }
  return filter;
}
