/**
 * Compiles one comparison of a filter, `operator value`, into a test of a single attribute value
 * (RFC 7644 §3.4.2.2, table 3). The attribute's type decides which operators and literals there
 * are; its caseExact decides how text compares. Values not of the attribute's type never match.
 */
import { LENIENT, type FilterDialect } from '../dialect.ts';
import { badRequest, type ScimError } from '../errors.ts';
import { compareText, fold } from '../fold.ts';
import type { JsonValue } from '../json.ts';
import type { Attribute } from '../schema/attribute.ts';
import type { CompareNode, CompareOperator } from './ast.ts';
import { isDateTime, parseInstant } from './instant.ts';
import { quoted } from './lexer.ts';

/** A test of one value that is there: never of an absent one, never of an array. */
export type ValueTest = (value: JsonValue) => boolean;

/** How the literals of a filter may be written. */
export type LiteralDialect = Pick<FilterDialect, 'textBooleans' | 'looseDateTimes'>;

type Order = 'gt' | 'ge' | 'lt' | 'le';
type Substring = 'co' | 'sw' | 'ew';

/** By the sign of value minus literal. */
const ORDERS: Readonly<Record<Order, (sign: number) => boolean>> = {
  gt: (sign) => sign > 0,
  ge: (sign) => sign >= 0,
  lt: (sign) => sign < 0,
  le: (sign) => sign <= 0,
};

/** @throws ScimError 400 invalidFilter when the operator or the literal does not suit the type */
export function compileComparison(
  attribute: Attribute,
  node: CompareNode,
  dialect: LiteralDialect,
): ValueTest {
  return compile(attribute, node, dialect, readerOf(attribute));
}

/**
 * The same test, of what `comparisonKey` has made of a value: many comparisons with one value fold it
 * once.
 */
export function compileKeyComparison(attribute: Attribute, node: CompareNode): ValueTest {
  return compile(attribute, node, LENIENT, asIs);
}

/** What comparisons see of a text. */
export function comparisonKey(attribute: Attribute, text: string): string {
  return readerOf(attribute)(text);
}

function readerOf({ type, caseExact }: Attribute): (text: string) => string {
  return caseExact || type === 'binary' ? asIs : fold;
}

/** @param read what is seen of a stored text; the literal is folded by the attribute */
function compile(
  attribute: Attribute,
  node: CompareNode,
  dialect: LiteralDialect,
  read: (text: string) => string,
): ValueTest {
  switch (attribute.type) {
    case 'string':
    case 'reference':
      return textTest(attribute, node, textLiteral(attribute, node), read);
    case 'binary':
      refuseOrder(attribute, node);
      return textTest(attribute, node, textLiteral(attribute, node), read);
    case 'dateTime':
      return dateTimeTest(attribute, node, dialect.looseDateTimes, read);
    case 'boolean':
      return booleanTest(attribute, node, dialect.textBooleans);
    case 'integer':
    case 'decimal':
      return numberTest(attribute, node);
    case 'complex':
      throw needsSubAttribute(attribute, node);
  }
}

/** 400 invalidFilter at an offset of the filter's text. */
export function filterFault(what: string, at: number): ScimError {
  return badRequest('invalidFilter', `filter: ${what} at position ${at + 1}`);
}

function textTest(
  attribute: Attribute,
  { operator }: CompareNode,
  literal: string,
  read: (text: string) => string,
): ValueTest {
  const wanted = comparisonKey(attribute, literal);
  switch (operator) {
    case 'eq':
      return (value) => typeof value === 'string' && read(value) === wanted;
    case 'ne':
      return (value) => typeof value === 'string' && read(value) !== wanted;
    case 'co':
      return (value) => typeof value === 'string' && read(value).includes(wanted);
    case 'sw':
      return (value) => typeof value === 'string' && read(value).startsWith(wanted);
    case 'ew':
      return (value) => typeof value === 'string' && read(value).endsWith(wanted);
    default: {
      const holds = ORDERS[operator];
      return (value) => typeof value === 'string' && holds(compareText(read(value), wanted));
    }
  }
}

