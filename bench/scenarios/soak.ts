/** The mixed traffic for minutes: does memory stay where it is, and do answers? */
import type { Driver } from '../drive.ts';
import { MIXED_CONNECTIONS, prepareMixed } from '../mixed-run.ts';
import type { Scenario } from '../scenario.ts';
import { watchMemory } from '../memory-watch.ts';

const WINDOW_SECONDS = 60;

export const soak: Scenario = {
  name: 'soak',
  question: 'Does memory stay flat under load for minutes, and how do answers go?',
  limit: 'none',
  connections: MIXED_CONNECTIONS,
  takesMinutes: true,
  prepare: (stage) =>
    prepareMixed(stage, {
      windowSeconds: WINDOW_SECONDS,
      beside: (driver: Driver): Driver => watchMemory(stage.server, driver),
    }),
};
