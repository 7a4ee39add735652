/** How the stand-ins for a filter worker answer. */
import { threadId } from 'node:worker_threads';
import { STOP, type Done, type Reply } from '../messages.ts';

export function done(reply: Reply): Done {
  return { reply, thread: threadId, columnBytes: 1000 };
}

/** An answer to `stats` whose fields say what the test wants to know. */
export function statsReply(memberships: number): Done {
  return done({
    kind: 'stats',
    answer: { resources: { thread: threadId }, memberships },
  });
}

const CODES: Readonly<Record<number, string>> = {
  [STOP.closing]: 'unavailable',
  [STOP.gone]: 'abandoned',
  [STOP.crowded]: 'overloaded',
};

/** @param reason one of `STOP` */
export function stoppedReply(reason: number): Done {
  const code = CODES[reason] ?? 'unexpected';
  return done({ kind: 'failed', error: { code, message: `stopped by ${reason}` } });
}
