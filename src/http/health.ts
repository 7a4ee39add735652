/** Probes for supervisors and load balancers. No token, no log row, no admission. */
import { type Answer, jsonAnswer } from './answer.ts';
import type { Readiness } from './ports.ts';

/** The process answers; nothing more is asked, so that a slow disk never gets it killed. */
export function liveAnswer(): Answer {
  return jsonAnswer(200, '{"status":"live"}');
}

/** 503 with the reason while requests would fail, and while the server drains. */
export async function readyAnswer(readiness: Readiness, draining: boolean): Promise<Answer> {
  const reason = draining ? 'stopping' : await readiness.notReadyBecause();
  if (reason === undefined) return jsonAnswer(200, '{"status":"ready"}');
  return jsonAnswer(503, JSON.stringify({ status: 'notReady', reason }));
}
