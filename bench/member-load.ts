/**
 * PATCHes that add one member to groups of a given size. Each request adds another user to another
 * group, so that every one is a real insert and the groups keep about their size: with S spare
 * users and G groups, G × S requests make each group larger by S.
 */
import type { Load } from './drive.ts';
import { requestBytes } from './requests.ts';
import type { Stage, Trial } from './scenario.ts';
import { PATCH_SCHEMA } from './scim-client.ts';

export interface MemberLoadShape {
  /** Members of each group before the run. */
  readonly size: number;
  /** Users beyond them that the run adds to each group. */
  readonly spare: number;
}

/** The load is made large enough for this rate; where a server is faster, the run ends early. */
const REQUESTS_PER_SECOND_MAX = 25_000;
/** Members in one request while a group is filled: far below the body limit. */
const CHUNK = 5000;
const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';

export async function prepareMemberAdd(stage: Stage, shape: MemberLoadShape): Promise<Trial> {
  const { size, spare } = shape;
  await stage.population.growTo(size + spare, stage.server, stage.server.token);
  const groupCount = Math.ceil((stage.totalSeconds * REQUESTS_PER_SECOND_MAX) / spare);
  const groups: string[] = [];
  for (let number = 0; number < groupCount; number += 1) {
    groups.push(await createGroup(stage, `${size} members, number ${number}`, size));
  }
  return {
    load: addLoad(stage, groups, shape),
    verify: (sent, answered) => verify(stage, groups, size, sent, answered),
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

function addLoad(stage: Stage, groups: readonly string[], shape: MemberLoadShape): Load {
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
        body: `{"schemas":["${PATCH_SCHEMA}"],"Operations":[{"op":"Add","path":"members","value":[{"value":"${member}"}]}]}`,
      });
    },
    check: (_n, status, body) =>
      status === 204 && body === '' ? undefined : `add member: ${status} ${body.slice(0, 300)}`,
  };
}

/** Counts the members of the first and the last group; requests went to the groups in turn. */
async function verify(
  { client }: Stage,
  groups: readonly string[],
  size: number,
  sent: number,
  answered: number,
): Promise<string[]> {
  const complaints: string[] = [];
  const lost = sent - answered;
  for (const number of new Set([0, groups.length - 1])) {
    const { members } = await client.get(`/Groups/${groups[number] ?? ''}`);
    const count = Array.isArray(members) ? members.length : 0;
    const addsSent = Math.ceil((sent - number) / groups.length);
    if (count > size + addsSent || count < size + addsSent - lost) {
      complaints.push(
        `group ${number}: ${size} members and ${addsSent} added (${lost} unanswered), ${count} there`,
      );
    }
  }
  return complaints;
}
