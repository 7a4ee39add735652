/** The options of the request log: how much of it stays. */
import { byteSize, duration } from './option-kinds.ts';
import { type Environment, type Option, valueOf } from './option.ts';

export interface LogRetention {
  readonly ageMaxMs: number;
  readonly bytesMax: number;
}

/** What holds where no option is read. */
export const LOG_RETENTION: LogRetention = { ageMaxMs: 30 * 86_400_000, bytesMax: 2 ** 30 };

export const LOG_OPTIONS = {
  logMaxAge: {
    name: 'LOG_MAX_AGE',
    kind: duration('1m', '3650d'),
    default: '30d',
    consequence:
      'Rows of the request log that are older go. By the clock at the time of the request: after a clock was wrong, the size alone may decide for a while.',
  },
  logMaxSize: {
    name: 'LOG_MAX_SIZE',
    kind: byteSize('1MB', '1TB'),
    default: '1GB',
    consequence:
      'When the request log takes more, its oldest rows go. The file does not shrink: what is free in it is used again. About 350 bytes a request, and some hundred more with headers and bodies.',
  },
} as const satisfies Record<string, Option<unknown>>;

/** @throws ConfigError */
export function readLogRetention(env: Environment, production: boolean): LogRetention {
  return {
    ageMaxMs: valueOf(LOG_OPTIONS.logMaxAge, env, production),
    bytesMax: valueOf(LOG_OPTIONS.logMaxSize, env, production),
  };
}
