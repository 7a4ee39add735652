/** The creates with a log of rows alone: the level is asked for, and the log is looked at afterwards. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import t from 'tap';
import { population } from '../../bench/population.ts';
import type { Stage } from '../../bench/scenario.ts';
import { createUserSummaryLog } from '../../bench/scenarios/create-user-summary-log.ts';
import { scimClient } from '../../bench/scim-client.ts';

t.test('a log with contents is no log of rows', async (t) => {
  const created: unknown[] = [];
  let row: object = {};
  const server = createServer((request, response) => {
    const { url = '' } = request;
    const answer = (value: object): void => void response.end(JSON.stringify(value));
    if (request.method === 'POST') {
      json(request).then(
        (body) => {
          created.push(body);
          answer({ id: '1' });
        },
        (error: unknown) => t.fail(String(error)),
      );
    } else if (url.includes('/Users')) answer({ totalResults: 0 });
    else if (url.includes('/logs?')) answer({ items: [{ id: '7' }] });
    else answer(row);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const { port } = address;
  const base = `http://127.0.0.1:${port}/scim/v2`;
  const nothing = async (): Promise<void> => undefined;
  const stage: Stage = {
    server: {
      port,
      base,
      token: 'token',
      firstAnswerMs: 0,
      cpuMs: () => undefined,
      rssBytes: () => undefined,
      rssPeakBytes: () => undefined,
      place: () => undefined,
      stop: nothing,
      kill: nothing,
    },
    client: scimClient(base, 'token'),
    population: population(),
    userCount: 0,
    memberCount: 0,
    totalSeconds: 1,
    seconds: 1,
    rate: undefined,
  };
  const trial = await createUserSummaryLog.prepare(stage);
  t.match(created, [{ name: /^summary-log-/, config: { requestLog: 'summary' } }]);
  row = { id: '7', requestHeaders: null };
  t.same(await trial.verify(0, 0), []);
  t.same(await trial.verify(1, 1), ['1 users acknowledged of 1 sent, 0 are there']);
  row = { id: '7', requestHeaders: {} };
  await t.rejects(trial.verify(0, 0), { message: /request log summary: the log has full/ });
});
