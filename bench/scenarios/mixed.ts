/** Reads, changes, lists and filters over several endpoints, by the clock, at half of capacity. */
import { MIXED_CONNECTIONS, prepareMixed } from '../mixed-run.ts';
import type { Scenario } from '../scenario.ts';

export const mixed: Scenario = {
  name: 'mixed',
  question: 'How long do answers take in mixed production traffic at half of capacity?',
  limit: 'none',
  connections: MIXED_CONNECTIONS,
  prepare: (stage) => prepareMixed(stage),
};
