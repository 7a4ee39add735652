/** What the process is and with which options it runs, as whoever started it tells. */
import { type Answer, jsonAnswer } from '../answer.ts';
import type { AdminRequest } from './request.ts';

export function readVersion({ facts }: AdminRequest): Answer {
  return jsonAnswer(200, JSON.stringify(facts.version()));
}

export function readRuntimeConfig({ facts }: AdminRequest): Answer {
  return jsonAnswer(200, JSON.stringify(facts.runtimeConfig()));
}