/** `co`, `sw` and `ew` look at the text, as in `meta.created sw "2011-05"`. */
function dateTimeTest(
  attribute: Attribute,
  node: CompareNode,
  loose: boolean,
  read: (text: string) => string,
): ValueTest {
  const { operator } = node;
  const literal = textLiteral(attribute, node);
  if (isSubstring(operator)) return textTest(attribute, node, literal, read);
  const wanted = parseInstant(literal);
  if (Number.isNaN(wanted) || !(loose || isDateTime(literal))) {
    const example = '"2011-05-13T04:42:34Z"';
    throw filterFault(
      `${attribute.path} is a dateTime: expected one like ${example} but found ${quoted(literal)}`,
      node.valueAt,
    );
  }
  const holds = numberOperator(operator);
  return (value) => typeof value === 'string' && holds(parseInstant(value), wanted);
}

function numberTest(attribute: Attribute, node: CompareNode): ValueTest {
  const { operator, value: wanted } = node;
  if (isSubstring(operator)) throw unsuited(attribute, node);
  if (typeof wanted !== 'number') throw wrongLiteral(attribute, node, 'a number');
  const holds = numberOperator(operator);
  return (value) => typeof value === 'number' && holds(value, wanted);
}

/** Entra writes booleans as `"True"` and `"False"`. */
function booleanTest(attribute: Attribute, node: CompareNode, takesText: boolean): ValueTest {
  const { operator } = node;
  refuseOrder(attribute, node);
  if (isSubstring(operator)) throw unsuited(attribute, node);
  const wanted = asBoolean(node.value, takesText);
  if (wanted === undefined) throw wrongLiteral(attribute, node, 'true or false');
  const expected = operator === 'eq' ? wanted : !wanted;
  return (value) => value === expected;
}

function asBoolean(value: CompareNode['value'], takesText: boolean): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string' || !takesText) return undefined;
  const text = fold(value);
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

function textLiteral(attribute: Attribute, node: CompareNode): string {
  if (typeof node.value !== 'string') {
    throw wrongLiteral(attribute, node, 'text in double quotes');
  }
  return node.value;
}

function numberOperator(
  operator: Exclude<CompareOperator, Substring>,
): (value: number, wanted: number) => boolean {
  if (operator === 'eq') return (value, wanted) => value === wanted;
  // Not `!==`: that would hold of a stored text which is no dateTime.
  if (operator === 'ne') return (value, wanted) => value < wanted || value > wanted;
  const holds = ORDERS[operator];
  return (value, wanted) => holds(value - wanted);
}

function isSubstring(operator: CompareOperator): operator is Substring {
  return operator === 'co' || operator === 'sw' || operator === 'ew';
}

function asIs(text: string): string {
  return text;
}

function refuseOrder(attribute: Attribute, node: CompareNode): void {
  if (node.operator in ORDERS) throw unsuited(attribute, node);
}

function unsuited(attribute: Attribute, { operator, path }: CompareNode): ScimError {
  return filterFault(
    `"${operator}" does not suit ${attribute.path}, whose type is ${attribute.type} (it takes ${suited(attribute)}),`,
    path.at,
  );
}

function suited({ type }: Attribute): string {
  if (type === 'boolean') return 'eq, ne, pr';
  return type === 'binary' ? 'eq, ne, co, sw, ew, pr' : 'eq, ne, gt, ge, lt, le, pr';
}

function wrongLiteral(attribute: Attribute, node: CompareNode, wanted: string): ScimError {
  return filterFault(
    `${attribute.path} is of type ${attribute.type}: ` +
      `expected ${wanted} but found ${quoted(String(node.value))}`,
    node.valueAt,
  );
}

function needsSubAttribute(attribute: Attribute, { path }: CompareNode): ScimError {
  const names = [...attribute.subs.values()].map((sub) => sub.name).join(', ');
  return filterFault(
    `${attribute.path} is complex: compare one of its sub-attributes (${names}) instead`,
    path.at,
  );
}
