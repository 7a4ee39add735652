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
  /** Fails when a target is missed. */
  readonly check: boolean;
  /** A git revision to compare this tree with; undefined: a session of this tree alone. */
  readonly compare: string | undefined;
  /** With `check`: a share of each target that may be missing. */
  readonly slack: number;
  readonly smoke: boolean;
}

export const USAGE = `npm run bench -- [options]
  --scenario <name>     one scenario; the default is all of them
  --connections <n>     connections, each with one request in flight (50)
  --seconds <n>         measured time per scenario (5)
  --users <n>           users that exist before (10000)
  --members <n>         members of the large group (100000)
  --compare <revision>  this tree against another revision, in turns; with --scenario it takes a minute
  --check               fails when a target of bench/targets.json is missed, and says by how much
  --slack <percent>     with --check: how much of a target may be missing (0)
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
      compare: { type: 'string' },
      check: { type: 'boolean', default: false },
      slack: { type: 'string', default: '0' },
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
    check: values.check,
    compare: values.compare,
    slack: percent('slack', values.slack),
    smoke,
  };
}

function percent(name: string, text: string): number {
  if (!/^\d{1,2}$/.test(text)) throw new Error(`--${name} takes a percentage from 0 to 99`);
  return Number(text) / 100;
}

function count(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new Error(`--${name} takes a whole number from 1 up`);
  return Number(text);
}
