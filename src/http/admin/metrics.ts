/** Metrics for a scraper, which comes with the token of an administrator: they tell positions and sizes. */
import { type Answer, textAnswer } from '../answer.ts';
import type { AdminRequest } from './request.ts';

export async function readMetrics({ metrics }: AdminRequest): Promise<Answer> {
  return textAnswer(200, await metrics.text(), metrics.contentType);
}
