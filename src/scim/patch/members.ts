/**
 * Operations on the membership attribute of a group. Its elements are rows that only the editor
 * touches: adding or removing members never reads the others. Members are added and removed, never
 * changed (RFC 7643 §4.2): all of an element but its `value` is derived.
 */
import { badRequest } from '../errors.ts';
import type { FilterNode } from '../filter/ast.ts';
import { foldAscii } from '../fold.ts';
import { isObject, type JsonValue } from '../json.ts';
import { wrongType } from '../resource/scalar.ts';
import { canonicalizeElement } from '../resource/value.ts';
import type { Attribute } from '../schema/attribute.ts';
import { demandedBy, noTarget } from './assign.ts';
import { setting } from './merge.ts';
import type { MembershipEditor, PatchOperation } from './operation.ts';
import { immutable, type PatchRules, type Target } from './target.ts';

/**
 * Carries out one operation on members.
 * @returns whether the membership changed
 * @throws ScimError 400 invalidValue, mutability, noTarget; what the editor says of unknown ids
 */
export function changeMembers(
  target: Target,
  { op, value }: PatchOperation,
  rules: PatchRules,
  members: MembershipEditor,
): boolean {
  const { attribute, sub, path, selects } = target;
  if (sub !== undefined) {
    if (!sub.derived) throw immutable(sub);
    return false;
  }
  if (path.filter !== undefined && selects !== undefined) {
    if (op !== 'remove') return ensureSelected(target, path.filter, value ?? null, rules, members);
    const named = namedIds(path.filter);
    return members.remove(named ?? members.list().filter(selects).map(idOf));
  }
  switch (op) {
    case 'add':
      return members.add(listedIds(attribute, value, rules));
    case 'replace':
      checkIsList(attribute, value ?? null, rules);
      return members.replace(listedIds(attribute, value, rules));
    case 'remove':
      // Serializers write null for an absent value; [] lists nobody, so that nobody goes.
      return value === undefined || value === null
        ? removeAll(attribute, rules, members)
        : members.remove(listedIds(attribute, value, rules));
  }
}

/** Members as clients list them: `[{"value":"id"}]`, one such object, bare ids. */
function listedIds(
  attribute: Attribute,
  value: JsonValue | undefined,
  rules: PatchRules,
): string[] {
  if (value === undefined || value === null || (value === '' && rules.bareValues)) return [];
  const ids: string[] = [];
  for (const given of Array.isArray(value) ? value : [value]) {
    const id = idOf(canonicalizeElement(attribute, given, rules));
    if (id !== '') ids.push(id);
  }
  return ids;
}

/** What is added may be one element (RFC 7644 §3.5.2.1); a list is replaced by a list. */
function checkIsList(attribute: Attribute, value: JsonValue, rules: PatchRules): void {
  if (rules.bareValues || value === null || Array.isArray(value)) return;
  throw wrongType(attribute, 'an array', value);
}

/**
 * The setting keeps a `remove` that names nobody from emptying a group by mistake. A `replace` with
 * [] says what it wants, and is how Okta pushes a group that has become empty.
 */
function removeAll(attribute: Attribute, rules: PatchRules, members: MembershipEditor): boolean {
  if (!rules.allowRemoveAllMembers && members.list().length > 0) {
    throw badRequest(
      'mutability',
      `${attribute.path}: this endpoint does not remove all members at once (allowRemoveAllMembers is false); list those to remove in "value"`,
    );
  }
  return members.replace([]);
}

/** The ids of a filter that is a `value eq`, or several joined by `or`; undefined for others. */
function namedIds(filter: FilterNode): string[] | undefined {
  if (filter.kind === 'or') {
    const parts = filter.nodes.map(namedIds);
    return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
  }
  if (filter.kind !== 'compare' || filter.operator !== 'eq') return undefined;
  if (foldAscii(filter.path.text) !== 'value') return undefined;
  return typeof filter.value === 'string' ? [filter.value] : undefined;
}

/** An `add` or `replace` of `members[filter]`: the member is there afterwards, as it was. */
function ensureSelected(
  target: Target,
  filter: FilterNode,
  value: JsonValue,
  rules: PatchRules,
  members: MembershipEditor,
): boolean {
  const { attribute, selects } = target;
  const given = idOf(setting(attribute, value, rules)(undefined));
  const demanded = demandedBy(target, filter, rules);
  const id = idOf(demanded) || given;
  if (given !== '' && given !== id) throw changedId(attribute);
  if (rules.ignoresNoMatch === true) return false;
  const creates = rules.patchReplaceCreatesValuePathTarget && demanded !== undefined && id !== '';
  if (creates && idOf(demanded) !== '') return members.add([id]);
  const matching = members.list().filter((member) => selects?.(member) === true);
  if (matching.length === 0) {
    if (!creates) throw noTarget(target);
    return members.add([id]);
  }
  if (given !== '' && matching.some((member) => member.value !== given)) throw changedId(attribute);
  return false;
}

function changedId(attribute: Attribute): Error {
  const sub = attribute.subs.get('value');
  return immutable(sub ?? attribute);
}

/** '' for an element that names nobody. */
function idOf(element: JsonValue | undefined): string {
  const id = isObject(element) ? element['value'] : undefined;
  return typeof id === 'string' ? id : '';
}
