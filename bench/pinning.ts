/**
 * Client and servers on cores of their own. The two wake each other through loopback, and the kernel
 * likes to run whom it wakes on the core of the waker: then they take turns on one core, and the other
 * idles. Servers that must share the client's core for want of others share it with all but the thread
 * of their event loop.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Numbers of cores, as `taskset` takes them: `0,1,2`. */
export interface Pinning {
  /** How many there were before this process was pinned to some of them. */
  readonly cores: number;
  readonly client: string;
  /** The thread that serves. */
  readonly eventLoop: string;
  /** The other threads of servers. */
  readonly servers: string;
}

export interface Machine {
  /** How many cores' worth of time the process may have. */
  readonly cores: number;
  /** Numbers of the cores that it may run on; more, where a quota is what limits it. */
  readonly allowed: readonly number[];
  readonly hasTaskset: boolean;
}

const CORES_MIN = 2;
/** From so many on, servers leave the client's core alone: with fewer it would be half of the machine. */
const CORES_APART = 4;
/** From so many on, one more for the client: its garbage is collected beside its event loop. */
const CORES_FOR_TWO = 8;

/** The last core or two for the client, the others for servers. Undefined: nothing is to be pinned. */
export function pinningOf({ cores, allowed, hasTaskset }: Machine): Pinning | undefined {
  if (!hasTaskset || Math.min(cores, allowed.length) < CORES_MIN) return undefined;
  const clients = cores < CORES_FOR_TWO ? 1 : 2;
  const others = allowed.slice(0, -clients).join(',');
  return {
    cores,
    client: allowed.slice(-clients).join(','),
    eventLoop: others,
    servers: cores < CORES_APART ? allowed.join(',') : others,
  };
}

/** For a person, in one line. */
export function pinningText(pinning: Pinning | undefined): string {
  if (pinning === undefined) {
    return `nothing is pinned to cores: that takes ${CORES_MIN} of them, and taskset`;
  }
  const { client, eventLoop, servers } = pinning;
  const rest = servers === eventLoop ? '' : `, their other threads to ${servers}`;
  return `the client is pinned to core ${client}, event loops of servers to ${eventLoop}${rest}`;
}

/**
 * `0-3,8` as the kernel writes it.
 * @returns [0, 1, 2, 3, 8]
 */
export function coresIn(list: string): readonly number[] {
  return list.split(',').flatMap((range) => {
    const [first = NaN, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, at) => first + at);
  });
}

/** As the affinity itself, it belongs to the process. */
let pinned: Pinning | undefined;

/** Pins what there is to pin, and says so; to be called before servers are started. */
export function pinAndSay(say: (text: string) => void): void {
  say(pinningText(pin(pinningOf(thisMachine()))));
}

/** @returns what it could do */
function pin(pinning: Pinning | undefined): Pinning | undefined {
  if (pinning === undefined) return undefined;
  pinned = pinnedAll(process.pid, pinning.client) ? pinning : undefined;
  return pinned;
}

export function pinnedNow(): Pinning | undefined {
  return pinned;
}

/** What stands before the command of a server. */
export function serverPrefix(): readonly string[] {
  return pinned === undefined ? [] : ['taskset', '-c', pinned.servers];
}

/** To be called when its threads are there: one that the event loop starts begins where that is. */
export function placeServer(pid: number, pinning = pinned): void {
  if (pinning === undefined || pinning.servers === pinning.eventLoop) return;
  pinnedAll(pid, pinning.servers);
  succeeds('taskset', '-c', '-p', pinning.eventLoop, String(pid));
}

function pinnedAll(pid: number, cores: string): boolean {
  return succeeds('taskset', '-a', '-c', '-p', cores, String(pid));
}

export function thisMachine(): Machine {
  return {
    cores: availableParallelism(),
    allowed: allowedCores(),
    hasTaskset: succeeds('taskset', '--version'),
  };
}

/** None where the system does not tell. */
function allowedCores(): readonly number[] {
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    const list = /^Cpus_allowed_list:\s+(\S+)$/m.exec(status)?.[1];
    return list === undefined ? [] : coresIn(list);
  } catch {
    return [];
  }
}

function succeeds(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
