/**
 * What a filter over several resource types means for each of them (RFC 7644 §3.4.2.1): an attribute
 * that a type does not have is there without a value. What is thereby decided for all resources of a
 * type is taken out, so that a type nothing can match is not looked at.
 */
import { ScimError } from '../errors.ts';
import type { ResourceType } from '../schema/attribute.ts';
import { resolvePath } from '../schema/resolve.ts';
import type { CompareNode, FilterNode, PresentNode, ValuePathNode } from './ast.ts';
import { filterFault, type LiteralDialect } from './compare.ts';
import { compileFilter } from './evaluate.ts';
import { quoted } from './lexer.ts';

/** Or whether every resource of the type matches, or none. */
export type TypeFilter = FilterNode | boolean;

type Condition = CompareNode | PresentNode | ValuePathNode;

/** A condition in brackets, as the value path that it belongs to. */
type Wrap = (condition: Condition) => Condition;

interface Mixture {
  readonly types: readonly ResourceType[];
  readonly dialect: LiteralDialect;
}

/**
 * @returns for each type what is left to evaluate; it compiles against the type
 * @throws ScimError 400 invalidFilter for a condition that suits no type
 */
export function filterByType(
  filter: FilterNode,
  types: readonly ResourceType[],
  dialect: LiteralDialect,
): TypeFilter[] {
  const mixture: Mixture = { types, dialect };
  return types.map((type) => reduce(filter, type, mixture, (condition) => condition));
}

function reduce(node: FilterNode, type: ResourceType, mixture: Mixture, wrap: Wrap): TypeFilter {
  switch (node.kind) {
    case 'and':
    case 'or': {
      const parts = node.nodes.map((each) => reduce(each, type, mixture, wrap));
      return joined(node.kind, parts);
    }
    case 'not': {
      const inner = reduce(node.node, type, mixture, wrap);
      return typeof inner === 'boolean' ? !inner : { kind: 'not', node: inner };
    }
    case 'valuePath': {
      const within: Wrap = (filter) => ({ kind: 'valuePath', path: node.path, filter });
      const inner = reduce(node.filter, type, mixture, within);
      if (inner === false) return false;
      const { path } = node;
      if (inner === true) return reduce({ kind: 'present', path }, type, mixture, wrap);
      return { kind: 'valuePath', path, filter: inner };
    }
    default:
      return condition(node, type, mixture, wrap);
  }
}

function joined(kind: 'and' | 'or', parts: readonly TypeFilter[]): TypeFilter {
  const deciding = kind === 'or';
  if (parts.includes(deciding)) return deciding;
  const nodes = parts.filter((part) => typeof part !== 'boolean');
  const [first] = nodes;
  return nodes.length > 1 ? { kind, nodes } : (first ?? !deciding);
}

function condition(
  node: CompareNode | PresentNode,
  type: ResourceType,
  mixture: Mixture,
  wrap: Wrap,
): TypeFilter {
  const { types, dialect } = mixture;
  const whole = wrap(node);
  if (refusalOf(whole, type, dialect) === undefined) {
    return (whole === node ? ofTypeName(node, type) : undefined) ?? node;
  }
  if (types.every((each) => refusalOf(whole, each, dialect) !== undefined)) {
    throw refusalOfAll(whole, mixture);
  }
  return node.kind === 'compare' && node.value === null && node.operator === 'eq';
}

/** `meta.resourceType eq "User"` holds of all resources of a type or of none. */
function ofTypeName(node: CompareNode | PresentNode, type: ResourceType): boolean | undefined {
  const resolved = resolvePath(type, node.path.text);
  if (resolved?.sub === undefined) return undefined;
  const meta = type.attributes.get('meta');
  if (resolved.attribute !== meta || resolved.sub.key !== 'resourcetype') return undefined;
  return compileFilter(node, type)({ meta: { [resolved.sub.name]: type.name } });
}

/** Compiling is the one judge of what suits a type. */
function refusalOf(
  node: Condition,
  type: ResourceType,
  dialect: LiteralDialect,
): ScimError | undefined {
  try {
    compileFilter(node, type, dialect);
    return undefined;
  } catch (error) {
    if (error instanceof ScimError) return error;
    throw error;
  }
}

/** The words of a type that has the attribute, where one has. */
function refusalOfAll(node: Condition, { types, dialect }: Mixture): ScimError {
  const { path } = node;
  const owner = types.find((type) => resolvePath(type, path.text) !== undefined);
  const told = owner === undefined ? undefined : refusalOf(node, owner, dialect);
  return (
    told ?? filterFault(`no resource type here has an attribute ${quoted(path.text)}`, path.at)
  );
}
