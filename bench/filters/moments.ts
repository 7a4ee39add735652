/**
 * What happens once and not under load: the first filter on attributes that no thread holds yet, a
 * filter right after many writes, and what other cases need to be there.
 */
import { median } from '../backup/stage.ts';
import type { ScimClient } from '../scim-client.ts';
import type { FilterCase } from './cases.ts';
import { pathOf } from './run-case.ts';

const WRITES = 1000;
const ROUNDS = 5;
const WARM = 20;
const ATTEMPTS_MAX = 20;
/** Members in one request while a group is filled: far below the body limit. */
const CHUNK = 5000;
const WRITES_AT_ONCE = 20;
const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** @param cases each of which names attributes that none before it has */
export async function firstFilters(
  client: ScimClient,
  cases: readonly FilterCase[],
): Promise<object[]> {
  const lines: object[] = [];
  for (const each of cases.filter(({ connections }) => connections === 1)) {
    lines.push({ scenario: `first: ${each.name}`, ...(await firstAnswer(client, each)) });
  }
  return lines;
}

/** Over a million users a search may meet its deadline; what it has read is kept for the next. */
async function firstAnswer(
  client: ScimClient,
  each: FilterCase,
): Promise<{ ms: number; attempts: number }> {
  const startedMs = performance.now();
  for (let attempts = 1; ; attempts += 1) {
    try {
      await timed(client, each, 0);
      return { ms: rounded(performance.now() - startedMs), attempts };
    } catch (error) {
      const tooMany = error instanceof Error && error.message.includes('tooMany');
      if (!tooMany || attempts === ATTEMPTS_MAX) throw error;
    }
  }
}

/** Changes of what no filter names: the sets must still read them. */
export async function besideWrites(
  client: ScimClient,
  ids: readonly string[],
  cases: readonly FilterCase[],
): Promise<object> {
  const [each] = cases;
  if (each === undefined) throw new Error('no case');
  const warm: number[] = [];
  for (let n = 0; n < WARM; n += 1) warm.push(await timed(client, each, 100 + n));
  const after: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await write(client, ids, round);
    after.push(await timed(client, each, 200 + round));
  }
  return {
    scenario: `right after ${WRITES} writes: ${each.name}`,
    warmMs: rounded(median(warm)),
    afterMs: rounded(median(after)),
    addsMs: rounded(median(after) - median(warm)),
  };
}

/** @returns a time behind which exactly these users were changed */
export async function changedUsers(client: ScimClient, ids: readonly string[]): Promise<string> {
  // Times are whole milliseconds: none of the changes before may be of the same.
  await new Promise((resolve) => setTimeout(resolve, 20));
  const since = new Date(Date.now() - 5).toISOString();
  for (const id of ids) await nickname(client, id, 'recent');
  return since;
}

/** @returns the id of a group of all these users */
export async function largeGroup(client: ScimClient, ids: readonly string[]): Promise<string> {
  const group = await client.post('/Groups', { schemas: [GROUP_SCHEMA], displayName: 'Everybody' });
  const { id } = group;
  if (typeof id !== 'string') throw new Error('POST group answered no id');
  for (let first = 0; first < ids.length; first += CHUNK) {
    const value = ids.slice(first, first + CHUNK).map((member) => ({ value: member }));
    await client.patch(`/Groups/${id}`, [{ op: 'add', path: 'members', value }]);
  }
  return id;
}

async function write(client: ScimClient, ids: readonly string[], round: number): Promise<void> {
  for (let first = 0; first < WRITES; first += WRITES_AT_ONCE) {
    const some = Array.from(
      { length: WRITES_AT_ONCE },
      (_, at) => ids[(round * WRITES + first + at) % ids.length] ?? '',
    );
    await Promise.all(some.map((id) => nickname(client, id, `written in round ${round}`)));
  }
}

function nickname(client: ScimClient, id: string, value: string): Promise<void> {
  return client.patch(`/Users/${id}`, [{ op: 'replace', path: 'nickName', value }]);
}

/** @throws Error when the answer is wrong */
async function timed(client: ScimClient, { ask }: FilterCase, n: number): Promise<number> {
  const { filter, total } = ask(n);
  const startedMs = performance.now();
  const { totalResults } = await client.get(pathOf('/Users', filter));
  const ms = performance.now() - startedMs;
  if (totalResults !== total)
    throw new Error(`${filter}: ${JSON.stringify(totalResults)}, not ${total}`);
  return rounded(ms);
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
