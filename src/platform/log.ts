/**
 * The process log: JSON lines on stdout, for what an operator must know. Requests have a log of
 * their own in the store. What authenticates a client never appears here.
 */
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import type { LogLevel } from './config.ts';

export type Log = Logger;

const SECRET_FIELDS = ['authorization', 'password', 'secret', 'sharedSecret', 'token'];

/**
 * Lines are written synchronously: the last line before an exit is the one that matters.
 * @param destination stdout unless a test hands in its own
 */
export function createLog(level: LogLevel, destination?: DestinationStream): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: SECRET_FIELDS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: '[redacted]',
      },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}
