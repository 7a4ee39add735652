/** Commands for the lab's writer: few ids, so that they meet each other. */
import type { PatchPath } from '../../src/scim/patch/operation.ts';
import type { Command } from '../../src/store/commands.ts';

/** Made with the database. */
export const FIRST_ENDPOINT = 'e0';

const NOW = 1_700_000_000_000;
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';

export function createUser(id: string, size = 0, endpointId = FIRST_ENDPOINT): Command {
  return {
    ...baseOf('User', id, endpointId),
    kind: 'create',
    document: JSON.stringify({ schemas: [USER], id, userName: id, title: noise(id, size) }),
    name: id,
    externalId: undefined,
    display: id,
    members: undefined,
    secrets: undefined,
  };
}

export function createGroup(id: string, members: readonly string[]): Command {
  return {
    ...baseOf('Group', id),
    kind: 'create',
    document: JSON.stringify({ schemas: [GROUP], id, displayName: id }),
    name: undefined,
    externalId: undefined,
    display: id,
    members,
    secrets: undefined,
  };
}

export function patchUser(id: string, title: string): Command {
  const operations = JSON.stringify([{ op: 'replace', path: pathOf('title'), value: title }]);
  return {
    ...baseOf('User', id),
    kind: 'patch',
    ifMatch: undefined,
    operations,
    needsSecrets: false,
  };
}

export function addMember(group: string, member: string): Command {
  const operations = JSON.stringify([
    { op: 'add', path: pathOf('members'), value: [{ value: member }] },
  ]);
  return {
    ...baseOf('Group', group),
    kind: 'patch',
    ifMatch: undefined,
    operations,
    needsSecrets: false,
  };
}

/** As the parser leaves it. */
function pathOf(attribute: string): PatchPath {
  return { text: attribute, attribute };
}

export function deleteUser(id: string): Command {
  return { ...baseOf('User', id), kind: 'delete', ifMatch: undefined };
}

export function createEndpoint(endpointId: string): Command {
  const fields = {
    name: endpointId,
    displayName: undefined,
    description: undefined,
    config: undefined,
    active: undefined,
  };
  return { kind: 'createEndpoint', endpointId, log: undefined, now: NOW, fields };
}

export function deleteEndpoint(endpointId: string): Command {
  return { kind: 'deleteEndpoint', endpointId, log: undefined, now: NOW };
}

/** Commands of a few words, as a failed property test prints them: `join staff ada`. */
export function commandsOf(words: string): Command[] {
  const [what, id = '', detail = ''] = words.split(' ');
  switch (what) {
    case 'create':
      return [createUser(id)];
    case 'fill':
      return Array.from({ length: Number(detail) }, (_, user) =>
        createUser(`${id}-${user}`, 30_000, id),
      );
    case 'patch':
      return [patchUser(id, detail)];
    case 'delete':
      return [deleteUser(id)];
    case 'group':
      return [createGroup(id, [])];
    case 'join':
      return [addMember(id, detail)];
    case 'endpoint':
      return [createEndpoint(id)];
    case 'drop':
      return [deleteEndpoint(id)];
    default:
      throw new Error(`no command: ${words}`);
  }
}

function baseOf(type: string, id: string, endpointId = FIRST_ENDPOINT) {
  return { endpointId, log: undefined, type, id, now: NOW };
}

/** Text that no compression makes small, and that is the same each time. */
function noise(seed: string, size: number): string {
  let text = '';
  let state = Buffer.from(seed).reduce((sum, byte) => sum * 31 + byte, 7) >>> 0;
  while (text.length < size) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += state.toString(36);
  }
  return text.slice(0, size);
}
