/** The command line of the bench. */
import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Undefined: all of them. */
  readonly scenario: string | undefined;
  readonly connections: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** Users that exist before anything is measured. */
  readonly users: number;
  /** Members of the large group. */
  readonly members: number;
  /** Prints the result lines and nothing else. */
  readonly json: boolean;
  readonly smoke: boolean;
}

export const USAGE = `npm run bench -- [options]
  --scenario <name>     one scenario; the default is all of them
  --connections <n>     connections, each with one request in flight (50)
  --seconds <n>         measured time per scenario (5)
  --users <n>           users that exist before (10000)
  --members <n>         members of the large group (100000)
  --smoke               short and small: are the answers right? The figures mean nothing
  --json                result lines (NDJSON) instead of the table`;

/** @throws Error with one line for a person, when an option is unknown or no number */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scenario: { type: 'string' },
      connections: { type: 'string' },
      seconds: { type: 'string' },
      users: { type: 'string' },
      members: { type: 'string' },
      smoke: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const { smoke } = values;
  return {
    scenario: values.scenario,
    connections: count('connections', values.connections, smoke ? 10 : 50),
    seconds: count('seconds', values.seconds, smoke ? 1 : 5),
    warmUpSeconds: smoke ? 0.2 : 1,
    users: count('users', values.users, smoke ? 200 : 10_000),
    members: count('members', values.members, smoke ? 1000 : 100_000),
    json: values.json,
    smoke,
  };
}

function count(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new Error(`--${name} takes a whole number from 1 up`);
  return Number(text);
}
