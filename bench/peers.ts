/**
 * Other servers beside the product, in the same session: the same client, the same connections, the
 * same users (their managers as objects: not every one knows Entra's bare string), the same checks of
 * every answer. One that gives wrong answers to a scenario "cannot", whatever its speed.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, type JsonObject } from '../src/scim/json.ts';
import { PAGE_USERS, prepareList } from './list-load.ts';
import { population } from './population.ts';
import { startPeer } from './processes.ts';
import { resultLine, type ResultLine } from './report.ts';
import { runScenario, type RunOptions } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';
import { createUser } from './scenarios/create-user.ts';
import { getUser } from './scenarios/get-user.ts';
import { list100 } from './scenarios/list-100.ts';
import { lookUpUserName } from './scenarios/look-up-user-name.ts';
import { patchUser } from './scenarios/patch-user.ts';

export interface Peer {
  readonly name: string;
  /** What a reader must know of it. */
  readonly note: string;
  readonly script: string;
  /** Of the script, behind folder and token. */
  readonly args?: readonly string[];
  /** Packages whose versions are told. */
  readonly packages: readonly string[];
}

export interface PeerLine {
  readonly peer: string;
  readonly scenario: string;
  /** Undefined when it cannot. */
  readonly line: ResultLine | undefined;
  readonly cannot: string | undefined;
}

export interface PeerFigures {
  readonly peers: readonly { readonly name: string; readonly note: string }[];
  readonly lines: readonly PeerLine[];
}

const FOLDER = new URL('peers/', import.meta.url).pathname;

export const PEERS: readonly Peer[] = [
  {
    name: 'SCIMMY on Express',
    note: 'resources in memory, indexed by id and userName: nothing is durable',
    script: 'scimmy-express.js',
    packages: ['scimmy', 'scimmy-routers', 'express'],
  },
  {
    name: 'Fastify and better-sqlite3',
    note: 'one file, one connection, WAL, one statement for each request; a power cut may take the last commits; no schema check, no log of requests',
    script: 'fastify-sqlite.js',
    packages: ['fastify', 'better-sqlite3'],
  },
  {
    name: 'the same, FULL',
    note: 'with synchronous=FULL, as Scimlane has it: each write waits for the disk, one after the other',
    script: 'fastify-sqlite.js',
    args: ['FULL'],
    packages: ['fastify', 'better-sqlite3'],
  },
];

/** Peers have no cursors: their first page is what they say it is, as long as all on it are users. */
const firstPage: Scenario = {
  ...list100,
  prepare: async (stage) => {
    const { Resources } = await stage.client.get(`/Users?count=${PAGE_USERS}`);
    const users = Array.isArray(Resources) ? Resources.filter(isObject) : [];
    const ids = users.map(({ id }) => (typeof id === 'string' ? id : ''));
    return prepareList(stage, { query: '', ids });
  },
};

/** The list first: what others create must not be on its page. */
const SCENARIOS: readonly Scenario[] = [firstPage, createUser, getUser, lookUpUserName, patchUser];

export const PEER_SCENARIOS: ReadonlySet<string> = new Set(SCENARIOS.map(({ name }) => name));

/** @param names of the scenarios that the product ran */
export async function measurePeers(
  names: readonly string[],
  folder: string,
  options: RunOptions,
  progress: (text: string) => void,
): Promise<PeerFigures> {
  const scenarios = SCENARIOS.filter(({ name }) => names.includes(name));
  const lines: PeerLine[] = [];
  for (const peer of PEERS) {
    try {
      install(progress);
      lines.push(...(await measurePeer(peer, scenarios, folder, options, progress)));
    } catch (error) {
      // No network, or a peer that does not start: the product's figures are worth keeping.
      const why = asError(error);
      lines.push(...scenarios.map(({ name }) => peerLine(peer.name, name, why)));
    }
  }
  const peers = PEERS.map(({ name, note, packages }) => ({
    name: `${name} (${packages.map((each) => `${each} ${version(each)}`).join(', ')})`,
    note,
  }));
  return { peers, lines };
}

/** @throws Error when it does not start, or does not take users */
async function measurePeer(
  peer: Peer,
  scenarios: readonly Scenario[],
  folder: string,
  options: RunOptions,
  progress: (text: string) => void,
): Promise<PeerLine[]> {
  progress(`${peer.name}: creating ${options.users} users …`);
  const people = population('an object');
  const server = await startPeer(peer.script, mkdtempSync(join(folder, 'peer-')), peer.args);
  const lines: PeerLine[] = [];
  try {
    await people.growTo(options.users, server, server.token);
    for (const scenario of scenarios) {
      progress(`${peer.name}: ${scenario.name}`);
      const run = runScenario(scenario, server, people, options).catch(asError);
      lines.push(peerLine(peer.name, scenario.name, await run));
    }
  } finally {
    await server.stop();
  }
  return lines;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function peerLine(
  peer: string,
  scenario: string,
  run: Awaited<ReturnType<typeof runScenario>> | Error,
): PeerLine {
  if (run instanceof Error) return { peer, scenario, line: undefined, cannot: run.message };
  const [cannot] = run.complaints;
  const line =
    cannot === undefined
      ? resultLine(`${peer}: ${scenario}`, run.connections, run.measured, 0)
      : undefined;
  return { peer, scenario, line, cannot };
}

/** With `npm ci`, unless what is pinned is there. */
function install(progress: (text: string) => void): void {
  const pinned = Object.entries(dependencies());
  if (pinned.every(([name, wanted]) => version(name) === wanted)) return;
  progress('installing the peers: npm ci --prefix bench/peers');
  execFileSync('npm', ['ci', '--prefix', FOLDER, '--no-audit', '--no-fund'], {
    stdio: ['ignore', 2, 2],
  });
}

function dependencies(): JsonObject {
  const { dependencies: pinned } = readJson(join(FOLDER, 'package.json'));
  return isObject(pinned) ? pinned : {};
}

function version(name: string): string {
  const path = join(FOLDER, 'node_modules', name, 'package.json');
  const { version: found } = existsSync(path) ? readJson(path) : {};
  return typeof found === 'string' ? found : '–';
}

function readJson(path: string): JsonObject {
  return JSON.parse(readFileSync(path, 'utf8')) as JsonObject;
}

const percentile = (us: number | undefined): string =>
  us === undefined ? '–' : `${(us / 1000).toFixed(2)} ms`;

/** One row for each scenario and server. `times`: how often the product's figure is the peer's. */
export function peerRows(
  { lines }: PeerFigures,
  own: readonly ResultLine[],
): readonly (readonly string[])[] {
  return [...new Set(lines.map(({ scenario }) => scenario))].flatMap((scenario) => {
    const ours = own.find((line) => line.scenario === scenario);
    const rows: (readonly string[])[] =
      ours === undefined
        ? []
        : [[scenario, 'Scimlane', ours.perSecond.toLocaleString('en'), percentile(ours.p99Us), '']];
    for (const { peer, line, cannot } of lines.filter((each) => each.scenario === scenario)) {
      const times =
        line === undefined || ours === undefined ? NaN : ours.perSecond / line.perSecond;
      rows.push([
        scenario,
        peer,
        line?.perSecond.toLocaleString('en') ?? `cannot: ${(cannot ?? '').slice(0, 80)}`,
        percentile(line?.p99Us),
        Number.isNaN(times) ? '' : `${times.toFixed(1)} times`,
      ]);
    }
    return rows;
  });
}

export const PEER_TITLES = ['scenario', 'server', 'per second', 'p99', 'Scimlane has'] as const;
