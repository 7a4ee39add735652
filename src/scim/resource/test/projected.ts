/** A projection as answers use it: on the text of a stored document, with what is derived behind. */
import { isObject, type JsonObject, type JsonValue } from '../../json.ts';
import type { ResourceType } from '../../schema/attribute.ts';
import { TextParts } from '../../text-parts.ts';
import { compileProjection } from '../project.ts';
import { projectText } from '../project-text.ts';

const DERIVED = ['groups', 'members', 'meta'];

/** @returns what is shown of a resource; undefined when that is all of it */
export function projected(
  type: ResourceType,
  resource: JsonObject,
  attributes: readonly string[] | undefined,
  excluded: readonly string[] | undefined,
): JsonObject | undefined {
  const projection = compileProjection(type, attributes, excluded);
  if (projection === undefined) return undefined;
  const entries = Object.entries(resource);
  const stored = Object.fromEntries(entries.filter(([name]) => !DERIVED.includes(name)));
  const derived = entries
    .filter(([name]) => DERIVED.includes(name))
    .map(([name, value]) => [name, () => JSON.stringify(value)] as const);
  const parts = new TextParts();
  projectText(projection).write(parts, Buffer.from(JSON.stringify(stored)), derived);
  const shown = JSON.parse(textOf(parts)) as JsonValue;
  if (!isObject(shown)) throw new Error('a projection is a JSON object');
  return shown;
}

function textOf(parts: TextParts): string {
  return Buffer.concat(parts.all.map((part) => Buffer.from(part))).toString('utf8');
}
