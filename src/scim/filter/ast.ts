/**
 * The tree a filter is parsed into (RFC 7644 §3.4.2.2), once, on the main thread. It is plain JSON:
 * it crosses threads as it is. Attribute paths stay text until a resource type resolves them;
 * positions are offsets into the filter text, for error messages.
 */

export type CompareOperator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';

/** An attribute path as typed, optionally with a `URN:` prefix and one `.sub`. */
export interface PathText {
  readonly text: string;
  readonly at: number;
}

export interface CompareNode {
  readonly kind: 'compare';
  readonly path: PathText;
  readonly operator: CompareOperator;
  readonly value: string | number | boolean | null;
  /** Offset of the value. */
  readonly valueAt: number;
}

export interface PresentNode {
  readonly kind: 'present';
  readonly path: PathText;
}

/**
 * `emails[type eq "work"]`: one element satisfies the whole inner filter. The parser rewrites
 * `emails[type eq "work"].value eq "x"`, which Entra sends, to
 * `emails[type eq "work" and value eq "x"]`.
 */
export interface ValuePathNode {
  readonly kind: 'valuePath';
  readonly path: PathText;
  readonly filter: FilterNode;
}

export interface AndNode {
  readonly kind: 'and';
  readonly nodes: readonly FilterNode[];
}

export interface OrNode {
  readonly kind: 'or';
  readonly nodes: readonly FilterNode[];
}

export interface NotNode {
  readonly kind: 'not';
  readonly node: FilterNode;
}

export type FilterNode = CompareNode | PresentNode | ValuePathNode | AndNode | OrNode | NotNode;
