/**
 * Tells documents that cannot match by a look at their bytes, so that a scan parses fewer. It is sure
 * of ASCII alone: there, a text that a filter asks for stands in the document as it is, but for case,
 * when it has no character that JSON escapes. Of any other document it says that it may match.
 */
import { isAscii } from 'node:buffer';
import type { CompareNode, FilterNode } from '../scim/filter/ast.ts';
import { foldAscii } from '../scim/fold.ts';
import type { Attribute, ResourceType } from '../scim/schema/attribute.ts';
import { resolvePath } from '../scim/schema/resolve.ts';
import { conjuncts } from './plan/normalize.ts';

/** Printable, and neither a quotation mark nor a backslash; shorter ones are nearly everywhere. */
const PLAIN = /^[ !#-[\]-~]{3,}$/;

/**
 * @returns whether a document, as it is stored, may match; undefined where every document has to be
 *   parsed to know
 */
export function rawTextTest(
  filter: FilterNode,
  type: ResourceType,
): ((document: Buffer) => boolean) | undefined {
  const texts = conjuncts(filter).flatMap((node) => textsIn(node, type));
  if (texts.length === 0) return undefined;
  return (document) => {
    if (!isAscii(document)) return true;
    const text = document.toString('latin1').toLowerCase();
    return texts.every((each) => text.includes(each));
  };
}

/** Of which each must be in the document, in lower case. */
function textsIn(node: FilterNode, type: ResourceType): string[] {
  if (node.kind !== 'compare' && node.kind !== 'valuePath') return [];
  const resolved = resolvePath(type, node.path.text);
  const attribute = resolved?.attribute;
  if (attribute === undefined || !isStored(attribute, type)) return [];
  if (node.kind === 'compare') return textOf(node, resolved?.sub ?? valueOf(attribute));
  return conjuncts(node.filter).flatMap((each) =>
    each.kind === 'compare' ? textOf(each, elementPart(attribute, each)) : [],
  );
}

/** Links, times of change and what the server adds stand in no document. */
function isStored(attribute: Attribute, type: ResourceType): boolean {
  const isLink = attribute === type.membership || attribute === type.groups;
  return !isLink && attribute.mutability !== 'readOnly' && !type.unstored.has(attribute.name);
}

function valueOf(attribute: Attribute): Attribute | undefined {
  return attribute.type === 'complex' ? attribute.subs.get('value') : attribute;
}

function elementPart(attribute: Attribute, { path }: CompareNode): Attribute | undefined {
  return attribute.subs.get(foldAscii(path.text)) ?? valueOf(attribute);
}

/** Of texts alone: times and numbers are compared by what they mean, and what is absent may be false. */
function textOf({ operator, value }: CompareNode, compared: Attribute | undefined): string[] {
  if (compared?.type !== 'string' && compared?.type !== 'reference') return [];
  if (typeof value !== 'string' || !PLAIN.test(value)) return [];
  const isText = operator === 'eq' || operator === 'co' || operator === 'sw' || operator === 'ew';
  return isText ? [value.toLowerCase()] : [];
}
