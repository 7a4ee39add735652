/** SIGTERM ends the server cleanly, whatever its clients do. */
import t from 'tap';
import type { Asserts } from '../support/asserts.ts';
import { ScimClient } from '../support/client.ts';
import { entraUser } from '../support/entra.ts';
import { RawConnection, requestText } from '../support/raw.ts';
import { succeeded } from '../support/scim-asserts.ts';
import { Server } from '../support/server.ts';

/** Asks without end on one connection; tells how many whole answers came and whether one was cut. */
async function endlessClient(
  t: Asserts,
  connection: RawConnection,
  started: () => void,
): Promise<number> {
  for (let answers = 0; ; answers++) {
    await connection.write(requestText('GET', '/scim/v2/Users?count=1'));
    const answer = await connection.answer();
    if (answer === undefined) {
      t.equal(connection.received.length, 0, 'no answer is cut off');
      return answers;
    }
    t.ok([200, 503].includes(answer.status), String(answer.status));
    if (answers === 20) started();
  }
}

t.test('an endless keep-alive client, an idle one, and half requests', async (t) => {
  const server = await Server.start(t);
  const scim = ScimClient.of(t, server);
  const body = JSON.stringify(entraUser('half'));
  const idle = await RawConnection.open(t, server);
  await idle.write(requestText('GET', '/scim/v2/Users?count=1'));
  t.equal((await idle.answer())?.status, 200);
  const silent = await RawConnection.open(t, server);
  const halfHead = await RawConnection.open(t, server);
  await halfHead.write('GET /scim/v2/Users HTT');
  const halfBody = await RawConnection.open(t, server);
  await halfBody.write(requestText('POST', '/scim/v2/Users', body).slice(0, -20));
  succeeded(t, await scim.get('/Users'), 200);

  const endless = await RawConnection.open(t, server);
  const client = endlessClient(t, endless, () => server.signal('SIGTERM'));
  const exit = await server.exit;
  t.equal(exit.code, 0, exit.stderr);
  t.ok((await client) > 20);
  for (const connection of [idle, silent, halfHead, halfBody]) await connection.closed();
});

t.test('what was acknowledged while stopping is there afterwards', async (t) => {
  const server = await Server.start(t);
  const scim = ScimClient.of(t, server);
  const acknowledged: string[] = [];
  let number = 0;
  const writers = Array.from({ length: 8 }, async () => {
    for (;;) {
      const answer = await scim.post('/Users', entraUser(`w${number++}`)).catch(() => undefined);
      if (answer === undefined) return;
      if (answer.status === 201) acknowledged.push(answer.id);
      else t.equal(answer.status, 503, 'refused while stopping');
      if (acknowledged.length === 100) server.signal('SIGTERM');
    }
  });
  await Promise.all(writers);
  t.equal((await server.exit).code, 0, server.stderr);
  await server.startAgain();
  for (const id of acknowledged) {
    if ((await scim.get(`/Users/${id}`)).status !== 200) t.fail(`${id} is lost`);
  }
  t.ok(acknowledged.length >= 100);
});
