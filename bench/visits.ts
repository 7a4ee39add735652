/**
 * Clients that come and go: each opens a connection, asks one request after the other, each made of
 * what was answered before, and closes it. As many are there at once as there are connections; when
 * one has gone the next one comes.
 */
import { watchClient } from './client-load.ts';
import type { DriveOptions, Load, Outcome } from './drive.ts';
import { HttpConnection, type Reply } from './http-connection.ts';
import { elapsedUs } from './open-loop-clock.ts';
import { type RequestParts, requestBytes } from './requests.ts';
import { Tally } from './tally.ts';

export interface Ask {
  readonly what: string;
  readonly parts: RequestParts;
  readonly isRight: (status: number, body: string) => boolean;
}

/** One client: gives its requests in turn and is handed each answer. */
export type Visit = Generator<Ask, void, Reply>;

/** @param visit the n-th client */
export async function driveVisits(
  visit: (n: number) => Visit,
  options: DriveOptions & { readonly seconds: number },
): Promise<Outcome> {
  const { port, connections, seconds, first } = options;
  const tally = new Tally();
  const stopWatch = watchClient();
  const startMs = performance.now();
  const endMs = startMs + seconds * 1000;
  let visits = first;
  let sent = 0;

  const one = (client: Visit): Promise<void> =>
    new Promise((resolve) => {
      // The first request's time has the opening of the connection in it.
      let sentMs = performance.now();
      const connection = new HttpConnection(port);
      const leave = (): void => {
        connection.close();
        resolve();
      };
      const ask = ({ value, done }: IteratorResult<Ask, void>): void => {
        if (done === true) {
          leave();
          return;
        }
        sent += 1;
        connection.ask(requestBytes(value.parts), (reply) => {
          const nowMs = performance.now();
          if (reply instanceof Error) {
            tally.complain(`${value.what}: ${reply.message}`);
            leave();
            return;
          }
          const { status, body, wireBytes } = reply;
          tally.answered(elapsedUs(sentMs, nowMs), wireBytes, nowMs, startMs);
          if (!value.isRight(status, body)) {
            tally.complain(`${value.what}: ${status} ${body.slice(0, 300)}`);
          }
          sentMs = performance.now();
          ask(client.next(reply));
        });
      };
      ask(client.next());
    });
  const place = async (): Promise<void> => {
    while (performance.now() < endMs) {
      visits += 1;
      await one(visit(visits - 1));
    }
  };
  await Promise.all(Array.from({ length: connections }, place));
  return tally.outcome(sent, stopWatch());
}

/** For a trial whose driver makes the requests itself. */
export const NO_LOAD: Load = {
  capacity: Infinity,
  request: () => Buffer.alloc(0),
  check: () => undefined,
};
