/**
 * The DB worker dies under load. What was in flight is answered 503 with an unknown outcome, the
 * process says why and exits non-zero after draining, and nothing acknowledged is lost.
 */
import t from 'tap';
import { ScimClient } from '../support/client.ts';
import { entraUser } from '../support/entra.ts';
import { Inspector } from '../support/inspector.ts';
import { Server } from '../support/server.ts';

const WRITERS = 32;
/** The worker stalls before it dies: by then every client has a request in flight. */
const STALL = 'const until = Date.now() + 1000; while (Date.now() < until)';

for (const [name, expression] of [
  ['ends', `${STALL}; process.exit(7)`],
  ['throws', `setImmediate(() => { ${STALL}; throw new Error("injected fault"); })`],
] as const) {
  t.test(`a DB worker that ${name}`, async (t) => {
    const server = await Server.start(t, { nodeArguments: ['--inspect=127.0.0.1:0'] });
    const scim = ScimClient.of(t, server);
    const inspector = await Inspector.attach(t, server);
    const acknowledged: string[] = [];
    const refused: string[] = [];
    let number = 0;
    let injected = false;
    const writers = Array.from({ length: WRITERS }, async () => {
      for (;;) {
        const answer = await scim.post('/Users', entraUser(`u${number++}`)).catch(() => undefined);
        if (answer === undefined) return;
        if (answer.status === 201) acknowledged.push(answer.id);
        else {
          t.equal(answer.status, 503, answer.text);
          refused.push(answer.detail);
        }
        if (acknowledged.length < 200 || injected) continue;
        injected = true;
        await inspector.evaluateInWorker('db-worker', expression);
      }
    });
    await Promise.all(writers);
    const exit = await server.exit;
    t.not(exit.code, 0, exit.stdout + exit.stderr);
    t.equal(exit.signal, null, 'it exits by itself');
    t.ok(refused.length > 0, 'those in flight were answered');
    t.ok(
      refused.some((detail) => /unknown/i.test(detail)),
      refused[0] ?? '',
    );
    t.match(exit.stdout + exit.stderr, /worker/i, 'it says why');

    await server.startAgain();
    for (const id of acknowledged) {
      if ((await scim.get(`/Users/${id}`)).status !== 200) t.fail(`${id} is lost`);
    }
  });
}
