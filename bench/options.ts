/** The command line of the bench. */
import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Undefined: those of the main table, or with `full` all of them. */
  readonly scenarios: readonly string[] | undefined;
  /** All of them, starts and restores, at several connections, beside peers. */
  readonly full: boolean;
  /** The first of `connectionCounts`. */
  readonly connections: number;
  /** Each scenario runs at each of these. */
  readonly connectionCounts: readonly number[];
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
  /** Three scenarios against their limits, twenty seconds: has something become half as fast? */
  readonly short: boolean;
  readonly peers: boolean;
  /** A CPU profile and a flame graph of each thread of the server. */
  readonly profile: boolean;
  /** Requests a second of the open loops; undefined: half of what is possible. */
  readonly rate: number | undefined;
  /** How long the soak is; undefined: no soak. */
  readonly minutes: number | undefined;
}

export const USAGE = `npm run bench -- [options]
  --scenario <names>    these, separated by commas; the default is the main table
  --full                every scenario, starts and restores, peers, at 1, 10, 50 and 200 connections
  --connections <n,n>   connections, each with one request in flight (50); several are run in turn
  --seconds <n>         measured time per scenario (5)
  --users <n>           users that exist before (10000)
  --members <n>         members of the large group (100000)
  --rate <n>            requests a second of the open loops; the default is half of what is possible
  --minutes <n>         a soak of so long
  --peers               other servers beside, installed into bench/peers on first use
  --profile             a CPU profile and a flame graph of each thread; the figures mean nothing then
  --compare <revision>  this tree against another revision, in turns; with --scenario it takes a minute
  --check               fails when a target of bench/targets.json is missed, and says by how much
  --slack <percent>     with --check: how much of a target may be missing (0)
  --short               get, create and patch against their limits: fails when something became half as fast
  --smoke               short and small: are the answers right? The figures mean nothing
  --json                result lines (NDJSON) instead of the table`;

const TEXT = { type: 'string' } as const;
const FLAG = { type: 'boolean', default: false } as const;

/** @throws Error with one line for a person, when an option is unknown or no number */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scenario: TEXT,
      full: FLAG,
      connections: TEXT,
      seconds: TEXT,
      users: TEXT,
      members: TEXT,
      rate: TEXT,
      minutes: TEXT,
      peers: FLAG,
      profile: FLAG,
      smoke: FLAG,
      short: FLAG,
      json: FLAG,
      compare: TEXT,
      check: FLAG,
      slack: { type: 'string', default: '0' },
    },
  });
  const { smoke, full } = values;
  const connectionCounts = counts(
    'connections',
    values.connections ?? (smoke ? '10' : full ? '50,1,10,200' : '50'),
  );
  return {
    scenarios: values.scenario?.split(','),
    full,
    connections: connectionCounts[0] ?? 1,
    connectionCounts,
    seconds: count('seconds', values.seconds, smoke ? 1 : 5),
    warmUpSeconds: smoke ? 0.2 : 1,
    users: count('users', values.users, smoke ? 200 : 10_000),
    members: count('members', values.members, smoke ? 1000 : 100_000),
    rate: values.rate === undefined ? undefined : count('rate', values.rate, 1),
    minutes: values.minutes === undefined ? undefined : count('minutes', values.minutes, 1),
    peers: values.peers || full,
    profile: values.profile,
    json: values.json,
    check: values.check,
    compare: values.compare,
    slack: percent('slack', values.slack),
    smoke,
    short: values.short,
  };
}

function counts(name: string, text: string): readonly number[] {
  return text.split(',').map((each) => count(name, each, 1));
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
