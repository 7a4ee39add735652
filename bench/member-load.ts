/**
 * PATCHes that add one member to groups of a given size, or take one away. Each request changes
 * another user of another group, so that every one is a real change and the groups keep about their
 * size: with S spare users and G groups, G × S requests make each group larger, or smaller, by S.
 */
import { randomUUID } from 'node:crypto';
import type { Load } from './drive.ts';
import { requestBytes } from './requests.ts';
import { SAMPLES_MAX, type Stage, type Trial } from './scenario.ts';
import { PATCH_SCHEMA } from './scim-client.ts';

export interface MemberLoadShape {
  /** Members of each group before they are added, or after they were taken away. */
  readonly size: number;
  /** Users beyond them that the run adds to each group, or takes away. */
  readonly spare: number;
}

type Change = 'Add' | 'Remove';

interface Changed {
  readonly groups: readonly string[];
  /** Members of each. */
  readonly sizeBefore: number;
  readonly change: Change;
  /** By group: changes whose answer came. */
  readonly acknowledged: Int32Array;
}

/** The load is made large enough for this rate; where a server is faster, the run ends early. */
const REQUESTS_PER_SECOND_MAX = 25_000;
/** Members in one request while a group is filled: far below the body limit. */
const CHUNK = 5000;
/** About as many are read back, of several groups. */
const READ_BACK_MEMBERS = 100_000;
const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';

export function prepareMemberAdd(stage: Stage, shape: MemberLoadShape): Promise<Trial> {
  return prepareChange(stage, shape, 'Add');
}

export function prepareMemberRemove(stage: Stage, shape: MemberLoadShape): Promise<Trial> {
  return prepareChange(stage, shape, 'Remove');
}

async function prepareChange(stage: Stage, shape: MemberLoadShape, change: Change): Promise<Trial> {
  const { size, spare } = shape;
  const sizeBefore = change === 'Add' ? size : size + spare;
  await stage.population.growTo(size + spare, stage.server, stage.server.token);
  const groupCount = Math.ceil((stage.totalSeconds * REQUESTS_PER_SECOND_MAX) / spare);
  const groups: string[] = [];
  // A scenario may run several times on one server.
  const mark = randomUUID().slice(0, 8);
  for (let number = 0; number < groupCount; number += 1) {
    groups.push(await createGroup(stage, `${change} ${mark}, number ${number}`, sizeBefore));
  }
  /** By group. */
  const acknowledged = new Int32Array(groupCount);
  const changed = { groups, sizeBefore, change, acknowledged };
  return {
    load: changeLoad(stage, changed, shape),
    verify: (sent) => verify(stage, changed, sent),
  };
}

async function createGroup({ client, population }: Stage, displayName: string, size: number) {
  const { id } = await client.post('/Groups', { schemas: [GROUP_SCHEMA], displayName });
  if (typeof id !== 'string') throw new Error('POST group answered no id');
  for (let first = 0; first < size; first += CHUNK) {
    const ids = population.ids.slice(first, Math.min(first + CHUNK, size));
    const value = ids.map((member) => ({ value: member }));
    await client.patch(`/Groups/${id}`, [{ op: 'add', path: 'members', value }]);
  }
  return id;
}

function changeLoad(
  stage: Stage,
  { groups, change, acknowledged }: Changed,
  shape: MemberLoadShape,
): Load {
  const { population, server } = stage;
  return {
    capacity: groups.length * shape.spare,
    request: (n) => {
      const group = groups[n % groups.length] ?? '';
      const member = population.ids[shape.size + Math.floor(n / groups.length)] ?? '';
      return requestBytes({
        method: 'PATCH',
        path: `/scim/v2/Groups/${group}`,
        token: server.token,
        body: `{"schemas":["${PATCH_SCHEMA}"],"Operations":[{"op":"${change}","path":"members","value":[{"value":"${member}"}]}]}`,
      });
    },
    check: (n, status, body) => {
      if (status !== 204 || body !== '') return `${change} member: ${status} ${body.slice(0, 300)}`;
      const group = n % groups.length;
      acknowledged[group] = (acknowledged[group] ?? 0) + 1;
      return undefined;
    },
  };
}

/** Counts members; requests went to the groups in turn. What is acknowledged is there. */
async function verify(
  { client }: Stage,
  { groups, sizeBefore, change, acknowledged }: Changed,
  sent: number,
): Promise<string[]> {
  const complaints: string[] = [];
  // Of large groups a few, to the last one.
  const samples = Math.min(SAMPLES_MAX, Math.ceil(READ_BACK_MEMBERS / sizeBefore) + 1);
  const stride = Math.max(1, Math.ceil((groups.length - 1) / (samples - 1)));
  for (let number = groups.length - 1; number >= 0; number -= stride) {
    const { members } = await client.get(`/Groups/${groups[number] ?? ''}`);
    const count = Array.isArray(members) ? members.length : 0;
    const most = Math.ceil((sent - number) / groups.length);
    const least = acknowledged[number] ?? 0;
    const changed = change === 'Add' ? count - sizeBefore : sizeBefore - count;
    if (changed > most || changed < least) {
      complaints.push(
        `group ${number}: ${sizeBefore} members, ${change} of ${most}, ${least} acknowledged, ${count} there`,
      );
    }
  }
  return complaints;
}
