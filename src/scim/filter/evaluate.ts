/**
 * Compiles a filter tree against a resource type into one closure (RFC 7644 §3.4.2.2). Whatever is
 * wrong with a filter is thrown while compiling; evaluation never throws. The invariant: a
 * comparison looks at values that are there, and holds when any of them does. So `ne` does not hold
 * of an absent attribute, where there is no value that differs, and `not (… eq …)` does.
 */
import { LENIENT } from '../dialect.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { Attribute, ResourceType } from '../schema/attribute.ts';
import { resolvePath } from '../schema/resolve.ts';
import type { CompareNode, FilterNode, PresentNode, ValuePathNode } from './ast.ts';
import { compileComparison, filterFault, type LiteralDialect, type ValueTest } from './compare.ts';
import {
  elementTarget,
  isPresent,
  resourceTarget,
  someValue,
  within,
  type Target,
} from './target.ts';

type Predicate<T> = (subject: T) => boolean;
type Condition = CompareNode | PresentNode | ValuePathNode;

/**
 * The filter as a test of whole resources: document, meta, and members or groups, in the schema's
 * spelling. `filterMentions` tells which of these it looks at.
 * @param dialect of the endpoint, where a client is to be told what is wrong. A filter that was
 *   checked so means the same in any dialect, so that nobody behind needs to know it.
 * @throws ScimError 400 invalidFilter for unknown attributes and for operators or literals that do
 *   not suit the attribute's type
 */
export function compileFilter(
  node: FilterNode,
  type: ResourceType,
  dialect: LiteralDialect = LENIENT,
): Predicate<JsonObject> {
  return compileNode(node, (condition) =>
    compileCondition(condition, resourceTarget(condition.path, type), dialect),
  );
}

/**
 * The filter in the brackets of `attr[filter]` as a test of one element. Of a simple multi-valued
 * attribute, `value` is the element itself.
 * @throws ScimError 400 invalidFilter
 */
export function compileElementFilter(
  node: FilterNode,
  attribute: Attribute,
  dialect: LiteralDialect = LENIENT,
): Predicate<JsonValue> {
  return compileNode(node, (condition) =>
    compileCondition(condition, elementTarget(condition.path, attribute), dialect),
  );
}

/** Whether a filter looks at members or groups, and at `meta`: no document holds them. */
export function filterMentions(
  node: FilterNode,
  type: ResourceType,
): { links: boolean; meta: boolean } {
  switch (node.kind) {
    case 'and':
    case 'or': {
      const inner = node.nodes.map((each) => filterMentions(each, type));
      return { links: inner.some((each) => each.links), meta: inner.some((each) => each.meta) };
    }
    case 'not':
      return filterMentions(node.node, type);
    default: {
      const attribute = resolvePath(type, node.path.text)?.attribute;
      if (attribute === undefined) return { links: false, meta: false };
      return {
        links: attribute === type.membership || attribute === type.groups,
        meta: attribute === type.attributes.get('meta'),
      };
    }
  }
}

function compileNode<T>(
  node: FilterNode,
  compile: (condition: Condition) => Predicate<T>,
): Predicate<T> {
  switch (node.kind) {
    case 'and':
      return all(node.nodes.map((inner) => compileNode(inner, compile)));
    case 'or':
      return any(node.nodes.map((inner) => compileNode(inner, compile)));
    case 'not':
      return negation(compileNode(node.node, compile));
    default:
      return compile(node);
  }
}

function all<T>(tests: readonly Predicate<T>[]): Predicate<T> {
  return (subject) => {
    for (const test of tests) if (!test(subject)) return false;
    return true;
  };
}

function any<T>(tests: readonly Predicate<T>[]): Predicate<T> {
  return (subject) => {
    for (const test of tests) if (test(subject)) return true;
    return false;
  };
}

function negation<T>(test: Predicate<T>): Predicate<T> {
  return (subject) => !test(subject);
}

function compileCondition<T>(
  condition: Condition,
  target: Target<T>,
  dialect: LiteralDialect,
): Predicate<T> {
  const { path } = condition;
  if (target.attribute?.returned === 'never' || target.sub?.returned === 'never') {
    throw filterFault(`${path.text} is never returned and cannot be filtered by`, path.at);
  }
  switch (condition.kind) {
    case 'present':
      return present(target);
    case 'compare':
      return condition.value === null
        ? nullTest(condition, target)
        : compare(condition, target, dialect);
    case 'valuePath':
      return valuePath(condition, target, dialect);
  }
}

function present<T>({ read, attribute, sub }: Target<T>): Predicate<T> {
  if (attribute === undefined || sub === undefined) return (subject) => isPresent(read(subject));
  const test = within(sub, isPresent);
  return (subject) => someValue(read(subject), test);
}

/** Null and absent are one (RFC 7643 §2.5): `eq null` is `not (… pr)`, `ne null` is `pr`. */
function nullTest<T>({ operator, valueAt }: CompareNode, target: Target<T>): Predicate<T> {
  if (operator === 'eq') return negation(present(target));
  if (operator === 'ne') return present(target);
  throw filterFault(`"${operator}" does not suit null, only eq and ne do,`, valueAt);
}

/** A complex attribute compares by its `value`: `emails co "x"`, `members eq "id"`. */
function compare<T>(
  node: CompareNode,
  { read, attribute, sub }: Target<T>,
  dialect: LiteralDialect,
): Predicate<T> {
  if (attribute === undefined) throw wholeExtension(node);
  const inner = sub ?? (attribute.type === 'complex' ? attribute.subs.get('value') : undefined);
  const compared = compileComparison(inner ?? attribute, node, dialect);
  const test = inner === undefined ? compared : within(inner, compared, assumed(attribute, inner));
  return (subject) => someValue(read(subject), test);
}

/** RFC 7643 §2.4: if not specified, `primary` is assumed to be false. */
function assumed(attribute: Attribute, sub: Attribute): JsonValue | undefined {
  const isPrimary = attribute.multiValued && sub.key === 'primary' && sub.type === 'boolean';
  return isPrimary ? false : undefined;
}

function valuePath<T>(
  node: ValuePathNode,
  { read, attribute, sub }: Target<T>,
  dialect: LiteralDialect,
): Predicate<T> {
  const filtered = sub ?? attribute;
  if (filtered === undefined) throw wholeExtension(node);
  if (filtered.type !== 'complex' && !filtered.multiValued) {
    throw filterFault(`${filtered.path} has one simple value and takes no brackets`, node.path.at);
  }
  const matches = compileElementFilter(node.filter, filtered, dialect);
  const test: ValueTest = sub === undefined ? matches : within(sub, matches);
  return (subject) => someValue(read(subject), test);
}

function wholeExtension({ path }: Condition): Error {
  return filterFault(`${path.text} is a whole schema: add ":" and an attribute of it`, path.at);
}
