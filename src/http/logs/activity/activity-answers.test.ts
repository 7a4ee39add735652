/** One page of the largest bodies: others have their turn meanwhile, and the page stays small. */
import t from 'tap';
import { LIMITS } from '../../../platform/limits.ts';
import { FakeLogs } from '../../test/fake-logs.ts';
import { LogScope } from '../scope.ts';
import { ActivityAnswers } from './activity-answers.ts';

const ROWS = 200;

t.test('a page of large changes', async (t) => {
  const logs = new FakeLogs();
  const value = Object.fromEntries(
    Array.from({ length: 900 }, (_, at) => [`a${String(at)}`, 'x'.repeat(50)]),
  );
  const requestBody = JSON.stringify({ Operations: [{ op: 'replace', value }] });
  for (let row = ROWS; row > 0; row -= 1) {
    logs.requests.push({
      row,
      time: row,
      requestId: 'r',
      endpointId: 'e',
      method: 'PATCH',
      target: '/scim/endpoints/e/Users/x',
      requestBytes: requestBody.length,
      status: 200,
      durationMs: 1,
      detail: undefined,
      resourceType: 'User',
      resourceId: `id ${String(row)}`,
    });
    logs.contentOf.set(row, {
      requestHeaders: '[]',
      requestBody,
      responseHeaders: '[]',
      responseBody: undefined,
      responseBytes: 0,
    });
  }
  const heldAtOnce: number[] = [];
  const contents = logs.contents.bind(logs);
  logs.contents = (requests) => {
    heldAtOnce.push(requests.length);
    return contents(requests);
  };
  const activity = new ActivityAnswers({
    logs,
    names: { of: async () => Promise.resolve([]) },
    scope: new LogScope({ endpoint: () => undefined }),
    clock: { now: () => 0 },
    limits: LIMITS,
    sharedSecret: 'a shared secret of tests',
  });
  let turns = 0;
  let goesOn = true;
  const turn = (): void => {
    turns += 1;
    if (goesOn) setImmediate(turn);
  };
  setImmediate(turn);
  const { body } = await activity.list(new Map([['pageSize', String(ROWS)]]), undefined);
  goesOn = false;
  t.ok(turns > ROWS / 4, 'others had their turn');
  t.ok(heldAtOnce.every((count) => count <= 50));
  if (typeof body !== 'string') throw new Error('no text');
  t.ok(body.length < ROWS * 2000, 'nor is the page long');
  t.match(body, 'a19 and 880 more');
});
