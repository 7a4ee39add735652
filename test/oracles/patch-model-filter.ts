/** Filters in the paths of the PATCH model: three operators, evaluated as RFC 7644 §3.4.2.2 says. */
import type { JsonObject, JsonValue } from '../../src/scim/json.ts';

export type ModelFilter =
  | { readonly kind: 'eq' | 'sw'; readonly sub: string; readonly value: string | boolean }
  | { readonly kind: 'pr'; readonly sub: string }
  | { readonly kind: 'not'; readonly filter: ModelFilter }
  | { readonly kind: 'and' | 'or'; readonly filters: readonly [ModelFilter, ModelFilter] };

/** Sub-attributes are spelt as the schema has them, or in capitals. */
export function matches(element: JsonObject, filter: ModelFilter): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.filters.every((inner) => matches(element, inner));
    case 'or':
      return filter.filters.some((inner) => matches(element, inner));
    case 'not':
      return !matches(element, filter.filter);
    case 'pr':
      return valueOf(element, filter.sub) !== undefined;
    case 'eq':
      return folded(valueOf(element, filter.sub)) === folded(filter.value);
    case 'sw': {
      const value = folded(valueOf(element, filter.sub));
      return typeof value === 'string' && value.startsWith(`${filter.value}`.toLowerCase());
    }
  }
}

export function textOfFilter(filter: ModelFilter): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.filters.map((inner) => `(${textOfFilter(inner)})`).join(` ${filter.kind} `);
    case 'not':
      return `not (${textOfFilter(filter.filter)})`;
    case 'pr':
      return `${filter.sub} pr`;
    default:
      return `${filter.sub} ${filter.kind} ${JSON.stringify(filter.value)}`;
  }
}

/** Ours: the one element that equalities joined by "and" ask for. */
export function wantedBy(filter: ModelFilter): JsonObject | undefined {
  if (filter.kind === 'eq') return { [filter.sub.toLowerCase()]: filter.value };
  if (filter.kind !== 'and') return undefined;
  const [one, other] = filter.filters.map(wantedBy);
  if (one === undefined || other === undefined) return undefined;
  const both = { ...other, ...one };
  return matches(both, filter) ? both : undefined;
}

/** RFC 7643 §2.4: a primary that is not there is false. */
function valueOf(element: JsonObject, sub: string): JsonValue | undefined {
  const name = sub.toLowerCase();
  return name === 'primary' ? (element[name] ?? false) : element[name];
}

/** No sub-attribute here is case-exact. */
function folded(value: JsonValue | undefined): JsonValue | undefined {
  return typeof value === 'string' ? value.toLowerCase() : value;
}
