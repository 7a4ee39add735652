/** Findings of a test, and types to read bodies by. */
import { LENIENT } from '../../scim/dialect.ts';
import type { ResourceType } from '../../scim/schema/attribute.ts';
import { CORE_PROFILE } from '../../scim/schema/core.ts';
import { compileRegistry } from '../../scim/schema/registry.ts';
import { type Finding, Findings, Notes } from '../findings.ts';

export const OPTIONS = { ...LENIENT, unknownAttributes: 'drop' } as const;

export function coreType(name: 'User' | 'Group'): ResourceType {
  const type = compileRegistry(CORE_PROFILE).typesByName.get(name);
  if (type === undefined) throw new Error(`there is a ${name}`);
  return type;
}

/** Notes about one resource, and what they have come to, as `kind path`. */
export function noted(): { notes: Notes; found: Finding[]; lines: () => string[] } {
  const found: Finding[] = [];
  const findings = new Findings((finding) => found.push(finding));
  const notes = new Notes(findings, { endpoint: 'e', type: 'User', id: '1' });
  const lines = (): string[] => found.map(({ kind, path }) => `${kind} ${path}`);
  return { notes, found, lines };
}
