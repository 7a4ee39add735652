/**
 * Groups that hold each other in any way, some of which cannot be made: exactly those fail that are
 * wrong or refer to one that fails, near or far, and the others have exactly their members.
 */
import fc from 'fast-check';
import t from 'tap';
import { valuesOf } from '../support/answer.ts';
import { bulk, idAt, operationsOf, postGroup, statusesOf } from '../support/bulk.ts';
import { ScimClient } from '../support/client.ts';
import { Server } from '../support/server.ts';

const RUNS = 40;
const server = await Server.start(t);
const scim = ScimClient.of(t, server);

interface Given {
  readonly members: readonly number[];
  readonly isWrong: boolean;
}

const groups: fc.Arbitrary<Given[]> = fc.integer({ min: 1, max: 14 }).chain((size) =>
  fc.array(
    fc.record({
      members: fc.uniqueArray(fc.nat(size - 1), { maxLength: 3 }),
      isWrong: fc.integer({ min: 0, max: 9 }).map((die) => die === 0),
    }),
    { minLength: size, maxLength: size },
  ),
);

/** Positions of those that must fail. */
function failing(given: readonly Given[]): Set<number> {
  const failed = new Set<number>();
  for (let before = -1; before !== failed.size;) {
    before = failed.size;
    for (const [at, { members, isWrong }] of given.entries()) {
      if (isWrong || members.some((member) => failed.has(member))) failed.add(at);
    }
  }
  return failed;
}

let runs = 0;

async function holds(given: readonly Given[]): Promise<boolean> {
  const run = (runs += 1);
  const operations = given.map(({ members, isWrong }, at) => {
    const references = members.map((member) => `bulkId:g${member}`);
    return postGroup(`g${at}`, isWrong ? '' : `run ${run} group ${at}`, references);
  });
  const answer = await scim.post('/Bulk', bulk(...operations));
  const failed = failing(given);
  const expected = given.map((_, at) => (failed.has(at) ? '400' : '201'));
  if (JSON.stringify(statusesOf(answer)) !== JSON.stringify(expected)) return false;
  for (const [at, { members }] of given.entries()) {
    if (failed.has(at)) continue;
    const group = await scim.get(`/Groups/${idAt(answer, at)}`);
    const wanted = members.map((member) => idAt(answer, member)).toSorted();
    const found = valuesOf(group.body['members']).toSorted();
    if (JSON.stringify(found) !== JSON.stringify(wanted)) return false;
    if (operationsOf(answer)[at]?.['version'] !== group.version) return false;
  }
  const left = await scim.get(`/Groups?count=0&filter=displayName%20sw%20"run%20${run}%20"`);
  return left.body['totalResults'] === given.length - failed.size;
}

t.test(`${RUNS} graphs`, async (t) => {
  await fc.assert(fc.asyncProperty(groups, holds), { numRuns: RUNS });
  t.ok(runs >= RUNS);
});
