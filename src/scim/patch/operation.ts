/**
 * PATCH operations as the parser leaves them (RFC 7644 §3.5.2): plain JSON that crosses to the
 * writer, where they are applied to the current resource inside the transaction. Path-less
 * operations are gone by then: the parser has turned them into operations with paths.
 */
import type { PatchDialect } from '../dialect.ts';
import type { FilterNode } from '../filter/ast.ts';
import type { JsonValue } from '../json.ts';
import type { CanonicalizeOptions } from '../resource/canonicalize.ts';

/** `members[value eq "id"].display` → attribute `members`, its filter, sub `display`. */
export interface PatchPath {
  /** As typed, for error texts. */
  readonly text: string;
  /** Attribute path before any bracket, with its optional URN prefix and, without a bracket, its `.sub`. */
  readonly attribute: string;
  readonly filter?: FilterNode;
  /** The sub-attribute behind a bracket. */
  readonly sub?: string;
}

export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: PatchPath;
  /** Absent for most removes; Entra's `remove` of members has one. */
  readonly value?: JsonValue;
}

/** What an endpoint's settings say about PATCH: the settings themselves are such options. */
export interface PatchOptions extends CanonicalizeOptions, PatchDialect {
  /** `add` and `replace` through a value filter that matches nothing create the element. */
  readonly patchReplaceCreatesValuePathTarget: boolean;
  /** `remove` of `members` that names nobody may empty a group. */
  readonly allowRemoveAllMembers: boolean;
}

/**
 * The members of the group that a PATCH is applied to. In the writer these are rows, so that
 * adding one member to a group of any size is one insert; in tests, a set. Every call answers
 * whether it changed anything.
 */
export interface MembershipEditor {
  add(ids: readonly string[]): boolean;
  remove(ids: readonly string[]): boolean;
  replace(ids: readonly string[]): boolean;
  /** The members as elements (`value`, `type`, `display`), for a filter that is not `value eq`. */
  list(): readonly { readonly value: string; readonly type: string; readonly display: string }[];
}
